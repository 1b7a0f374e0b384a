package io.github.forkless.common.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;
import net.openhft.chronicle.bytes.BytesIn;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class MappedDatasetTest {
    private static final int BLOCK = Slices.BLOCK_BYTES;
    private static final long GIB = 1 << 30;

    @TempDir
    private Path folder;

    /** What is mapped stays mapped, so every dataset has a file of its own. */
    private int files;

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"RECORDS", "TABLE"})
    void numbersOfEveryTypeAreReadAsTheyWereWritten(ElementType type) throws IOException {
        byte[] content = new byte[8 * 1000];
        new Random(13).nextBytes(content);

        Block whole = map(type, content).whole();

        assertReads(whole, content, 0);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 64, 127, 4095, 4097, 131_073})
    void numbersAreReadWhereverTheyStartInTheFile(int offset) throws IOException {
        byte[] content = new byte[offset + 8 * 1000];
        new Random(14).nextBytes(content);
        Path path = write("a", content);
        for (ElementType type : ElementType.values()) {
            if (type.width() == 0) {
                continue; // RecordsTest, TableTest
            }
            long count = (content.length - offset) / type.width();
            var file = new DatasetFile(path, Layout.of(type, offset, count), FileIdentity.of(path));

            Block whole = MappedDataset.map(file).whole();

            assertThat(whole.count()).isEqualTo(count);
            assertReads(whole, content, offset);
        }
    }

    @ParameterizedTest
    @CsvSource({"UINT16, INT32", "UINT32, INT64", "UINT64, INT64", "FLOAT16, FLOAT32"})
    void aJobGetsNumbersThatJavaHasNoTypeForAsTheNextWiderType(ElementType stored, ElementType read)
            throws IOException {
        int count = 1 << 16;
        ByteBuffer content = ByteBuffer.allocate(count * stored.width()).order(ByteOrder.LITTLE_ENDIAN);
        var random = new Random(15);
        for (int i = 0; i < count; i++) {
            switch (stored.width()) {
                case 2 -> content.putShort((short) i); // all that there are
                case 4 -> content.putInt(random.nextInt());
                default -> content.putLong(random.nextLong() >>> 1);
            }
        }
        MappedDataset dataset = map(stored, content.array());
        Block whole = dataset.whole();
        var seen = new ArrayList<Double>();

        for (Slice slice : Slices.cut(dataset.dataset(), OptionalInt.of(7))) {
            dataset.forEachBlock(slice, 1 << 12, 1, block -> {
                assertThat(block.type()).isEqualTo(read);
                assertThat(block.start()).isEqualTo(seen.size());
                assertThat(block.segment().byteSize()).isLessThanOrEqualTo(1 << 12);
                for (long i = 0; i < block.count(); i++) {
                    seen.add(block.numberAt(i));
                }
            });
        }

        assertThat(dataset.dataset().type()).isEqualTo(read);
        assertThat(dataset.dataset().layout().label()).isEqualTo(stored.label());
        assertThat(dataset.dataset().bytes()).isEqualTo(content.capacity());
        assertThat(whole.type()).isEqualTo(stored);
        for (int i = 0; i < count; i++) {
            assertThat(seen.get(i)).isEqualTo(Double.valueOf(whole.numberAt(i))); // NaN, too
        }
        assertThat(seen).hasSize(count);
    }

    /** Two threads that come to the interface and to a class of it first would each wait for the other, for ever. */
    @Test
    void theInterfaceHasNothingToInitialize() {
        assertThat(MappedDataset.class.getDeclaredFields()).isEmpty();
    }

    @Test
    void aLongThatHasASignIsNoUint64() throws IOException {
        byte[] content = new byte[8 * 5000];
        content[8 * 4321 + 7] = (byte) 0x80;
        MappedDataset dataset = map(ElementType.UINT64, content);

        assertThatExceptionOfType(DatasetException.class)
                .isThrownBy(() -> dataset.forEachBlock(new Slice(100, 5000), 1 << 12, 1, _ -> {}))
                .withMessageEndingWith("element 4321 is 9223372036854775808, and uint64 is read as int64, which ends at"
                        + " 9223372036854775807; convert it to float64, or to int64 where its bits are meant");
        assertThat(dataset.whole().numberAt(4321)).isEqualTo(0x1p63);
        assertThatExceptionOfType(ArithmeticException.class)
                .isThrownBy(() -> dataset.whole().integerAt(4321))
                .withMessageStartingWith("9223372036854775808, element 4321 of the block, is more than a long holds");
    }

    @Test
    void rowsOfAMatrixOfHalfPrecisionStayWhole() throws IOException {
        byte[] content = Npy.withHeader(Npy.header("'<f2'", "False", "(1000, 37)"), 1000 * 37 * 2);
        ByteBuffer.wrap(content)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putShort(content.length - 2, Float.floatToFloat16(-1.5f));
        MappedDataset dataset = MappedDataset.map(DatasetFile.open(write("m.npy", content), Optional.empty()));
        long[] rows = {0};

        dataset.forEachBlock(dataset.dataset().whole(), 1 << 12, 37, block -> {
            rows[0] += block.shape()[0];
            if (rows[0] == 1000) {
                assertThat(block.row(block.shape()[0] - 1).floatAt(36)).isEqualTo(-1.5f);
            }
        });

        assertThat(rows[0]).isEqualTo(1000);
    }

    @Test
    void chronicleReadsARecordOfMixedFieldsInPlace() throws IOException {
        ByteBuffer content = ByteBuffer.allocate(3 + 8 + 4).order(ByteOrder.LITTLE_ENDIAN);
        content.put((byte) 2)
                .put("hé".getBytes(StandardCharsets.ISO_8859_1))
                .putLong(Long.MIN_VALUE + 7)
                .putInt(-5);

        Block block = map(ElementType.UINT8, content.array()).block(new Slice(1, 15));
        BytesIn<?> bytes = block.bytes();

        assertThat(bytes.readRemaining()).isEqualTo(14);
        assertThat(bytes.readUnsignedByte()).isEqualTo('h');
        bytes.readSkip(1);
        assertThat(bytes.readLong()).isEqualTo(Long.MIN_VALUE + 7);
        assertThat(bytes.readInt()).isEqualTo(-5);
        assertThat(bytes.readRemaining()).isZero();
        assertThat(block.bytes().readUnsignedByte(0))
                .as("another view begins anew")
                .isEqualTo('h');
    }

    @Test
    void blocksOfAMatrixHaveWholeRows() throws IOException {
        int rows = 1000;
        int columns = 37;
        byte[] content = Npy.withHeader(Npy.header("'<f8'", "False", "(1000, 37)"), rows * columns * 8);
        ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN).putDouble(content.length - 8, 0.5); // the last one
        MappedDataset dataset = MappedDataset.map(DatasetFile.open(write("m.npy", content), Optional.empty()));
        var seen = new ArrayList<Long>();

        dataset.forEachBlock(dataset.dataset().whole(), 1 << 12, 37, block -> {
            assertThat(block.shape()).hasSize(2).endsWith(columns);
            seen.add(block.shape()[0]);
        });

        assertThat(seen).startsWith(13L, 13L);
        assertThat(seen.stream().mapToLong(n -> n).sum()).isEqualTo(rows);
        assertThat(dataset.whole().shape()).containsExactly(rows, columns);
        assertThat(dataset.whole().row(999).doubleAt(36)).isEqualTo(0.5);
    }

    @Test
    void aMatrixWithoutElementsHasAShape() throws IOException {
        for (String shape : List.of("(0, 3)", "(3, 0)")) {
            byte[] content = Npy.withHeader(Npy.header("'<f8'", "False", shape), 0);
            DatasetFile file = DatasetFile.open(write("e.npy", content), Optional.empty());

            assertThat(file.layout().details()).isEqualTo(shape);
            assertThat(file.layout().rowLength()).isEqualTo(shape.equals("(0, 3)") ? 3 : 1);
            assertThat(MappedDataset.map(file).whole().shape()[0]).isZero();
        }
    }

    @Test
    void theElementsOfANumPyFileAreReadBehindItsHeader() throws IOException {
        byte[] content = Npy.golden("version-1");
        MappedDataset dataset = MappedDataset.map(DatasetFile.open(write("a.npy", content), Optional.empty()));

        assertThat(dataset.dataset().layout().offset()).isPositive();
        assertReads(dataset.whole(), content, (int) dataset.dataset().layout().offset());
    }

    @Test
    void elementsPast2GiBAndPast4GiBAreReadRight() throws IOException {
        long count = 5 * GIB / Integer.BYTES;
        long[] marked = {
            0,
            2 * GIB / 4 - 1,
            2 * GIB / 4,
            2 * GIB / 4 + 1,
            (1L << 31) / 4 + 12_345,
            4 * GIB / 4 - 1,
            4 * GIB / 4,
            4 * GIB / 4 + 98_765,
            count - 1
        };
        Path path = folder.resolve("large.bin");
        try (var file = FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            for (int i = 0; i < marked.length; i++) {
                ByteBuffer marker = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN);
                file.write(marker.putInt(0, 1000 + i), marked[i] * 4);
            }
        }
        MappedDataset dataset = MappedDataset.map(DatasetFile.open(path, Optional.empty()));

        assertThat(dataset.whole().count()).isEqualTo(count);
        for (int i = 0; i < marked.length; i++) {
            assertThat(dataset.whole().intAt(marked[i]))
                    .as("element %d", marked[i])
                    .isEqualTo(1000 + i);
            Block one = dataset.block(new Slice(marked[i], marked[i] + 1));
            assertThat(one.start()).isEqualTo(marked[i]);
            assertThat(one.intAt(0)).isEqualTo(1000 + i);
        }
        for (long middle : new long[] {2 * GIB / 4, 4 * GIB / 4, count}) {
            var slice = new Slice(middle - 100_000, Math.min(count, middle + 200_000));
            Map<Long, Integer> found = new TreeMap<>();
            assertPartition(dataset, slice, block -> {
                for (long i = 0; i < block.count(); i++) {
                    if (block.intAt(i) != 0) {
                        found.put(block.start() + i, block.intAt(i));
                    }
                }
            });
            Map<Long, Integer> expected = new TreeMap<>();
            for (int i = 0; i < marked.length; i++) {
                if (marked[i] >= slice.from() && marked[i] < slice.to()) {
                    expected.put(marked[i], 1000 + i);
                }
            }
            assertThat(found).isEqualTo(expected).isNotEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"RECORDS", "TABLE"})
    void anEmptyDatasetHasNoBlocks(ElementType type) throws IOException {
        MappedDataset dataset = map(type, new byte[0]);

        assertThat(dataset.whole().count()).isZero();
        assertThat(dataset.block(new Slice(0, 0)).count()).isZero();
        assertThat(blocks(dataset, new Slice(0, 0))).isEmpty();
        assertThat(new Block(ElementType.TEXT, 0, 0, dataset.whole().segment())
                        .lines()
                        .next())
                .isFalse();
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"TEXT", "RECORDS", "TABLE"})
    void blocksOfNumbersPartitionTheirSlice(ElementType type) throws IOException {
        MappedDataset dataset = map(type, new byte[3 * BLOCK + 8]);
        long step = BLOCK / type.readAs().width();
        long count = dataset.whole().count();
        for (Slice slice : List.of(
                new Slice(0, count),
                new Slice(0, 0),
                new Slice(count, count),
                new Slice(1, 2),
                new Slice(1, step + 1),
                new Slice(1, step + 2),
                new Slice(step - 1, 3 * step),
                new Slice(count - 1, count))) {
            assertPartition(dataset, slice, block -> {});
            List<Block> blocks = blocks(dataset, slice);
            assertThat(blocks).hasSize((int) Math.ceilDiv(slice.length(), step));
            assertThat(blocks.stream().limit(Math.max(0, blocks.size() - 1)))
                    .allSatisfy(block -> assertThat(block.count()).isEqualTo(step));
        }
    }

    @Test
    void blocksOfTextAreWholeLinesOfAtMostABlocksSize() throws IOException {
        Random random = new Random(15);
        for (int longest : new int[] {1, 2, 100, 10_000, BLOCK - 1, BLOCK, BLOCK + 1, 3 * BLOCK}) {
            for (String lineEnd : List.of("\n", "\r\n")) {
                var text = new StringBuilder();
                while (text.length() < 6 * BLOCK) {
                    text.repeat('x', random.nextInt(longest)).append(lineEnd);
                }
                text.repeat('y', random.nextInt(2) * random.nextInt(longest));
                checkTextBlocks(text.toString());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {-2, -1, 0, 1, 2})
    void aLineAsLongAsABlockIsNotCut(int more) throws IOException {
        String line = "x".repeat(BLOCK + more);

        checkTextBlocks(line);
        checkTextBlocks(line + "\n");
        checkTextBlocks(line + "\n" + line);
        checkTextBlocks("a\n" + line + "\nb\n");
        checkTextBlocks("\n".repeat(BLOCK + more) + line + "\n");
    }

    @Test
    void linesBeyond4GiBAreFedWhole() throws IOException {
        Path path = folder.resolve("large.log");
        long start = 4 * GIB + 3;
        try (RandomAccessFile sparse = new RandomAccessFile(path.toFile(), "rw")) {
            sparse.setLength(start);
            sparse.seek(start - 1);
            sparse.writeBytes("\nfirst\n" + "x".repeat(2 * BLOCK) + "\nlast");
        }
        MappedDataset dataset = MappedDataset.map(DatasetFile.open(path, Optional.empty()));
        List<String> lines = new ArrayList<>();

        dataset.forEachBlock(new Slice(start, dataset.dataset().count()), BLOCK, 1, block -> {
            for (Lines cursor = block.lines(); cursor.next(); ) {
                lines.add(cursor.offset() - start + ":" + cursor.length());
            }
        });

        assertThat(lines).containsExactly("0:5", "6:" + 2 * BLOCK, (2 * BLOCK + 7) + ":4");
    }

    @Test
    void aFileReplacedBeforeItIsMappedIsAnErrorThatSaysSo() throws IOException {
        DatasetFile file = DatasetFile.open(write("a.bin", new byte[64]), Optional.empty());
        Files.move(write("b.bin", new byte[64]), file.path(), StandardCopyOption.REPLACE_EXISTING);

        assertThatExceptionOfType(DatasetException.class)
                .isThrownBy(() -> MappedDataset.map(file))
                .withMessage(file.path() + ": replaced by another file of 64 bytes while it was in use;"
                        + " run again when nothing writes to it");
    }

    /** Whenever another file takes the name: what is mapped is what was looked at, or nothing is. */
    @Test
    void aFileReplacedAtAnyMomentIsNotTakenForTheOther() throws Exception {
        Path path = folder.resolve("a.bin");
        // All there from the start: a number of a file that is gone could be given to the next.
        List<Path> files = new ArrayList<>();
        Map<Long, Integer> contentOfInode = new HashMap<>();
        for (int i = 0; i < 1_000; i++) {
            ByteBuffer content = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN);
            files.add(write(i + ".bin", content.putInt(0, i).array()));
            contentOfInode.put(FileIdentity.of(files.get(i)).inode(), i);
        }
        Files.move(files.getFirst(), path);
        Thread replacing =
                Thread.ofPlatform().start(() -> files.stream().skip(1).forEach(next -> replace(path, next)));
        int refused = 0;
        boolean isLast;
        do {
            isLast = !replacing.isAlive();
            try {
                DatasetFile file = DatasetFile.open(path, Optional.empty());
                int content = MappedDataset.map(file).whole().intAt(0);
                assertThat(content).isEqualTo(contentOfInode.get(file.identity().inode()));
            } catch (DatasetException e) {
                assertThat(isLast).as(e.getMessage()).isFalse();
                refused++;
            }
        } while (!isLast);
        assertThat(refused).isPositive();
    }

    /** The name leads to the right file before and after, and to another one when it is opened. */
    @Test
    void aFileThatStandsInForAnotherForAMomentIsNotTakenForIt() throws Exception {
        Path right = Files.createDirectory(folder.resolve("right"));
        Path wrong = Files.createDirectory(folder.resolve("wrong"));
        Files.write(right.resolve("a"), new byte[] {1});
        Files.write(wrong.resolve("a"), new byte[] {2});
        // The folder is what is exchanged: a file that is renamed or linked itself is refused for that.
        Path current = Files.createSymbolicLink(folder.resolve("current"), right);
        FileIdentity identity = FileIdentity.of(right.resolve("a"));
        var file = new DatasetFile(current.resolve("a"), Layout.of(ElementType.INT8, 0, 1), identity);
        Thread swapping = Thread.ofPlatform().start(() -> {
            while (!Thread.currentThread().isInterrupted()) {
                linkTo(wrong, current);
                linkTo(right, current);
            }
        });
        int mapped = 0;
        int refused = 0;
        while (mapped < 500 || refused < 100) { // each mapping stays, and makes the kernel's list of them longer
            try {
                assertThat(MappedDataset.map(file).whole().byteAt(0)).isEqualTo((byte) 1);
                mapped++;
            } catch (DatasetException e) {
                assertThat(e).hasMessageContaining("replaced by another file");
                refused++;
            }
        }
        swapping.interrupt();
        swapping.join();
    }

    @Test
    void aFileTruncatedGrownOrRemovedBeforeItIsMappedIsAnErrorThatSaysSo() throws IOException {
        DatasetFile file = DatasetFile.open(write("a.bin", new byte[64]), Optional.empty());

        write("a.bin", new byte[60]);
        assertThatExceptionOfType(DatasetException.class)
                .isThrownBy(() -> MappedDataset.map(file))
                .withMessageStartingWith(file.path() + ": truncated from 64 to 60 bytes");
        write("a.bin", new byte[68]);
        assertThatExceptionOfType(DatasetException.class)
                .isThrownBy(() -> MappedDataset.map(file))
                .withMessageStartingWith(file.path() + ": grown from 64 to 68 bytes");
        Files.delete(file.path());
        assertThatExceptionOfType(DatasetException.class)
                .isThrownBy(() -> MappedDataset.map(file))
                .withMessageStartingWith(file.path() + ": removed");
    }

    @Test
    void aFileReplacedWhileItIsMappedIsFoundWhenAskedFor() throws IOException {
        MappedDataset dataset = map(ElementType.INT8, new byte[] {1, 2, 3});
        Files.move(write("b", new byte[3]), dataset.dataset().path(), StandardCopyOption.REPLACE_EXISTING);

        assertThatExceptionOfType(DatasetException.class)
                .isThrownBy(dataset::requireUnchanged)
                .withMessageContaining("replaced by another file of 3 bytes");
        // What was mapped is what was planned for.
        assertThat(dataset.whole().byteAt(2)).isEqualTo((byte) 3);
    }

    @Test
    void nothingCanBeWrittenThroughAMapping() throws IOException {
        MappedDataset dataset = map(ElementType.INT32, new byte[64]);
        MemorySegment whole = dataset.whole().segment();
        MemorySegment part = dataset.block(new Slice(1, 3)).segment();

        assertThat(whole.isReadOnly()).isTrue();
        assertThatThrownBy(() -> whole.set(ValueLayout.JAVA_BYTE, 0, (byte) 1))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> part.fill((byte) 1)).isInstanceOf(IllegalArgumentException.class);
        assertThat(Files.readAllBytes(dataset.dataset().path())).containsOnly(0);
    }

    @Test
    void theSystemKnowsTheMappingAsReadOnlyAndShared() throws IOException {
        MappedDataset dataset = map(ElementType.INT32, new byte[3 * BLOCK + 4]);
        assertThat(dataset.whole().intAt(0)).isZero();

        List<String> mappings = Files.readAllLines(Path.of("/proc/self/smaps")).stream()
                .filter(line -> line.endsWith(" " + dataset.dataset().path()))
                .toList();

        assertThat(mappings).hasSize(1);
        assertThat(mappings.getFirst()).contains(" r--s 00000000 ");
    }

    @Test
    void theLoaderOfTheThreadIsLeftAsItWas() throws IOException {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();

        map(ElementType.INT8, new byte[1]);

        assertThat(thread.getContextClassLoader()).isSameAs(before);
    }

    private void checkTextBlocks(String text) throws IOException {
        byte[] content = text.getBytes(StandardCharsets.US_ASCII);
        MappedDataset dataset = map(ElementType.TEXT, content);
        for (int tasks : new int[] {1, 3}) {
            var fed = new StringBuilder();
            for (Slice slice : Slices.cut(dataset.dataset(), OptionalInt.of(tasks))) {
                assertPartition(dataset, slice, block -> {
                    String part = block.text(0, block.count());
                    boolean isLast = block.start() + block.count() == content.length;
                    assertThat(part.endsWith("\n") || isLast).isTrue();
                    boolean isOneLine = part.indexOf('\n') < 0 || part.indexOf('\n') == part.length() - 1;
                    assertThat(block.count() <= BLOCK || isOneLine).isTrue();
                    fed.append(part);
                });
            }
            assertThat(fed.toString().equals(text)).isTrue();
        }
    }

    /** However it is cut into slices, and whatever is longer: a record, a block, a slice. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 24, 1000, BLOCK - 1, BLOCK, BLOCK + 1, 3 * BLOCK})
    void everyRecordIsInOneBlockAndWhole(int recordLength) throws IOException {
        int records = Math.max(2, 5 * BLOCK / recordLength);
        MappedDataset dataset = map(ElementType.UINT8, new byte[records * recordLength]);
        for (int tasks : new int[] {1, 2, 3, 10, 1000}) {
            long end = 0;
            for (Slice slice : Slices.cut(dataset.dataset(), OptionalInt.of(tasks))) {
                List<Block> blocks = new ArrayList<>();
                dataset.forEachBlock(slice, BLOCK, recordLength, blocks::add);
                for (Block block : blocks) {
                    assertThat(block.start()).isEqualTo(end).isBetween(slice.from(), slice.to() - 1);
                    assertThat(block.count() % recordLength).isZero();
                    assertThat(block.count()).isBetween(1L, (long) Math.max(BLOCK, recordLength));
                    end += block.count();
                }
            }
            assertThat(end).isEqualTo(dataset.dataset().count());
        }
    }

    /** The blocks of a slice follow each other, cover it and nothing else, and none is empty. */
    private static void assertPartition(MappedDataset dataset, Slice slice, Consumer<Block> consumer) {
        long end = slice.from();
        for (Block block : blocks(dataset, slice)) {
            assertThat(block.start()).isEqualTo(end);
            assertThat(block.count()).isPositive();
            assertThat(block.segment().byteSize())
                    .isEqualTo(block.count() * block.type().width());
            end += block.count();
            consumer.accept(block);
        }
        assertThat(end).isEqualTo(slice.to());
    }

    private static List<Block> blocks(MappedDataset dataset, Slice slice) {
        List<Block> blocks = new ArrayList<>();
        dataset.forEachBlock(slice, BLOCK, 1, blocks::add);
        return blocks;
    }

    private static void assertReads(Block block, byte[] content, int offset) {
        ByteBuffer bytes = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
        int width = block.type().width();
        for (int i = 0; i < block.count(); i++) {
            int at = offset + i * width;
            Object read = switch (block.type()) {
                case INT8, UINT8, TEXT -> block.byteAt(i);
                case INT16 -> block.shortAt(i);
                case INT32 -> block.intAt(i);
                case INT64 -> block.longAt(i);
                case FLOAT32 -> block.floatAt(i);
                case FLOAT64 -> block.doubleAt(i);
                case UINT16 -> (int) block.integerAt(i);
                case UINT32 -> block.integerAt(i);
                case UINT64, FLOAT16 -> block.numberAt(i);
                case RECORDS, TABLE -> throw new AssertionError();
            };
            Object written = switch (block.type()) {
                case INT8, UINT8, TEXT -> bytes.get(at);
                case INT16 -> bytes.getShort(at);
                case INT32 -> bytes.getInt(at);
                case INT64 -> bytes.getLong(at);
                case FLOAT32 -> bytes.getFloat(at);
                case FLOAT64 -> bytes.getDouble(at);
                case UINT16 -> Short.toUnsignedInt(bytes.getShort(at));
                case UINT32 -> Integer.toUnsignedLong(bytes.getInt(at));
                case UINT64 -> new BigInteger(Long.toUnsignedString(bytes.getLong(at))).doubleValue();
                case FLOAT16 -> (double) Float.float16ToFloat(bytes.getShort(at));
                case RECORDS, TABLE -> throw new AssertionError();
            };
            if (!read.equals(written)) {
                throw new AssertionError("element %d of %s: %s, not %s".formatted(i, block.type(), read, written));
            }
        }
    }

    private static void linkTo(Path target, Path link) {
        try {
            replace(link, Files.createSymbolicLink(link.resolveSibling("next"), target));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void replace(Path path, Path next) {
        try {
            Files.move(next, path, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private MappedDataset map(ElementType type, byte[] content) throws IOException {
        return MappedDataset.map(DatasetFile.open(write("data" + files++, content), Optional.of(type)));
    }

    private Path write(String name, byte[] content) throws IOException {
        return Files.write(folder.resolve(name), content);
    }
}
