package io.github.forkless.common.dataset;

import io.github.forkless.common.text.Text;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;

/**
 * A file that was looked at and found to be a dataset, or a part of one. Nothing is mapped or held open.
 *
 * @param path absolute, with links resolved: the same file for every process
 * @param layout what it is made of, and where in the file that lies
 * @param identity the file's state before anything of it was read
 */
public record DatasetFile(Path path, Layout layout, FileIdentity identity) implements Dataset {

    /** Written out because a record's own costs 10 ms at its first call, which is in every run's way. */
    @Override
    public int hashCode() {
        return path.hashCode() * 31 + Long.hashCode(count());
    }

    /** Bytes from the start of the file to the first element: those of a header. */
    public long offset() {
        return layout.offset();
    }

    @Override
    public List<DatasetFile> parts() {
        return List.of(this);
    }

    @Override
    public long start(int part) {
        return 0;
    }

    @Override
    public int partOf(long element) {
        return 0;
    }

    @Override
    public String name() {
        return path.toString();
    }

    @Override
    public List<Slice> cut(Slice slice, int parts) {
        return layout.cut(this, slice, parts);
    }

    @Override
    public DatasetFile column(String name) {
        if (!(layout instanceof Layout.Table table)) {
            throw new IllegalArgumentException(path + " is " + layout.label() + ", and only tables have columns"
                    + (layout instanceof Layout.Text
                            ? "; make one of a CSV file: coordinator import " + ShellWord.of(path) + " "
                                    + ShellWord.of(path.resolveSibling("table.arrow"))
                            : ""));
        }
        return new DatasetFile(path, new Layout.Column(table, table.indexOf(name)), identity);
    }

    @Override
    public long requireUnchanged() {
        if (layout instanceof Layout.Text) {
            return identity.requireNotShorter(path);
        }
        identity.requireUnchanged(path);
        return 0;
    }

    /**
     * Looks at a file: what its elements are, where they begin and how many there are.
     *
     * <p>A {@code .npy} file, one in a {@code .npz} file ({@code x.npz#prices}) and an Arrow file say their types themselves. Any other has the type given, or else the one that
     * its name tells; without a type given, a file that begins like one of another format is refused. Never blocks on a pipe or a device;
     * reads at most a header and a byte.
     *
     * @param path as the user wrote it; errors name it so
     * @param type what the user says the elements are, if anything
     * @throws UnknownTypeException if neither {@code type} nor the name tells the type
     * @throws DatasetException if it is missing, not a regular and stored file, or unreadable, if its length is not a
     *     whole number of elements, if it is of another format, if its {@code .npy} header is broken or not supported, or
     *     contradicts {@code type}
     */
    public static DatasetFile open(Path path, Optional<ElementType> type) {
        return open(path, type, 0);
    }

    /**
     * Looks at a file of records of any fields, which all have the same length, and nothing else.
     *
     * @param width bytes of each record, 1 or more
     * @throws DatasetException as {@link #open} does; if the file's length is not a whole number of records
     */
    public static DatasetFile openRecords(Path path, int width) {
        if (width < 1) {
            throw new IllegalArgumentException(Text.format("records of %d bytes; it must be 1 or more", width));
        }
        return open(path, Optional.of(ElementType.RECORDS), width);
    }

    private static DatasetFile open(Path path, Optional<ElementType> type, int recordWidth) {
        Path stored = stored(path);
        // Before anything else: opening a pipe would wait for a writer, and resolving /dev/fd/63 would fail.
        FileIdentity.Status status = FileIdentity.Status.of(stored);
        if (!status.isRegularFile()) {
            throw new DatasetException(
                    stored, Text.format("%s, not a regular file; %s", status.kind(), status.adviceFor(stored)));
        }
        try {
            Path real = realPath(stored);
            // Opened for a raw file too: better an error now than one from every worker.
            try (FileChannel channel = FileChannel.open(real, StandardOpenOption.READ)) {
                StoredFile.require(stored, channel, status.identity());
                var file = new Candidate(
                        path,
                        real,
                        channel,
                        type,
                        recordWidth,
                        status.identity().size());
                return new DatasetFile(real, DatasetFormat.of(file).read(file), status.identity());
            }
        } catch (IOException e) {
            throw DatasetException.unreadable(path, e);
        }
    }

    /** The file that a dataset is in: {@code x.npz} for {@code x.npz#prices}, else what is named. */
    public static Path stored(Path path) {
        return path.toString().indexOf('#') < 0 ? path : NpzFormat.archive(path);
    }

    /** Without links, unless that name cannot be told to a worker: a name that is not UTF-8 is none as a string. */
    private static Path realPath(Path path) throws IOException {
        Path real = path.toRealPath();
        try {
            return real.equals(Path.of(real.toString())) ? real : path.toAbsolutePath();
        } catch (InvalidPathException e) {
            return path.toAbsolutePath();
        }
    }

    /**
     * What the elements of a raw file of this name are, whether it exists or not: {@code .bin} is {@code int32};
     * {@code .i8 .u8 .i16 .u16 .i32 .u32 .i64 .u64 .f16 .f32 .f64} say their type and its bits;
     * {@code .txt .log .csv .tsv .jsonl} are text; empty for all others, and for {@code .npy} and {@code .records}, where the
     * content tells.
     */
    public static Optional<ElementType> typeByName(Path path) {
        return switch (Candidate.extension(path)) {
            case "bin", "i32" -> Optional.of(ElementType.INT32);
            case "i8" -> Optional.of(ElementType.INT8);
            case "u8" -> Optional.of(ElementType.UINT8);
            case "i16" -> Optional.of(ElementType.INT16);
            case "u16" -> Optional.of(ElementType.UINT16);
            case "u32" -> Optional.of(ElementType.UINT32);
            case "i64" -> Optional.of(ElementType.INT64);
            case "u64" -> Optional.of(ElementType.UINT64);
            case "f16" -> Optional.of(ElementType.FLOAT16);
            case "f32" -> Optional.of(ElementType.FLOAT32);
            case "f64" -> Optional.of(ElementType.FLOAT64);
            case "txt", "log", "csv", "tsv", "jsonl" -> Optional.of(ElementType.TEXT);
            default -> Optional.empty();
        };
    }
}
