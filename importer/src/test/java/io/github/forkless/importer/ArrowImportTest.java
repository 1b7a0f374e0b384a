package io.github.forkless.importer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.forkless.common.dataset.DatasetException;
import io.github.forkless.common.dataset.arrow.ArrowFile;
import io.github.forkless.common.dataset.arrow.ArrowParts;
import io.github.forkless.common.dataset.arrow.ArrowParts.Part;
import io.github.forkless.common.wire.ImportMessage;
import io.github.forkless.common.wire.ImportMessage.Note;
import io.github.forkless.testing.ArrowFiles;
import io.github.forkless.testing.Thorough;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.apache.arrow.flatbuf.Buffer;
import org.apache.arrow.flatbuf.DictionaryBatch;
import org.apache.arrow.flatbuf.Footer;
import org.apache.arrow.flatbuf.Message;
import org.apache.arrow.flatbuf.MessageHeader;
import org.apache.arrow.flatbuf.RecordBatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The files are those that make.py beside them has made. */
class ArrowImportTest {
    private static final int TRIES = Thorough.or(2_000, 800, 400);

    @TempDir
    private Path folder;

    private final List<ImportMessage> told = new ArrayList<>();
    private String summary;

    @Test
    void blocksThatCopyFromTheOneBeforeAreRead() throws Exception {
        ArrowFile table = table(file("lz4.arrow"));

        assertThat(summary).isEqualTo("20065 rows: id int64, text utf8, few dictionary<int32, utf8>");
        assertThat(table.batches()).isEqualTo(3);
        List<List<Object>> rows = Tables.rows(table);
        for (int row = 0; row < rows.size(); row++) {
            int i = row % 20_000;
            String text = i % 1000 == 1 ? ("text " + i + " ").repeat(900) : "";
            assertThat(rows.get(row)).isEqualTo(Arrays.asList(i % 250L, i % 7 == 0 ? null : text, "g" + i % 7));
        }
        assertThat(told).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"types.arrows", "types-lz4.arrows", "types-zstd.arrows", "types-zstd.arrow"})
    void allIsKeptOfAStreamAndOfAFile(String name) throws Exception {
        ArrowFile table = table(file(name));

        assertThat(Tables.types(table).toString())
                .isEqualTo("{x=int32, view=utf8_view, list=list, struct=struct, union=union, views=list,"
                        + " large=large_utf8, none=null, nested=list, bool=bool}");
        assertThat(Tables.rows(table))
                .startsWith(
                        Arrays.asList(1, "short", "a", true),
                        Arrays.asList(null, "longer than twelve bytes", "b", false),
                        Arrays.asList(3, null, "c", null))
                .hasSize(6);
        ArrowParts parts = ArrowParts.read(imported());
        assertThat(buffers(parts)).isEqualTo(buffers(ArrowParts.read(bytes(file("types.arrows")))));
        assertThat(parts.schema().customMetadata(0).value()).isEqualTo("schema");
        Message second = parts.message(parts.batches().get(1));
        assertThat(second.customMetadata(0).key()).isEqualTo("batch");
        assertThat(second.customMetadata(0).value()).isEqualTo("1");
        Footer footer = Footer.getRootAsFooter(parts.head());
        assertThat(footer.customMetadataLength()).isEqualTo(name.endsWith(".arrow") ? 1 : 0);
        assertThat(told).isEmpty();
    }

    @Test
    void manyRowsMayBeFewBytes() throws Exception {
        ArrowFile table = table(file("zeros.arrow"));

        assertThat(table.rows()).isEqualTo(1 << 20);
        assertThat(table.bytes()).isEqualTo(8 << 20);
    }

    @Test
    void whatArrow17CompressedIsRead() throws Exception {
        List<List<Object>> rows = Tables.rows(table(file("old-lz4.arrow")));

        assertThat(rows).hasSize(996);
        for (int row = 0; row < 996; row++) {
            assertThat(rows.get(row)).isEqualTo(List.of((long) row * row));
        }
    }

    @Test
    void buffersBeginAtMultiplesOf64() throws Exception {
        table(file("types-lz4.arrows"));
        ArrowParts parts = ArrowParts.read(imported());

        for (Part part : parts.batches()) {
            RecordBatch batch = ArrowParts.header(parts.message(part), MessageHeader.RecordBatch, new RecordBatch());
            assertThat((part.at() + part.metadata()) % 64).isZero();
            for (int i = 0; i < batch.buffersLength(); i++) {
                assertThat(batch.buffers(i).offset() % 64).isZero();
            }
        }
    }

    /** Before Arrow 0.15, messages began with their length. */
    @Test
    void anOldStreamIsRead() throws Exception {
        ArrowFile table = table(file("types-old.arrows"));

        assertThat(Tables.types(table).toString())
                .isEqualTo("{x=int32, list=list, struct=struct, large=large_utf8, bool=bool}");
        assertThat(Tables.rows(table)).hasSize(6).contains(Arrays.asList(null, "b", false));
    }

    @Test
    void aStreamWithoutAMarkAtItsEndIsReadAndThatIsSaid() throws Exception {
        byte[] whole = Files.readAllBytes(file("types.arrows"));

        assertThat(table(changed(Arrays.copyOf(whole, whole.length - 8))).rows())
                .isEqualTo(6);
        assertThat(told)
                .singleElement()
                .asString()
                .contains("changed: the stream has no mark at its end; if it was cut off, rows are missing");
    }

    @Test
    void aDictionaryInPartsIsCopiedSo() throws Exception {
        ArrowFile table = table(file("deltas.arrows"));

        assertThat(table.rows()).isEqualTo(4);
        assertThat(ArrowParts.read(imported()).dictionaries()).hasSize(2);
        assertThat(told)
                .filteredOn(Note.class::isInstance)
                .singleElement()
                .asString()
                .contains(": as its dictionary comes in parts, a column is copied, but cannot be read: word");
    }

    @Test
    void whatCannotBeTakenOverIsNamedWithAWayOut() throws Exception {
        refused(file("replaced.arrows"), "the dictionary of word is replaced by another one", "unify_dictionaries");
        refused(file("version1.feather"), "a Feather file of version 1", "compression='uncompressed'");
        refused(
                changed(ArrowFiles.bigEndian(List.of(ArrowFiles.int32("a", 0, 5)))),
                "its numbers are big-endian",
                "compression='uncompressed'");
        refused(changed(ArrowFiles.file(List.of(ArrowFiles.int32("a", 0, 5)))), "it needs no import");
        byte[] stream = Files.readAllBytes(file("types.arrows"));
        byte[] two = Arrays.copyOf(stream, 2 * stream.length);
        System.arraycopy(stream, 0, two, stream.length, stream.length);
        refused(changed(two), "its stream ends at byte " + stream.length, "write one stream into one file");
        assertThatThrownBy(() -> Importer.of(file("types.arrows"), List.of("--null", "x"), Listener.NONE))
                .isInstanceOf(ImportRequestException.class)
                .hasMessageStartingWith("--null is for CSV files, and ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"types-lz4.arrows", "types-zstd.arrow", "types-old.arrows"})
    void aFileThatIsCutIsRefused(String name) throws Exception {
        byte[] whole = Files.readAllBytes(file(name));
        for (int length = 8; length < whole.length - 8; length += 53) {
            byte[] cut = Arrays.copyOf(whole, length);

            assertThatThrownBy(() -> table(changed(cut)))
                    .isInstanceOf(DatasetException.class)
                    .hasMessageContaining("cut off");
        }
    }

    /** Whatever is in it, an exception of ours is all that can come of it. */
    @ParameterizedTest
    @ValueSource(strings = {"lz4.arrow", "types-lz4.arrows", "types-zstd.arrow", "types-old.arrows"})
    void aFileThatIsChangedIsReadOrRefused(String name) throws Exception {
        byte[] whole = Files.readAllBytes(file(name));
        Random random = new Random(20);
        int read = 0;
        for (int i = 0; i < TRIES / 4; i++) {
            byte[] bytes = whole.clone();
            for (int change = random.nextInt(1, 4); change > 0; change--) {
                change(bytes, random);
            }
            try {
                table(changed(bytes));
                read++;
            } catch (DatasetException e) {
                assertThat(e).hasMessageContaining("changed");
            } catch (RuntimeException | Error e) {
                throw new AssertionError(
                        "of a file of these bytes: " + HexFormat.of().formatHex(bytes), e);
            }
        }
        assertThat(read).isBetween(1, TRIES / 4 - 1);
    }

    private static void change(byte[] file, Random random) {
        int at = random.nextInt(4, file.length);
        switch (random.nextInt(3)) {
            case 0 -> file[at] ^= (byte) (1 << random.nextInt(8));
            case 1 -> {
                int word = Math.min(at / 4 * 4, file.length - 4);
                int[] numbers = {0, 1, -1, Integer.MAX_VALUE, Integer.MIN_VALUE, file.length, 1 << 24};
                ByteBuffer.wrap(file)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putInt(word, numbers[random.nextInt(numbers.length)]);
            }
            default -> {
                int length = Math.min(random.nextInt(1, 24), file.length - at);
                System.arraycopy(file, random.nextInt(file.length - length), file, at, length);
            }
        }
    }

    private void refused(Path source, String... reasons) {
        assertThatThrownBy(() -> table(source))
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining(source + ": ")
                .hasMessageContainingAll(reasons);
    }

    private Path changed(byte[] bytes) throws Exception {
        return Files.write(folder.resolve("changed"), bytes);
    }

    private ArrowFile table(Path source) throws Exception {
        Importer importer = Importer.of(source, List.of(), told::add);
        ArrowFile table = Tables.imported(importer, folder.resolve("it.arrow"));
        summary = importer.summary();
        return table;
    }

    private MemorySegment imported() throws Exception {
        return bytes(folder.resolve("it.arrow"));
    }

    private static MemorySegment bytes(Path file) throws Exception {
        return MemorySegment.ofArray(Files.readAllBytes(file));
    }

    /** What is in all buffers of dictionaries and batches. */
    private static List<String> buffers(ArrowParts parts) throws Exception {
        List<String> buffers = new ArrayList<>();
        for (Part part : parts.dictionaries()) {
            var dictionary = new DictionaryBatch();
            add(
                    ArrowParts.header(parts.message(part), MessageHeader.DictionaryBatch, dictionary)
                            .data(),
                    parts,
                    part,
                    buffers);
        }
        for (Part part : parts.batches()) {
            var batch = new RecordBatch();
            add(ArrowParts.header(parts.message(part), MessageHeader.RecordBatch, batch), parts, part, buffers);
        }
        return buffers;
    }

    private static void add(RecordBatch batch, ArrowParts parts, Part part, List<String> buffers) {
        for (int i = 0; i < batch.buffersLength(); i++) {
            Buffer buffer = batch.buffers(i);
            byte[] bytes =
                    parts.body(part).asSlice(buffer.offset(), buffer.length()).toArray(ValueLayout.JAVA_BYTE);
            buffers.add(HexFormat.of().formatHex(bytes));
        }
    }

    private static Path file(String name) throws Exception {
        return Path.of(ArrowImportTest.class.getResource("/arrow/" + name).toURI());
    }
}
