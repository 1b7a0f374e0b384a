package io.github.forkless.importer;

import dev.hardwood.metadata.CompressionCodec;
import io.github.forkless.common.dataset.DatasetException;
import io.github.forkless.common.dataset.DatasetFile;
import io.github.forkless.common.dataset.FileIdentity;
import io.github.forkless.common.dataset.ShellWord;
import io.github.forkless.common.dataset.arrow.ArrowException;
import io.github.forkless.common.dataset.arrow.ArrowFile;
import io.github.forkless.common.dataset.arrow.ArrowParts;
import io.github.forkless.common.dataset.arrow.ArrowParts.Part;
import io.github.forkless.common.text.Printable;
import io.github.forkless.common.wire.ImportMessage.Note;
import io.github.forkless.importer.arrow.ArrowCopy;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import org.apache.arrow.flatbuf.CompressionType;
import org.apache.arrow.flatbuf.DictionaryBatch;
import org.apache.arrow.flatbuf.Message;
import org.apache.arrow.flatbuf.MessageHeader;
import org.apache.arrow.flatbuf.RecordBatch;

/** Makes a table of an Arrow stream, or of an Arrow file whose values are compressed. All columns are copied, nested ones too. */
final class ArrowImport implements Importer {
    private static final byte[] FILE = {'A', 'R', 'R', 'O', 'W', '1'};
    private static final int CONTINUATION = -1;
    /** The longest schema of a stream that does not begin with that: no text begins with a length below it. */
    private static final int MOST_OLD_BYTES = 1 << 24;

    /** A message begins with where its first table is. */
    private static final int MOST_ROOT = 64;

    /** So much is read before it is told how much that is. */
    private static final int TOLD_BYTES = 1 << 20;

    private final Path source;
    private final Listener listener;
    private final FileIdentity identity;
    private long told;
    private String summary;

    ArrowImport(Path source, Listener listener) {
        this.source = source;
        this.listener = listener;
        this.identity = FileIdentity.of(source);
    }

    /** Whether a file that begins so is for this. */
    static boolean begins(byte[] head) {
        ByteBuffer words = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN);
        int first = words.getInt(0);
        int root = words.getInt(4);
        boolean isOldStream = first > 0 && first < MOST_OLD_BYTES && root >= 4 && root <= MOST_ROOT && root < first;
        return first == CONTINUATION
                || isOldStream
                || words.slice(0, FILE.length).equals(ByteBuffer.wrap(FILE));
    }

    @Override
    public String summary() {
        return summary;
    }

    @Override
    public void writeTo(FileChannel out) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            ArrowParts parts = ArrowParts.read(map(arena));
            requireImportable(parts);
            ArrowCopy.write(parts, out, this::tell);
            ArrowFile table = ArrowFile.read(out.map(MapMode.READ_ONLY, 0, out.size(), arena));
            summary = table.rows() + " rows: "
                    + String.join(
                            ", ",
                            table.columns().stream()
                                    .map(column -> Printable.line(column.name()) + " " + column.label())
                                    .toList());
        } catch (ArrowException e) {
            throw new DatasetException(source, e.getMessage());
        } catch (IndexOutOfBoundsException | IllegalArgumentException | ArithmeticException e) {
            throw new DatasetException(source, ArrowException.broken(e).getMessage());
        } catch (InternalError e) { // a read of what was mapped, and is there no more
            throw new DatasetException(source, "truncated while it was read; do it again when nothing writes to it");
        }
        Optional<String> change = identity.changeTo(FileIdentity.of(source));
        if (change.isPresent()) {
            throw new DatasetException(
                    source, change.get() + " while it was read; do it again when nothing writes to it");
        }
    }

    private MemorySegment map(Arena arena) {
        try (FileChannel in = FileChannel.open(source, StandardOpenOption.READ)) {
            return in.map(MapMode.READ_ONLY, 0, in.size(), arena);
        } catch (IOException e) {
            throw DatasetException.unreadable(source, e);
        }
    }

    private void requireImportable(ArrowParts parts) throws ArrowException {
        ArrowFile table = ArrowFile.of(parts);
        if (parts.isFile() && (table.isBigEndian() || table.obstacle().isEmpty())) {
            DatasetFile.open(source, Optional.empty()); // says why a big-endian one is not read, and what to do
            throw new DatasetException(source, "it is a table, and read as it is: it needs no import");
        }
        if (table.isBigEndian()) {
            throw new ArrowException(
                    table.obstacle().orElseThrow() + ", and are not imported; write it again: " + otherwise());
        }
        if (!parts.isEnded()) {
            note("the stream has no mark at its end; if it was cut off, rows are missing");
        }
        Set<Long> dictionaries = new HashSet<>();
        Set<String> inParts = new LinkedHashSet<>();
        Set<Byte> codecs = new HashSet<>();
        for (Part part : parts.dictionaries()) {
            Message message = parts.message(part);
            var dictionary = ArrowParts.header(message, MessageHeader.DictionaryBatch, new DictionaryBatch());
            codecs.add(ArrowParts.codec(message, dictionary.data()));
            if (!dictionaries.add(dictionary.id())) {
                String of = String.join(", ", table.columnsOf(dictionary.id()));
                if (!dictionary.isDelta()) {
                    throw new ArrowException("at byte " + part.at() + ", the dictionary of "
                            + (of.isEmpty() ? "a nested column" : of)
                            + " is replaced by another one, and a table has one for all rows; write it so: "
                            + otherwise());
                }
                inParts.add(of);
            }
        }
        inParts.remove(""); // nested columns are not read anyhow
        if (!inParts.isEmpty()) {
            note("as its dictionary comes in parts, a column is copied, but cannot be read: "
                    + String.join(", ", inParts));
        }
        for (Part part : parts.batches()) {
            Message message = parts.message(part);
            codecs.add(ArrowParts.codec(
                    message, ArrowParts.header(message, MessageHeader.RecordBatch, new RecordBatch())));
        }
        Set<CompressionCodec> libraries = EnumSet.noneOf(CompressionCodec.class);
        if (codecs.contains(CompressionType.LZ4_FRAME)) {
            libraries.add(CompressionCodec.LZ4);
        }
        if (codecs.contains(CompressionType.ZSTD)) {
            libraries.add(CompressionCodec.ZSTD);
        }
        Codecs.load(source, libraries);
    }

    private String otherwise() {
        return "python3 -c \"import sys, pyarrow, pyarrow.feather;"
                + " pyarrow.feather.write_feather(pyarrow.ipc.open_stream(sys.argv[1]).read_all().unify_dictionaries(),"
                + " 'data.arrow', compression='uncompressed')\" " + ShellWord.of(source);
    }

    private void note(String text) {
        listener.tell(new Note(Printable.line(source + ": " + text)));
    }

    private void tell(long bytes) {
        if (Math.abs(bytes - told) >= TOLD_BYTES) {
            told = bytes;
            listener.read(bytes, identity.size());
        }
    }
}
