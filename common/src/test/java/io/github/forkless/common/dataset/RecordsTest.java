package io.github.forkless.common.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.forkless.common.dataset.Event.Cancelled;
import io.github.forkless.common.dataset.Event.Placed;
import io.github.forkless.testing.Thorough;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import net.openhft.chronicle.bytes.BytesIn;
import net.openhft.chronicle.bytes.BytesMarshallable;
import net.openhft.chronicle.bytes.BytesOut;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecordsTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 63, 64, 65, 128, 1000, 20_000})
    void everyRecordIsReadAsItWasWritten(int count) throws IOException {
        DatasetFile file = DatasetFile.open(write(count), Optional.empty());

        assertThat(file.layout().label()).isEqualTo("records");
        assertThat(file.count()).isEqualTo(count);
        for (int tasks : new int[] {1, 3, 7, 1000}) {
            assertThat(idsOf(file, tasks, 1 << 10)).isEqualTo(ids(count));
        }
    }

    @Test
    void blocksAreWholeRecordsAndNoLongerThanTheyMayBe() throws IOException {
        MappedDataset data = MappedDataset.map(DatasetFile.open(write(20_000), Optional.empty()));

        List<Block> blocks = new ArrayList<>();
        data.forEachBlock(new Slice(17, 19_000), 1 << 14, 1, blocks::add);

        assertThat(blocks).hasSizeGreaterThan(10);
        long next = 17;
        for (Block block : blocks) {
            assertThat(block.start()).isEqualTo(next);
            assertThat(block.segment().byteSize()).isLessThanOrEqualTo(1 << 14);
            next += block.count();
        }
        assertThat(next).isEqualTo(19_000);
    }

    @Test
    void aRecordThatIsLongerThanABlockIsOne() throws IOException {
        Path path = folder.resolve("long.records");
        try (FileChannel out = create(path)) {
            var records = new RecordOutput(out);
            for (int i = 0; i < 10; i++) {
                records.write(new Placed(i, "x".repeat(i % 3 == 0 ? 300_000 : 10), i));
            }
            records.finish();
        }
        MappedDataset data = MappedDataset.map(DatasetFile.open(path, Optional.empty()));

        List<Long> counts = new ArrayList<>();
        List<Long> ids = new ArrayList<>();
        data.forEachBlock(data.dataset().whole(), 1 << 17, 1, block -> {
            counts.add(block.count());
            addIds(block, ids);
        });

        assertThat(counts).containsExactly(1L, 2L, 1L, 2L, 1L, 2L, 1L);
        assertThat(ids).isEqualTo(ids(10));
    }

    @Test
    void aRecordIsOfItsOwnClassWithWhatIsInIt() throws IOException {
        RecordCursor<Event> events = map(write(3)).whole().records(Event.class);

        assertThat(events.next()).isTrue();
        assertThat(events.get()).isInstanceOfSatisfying(Placed.class, placed -> {
            assertThat(placed.id).isZero();
            assertThat(placed.note).isEqualTo("n0");
            assertThat(placed.price.value).isEqualTo(0.5);
        });
        assertThat(events.next()).isTrue();
        Event first = events.reused();
        assertThat(first).isInstanceOf(Cancelled.class);
        assertThat(events.next()).isTrue();
        assertThat(events.number()).isEqualTo(2);
        assertThat(events.reused().id()).isEqualTo(2);
        assertThat(events.get(new Placed()).id()).isEqualTo(2);
        assertThatExceptionOfType(DatasetException.class)
                .isThrownBy(() -> events.get(new Cancelled()))
                .withMessageContaining("record 2 is a %s, and cannot be read into a", Placed.class.getName());
        assertThat(events.next()).isFalse();
    }

    @Test
    void onlyClassesThatWereNamedAreMade() throws IOException {
        RecordCursor<Placed> placed = map(write(3)).whole().records(Placed.class);

        assertThat(placed.next()).isTrue();
        assertThat(placed.get().id()).isZero();
        assertThat(placed.next()).isTrue();
        assertThatExceptionOfType(DatasetException.class)
                .isThrownBy(placed::get)
                .withMessageEndingWith(
                        "events.records: record 1 is a %s, which is none of the classes that were named: %s; name it"
                                + " too, as in records(Type.class, More.class)",
                        Cancelled.class.getName(), Placed.class.getName());
        assertThat(placed.next()).as("the others can be read").isTrue();
        assertThat(placed.get().id()).isEqualTo(2);
    }

    @Test
    void recordsOfOneLengthNeedNoHeader() throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(12 * 1000).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < 1000; i++) {
            bytes.putInt(i).putDouble(i * 0.5);
        }
        Path path = Files.write(folder.resolve("fixed"), bytes.array());
        DatasetFile file = DatasetFile.openRecords(path, 12);

        assertThat(file.layout().label()).isEqualTo("record:12");
        assertThat(file.count()).isEqualTo(1000);
        List<Integer> read = new ArrayList<>();
        MappedDataset data = MappedDataset.map(file);
        for (Slice slice : Slices.cut(file, OptionalInt.of(7))) {
            data.forEachBlock(slice, 128, 1, block -> {
                assertThat(block.segment().byteSize()).isEqualTo(12 * block.count());
                RecordCursor<?> records = block.records();
                while (records.next()) {
                    assertThat(records.length()).isEqualTo(12);
                    read.add(block.segment().get(ValueLayout.JAVA_INT_UNALIGNED, records.from()));
                }
            });
        }

        assertThat(read).hasSize(1000).isSorted();
        RecordCursor<Fixed> records = data.whole().part(5, 7).records(Fixed.class);
        assertThat(records.next()).isTrue();
        assertThat(records.get().value).isEqualTo(2.5);
        assertThat(records.next()).isTrue();
        assertThat(records.get().number).isEqualTo(6);
    }

    static final class Fixed implements BytesMarshallable {
        int number;
        double value;

        @Override
        public void readMarshallable(BytesIn<?> in) {
            number = in.readInt();
            value = in.readDouble();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 11, 25})
    void bytesThatAreLeftOverAreAnError(int size) throws IOException {
        Path path = Files.write(folder.resolve("fixed"), new byte[size]);

        assertThatExceptionOfType(DatasetException.class)
                .isThrownBy(() -> DatasetFile.openRecords(path, 12))
                .withMessageEndingWith(
                        "%d bytes is not a whole number of records of 12 bytes: %s left over; check the length of a"
                                + " record, and the file",
                        size, size % 12 == 1 ? "1 byte is" : size % 12 + " bytes are");
    }

    @Test
    void numbersAndRecordsAreNotTakenForEachOther() throws IOException {
        Block records = map(write(3)).whole();
        Path path = Files.write(folder.resolve("a.bin"), new byte[8]);
        Block numbers = map(path).whole();

        assertThatIllegalStateException()
                .isThrownBy(() -> records.intAt(0))
                .withMessage("intAt reads int32, but this data is records; use records(), or records(Type.class)");
        assertThatIllegalStateException().isThrownBy(() -> records.numberAt(0));
        assertThatIllegalStateException().isThrownBy(() -> records.byteAt(0));
        assertThatIllegalStateException().isThrownBy(records::lines);
        assertThatIllegalStateException()
                .isThrownBy(numbers::records)
                .withMessageStartingWith("records reads records, but this data is int32; use intAt");
        assertThatIllegalStateException().isThrownBy(() -> numbers.records(Event.class));
    }

    @Test
    void aClassThatCannotBeReadBackIsRefusedWhenItIsWritten() throws IOException {
        try (FileChannel out = create(folder.resolve("a.records"))) {
            var records = new RecordOutput(out);

            assertThatIllegalArgumentException()
                    .isThrownBy(() -> records.write(new WithParameter(1)))
                    .withMessage(
                            "%s needs a constructor without parameters to be read from records, and must be static if"
                                    + " it is within a class",
                            WithParameter.class.getName());
        }
    }

    record WithParameter(int number) implements BytesMarshallable {
        @Override
        public void writeMarshallable(BytesOut<?> out) {
            out.writeInt(number);
        }
    }

    @Test
    void whatIsNotWrittenToItsEndIsNoDataset() throws IOException {
        byte[] whole = Files.readAllBytes(write(200));
        for (int length : new int[] {0, 1, 15, 16, 40, 56, whole.length / 2, whole.length - 1}) {
            Path path = Files.write(folder.resolve("cut.records"), Arrays.copyOf(whole, length));

            assertThatExceptionOfType(DatasetException.class)
                    .as("%d bytes", length)
                    .isThrownBy(() -> DatasetFile.open(path, Optional.empty()))
                    .withMessageContaining("cut.records: ");
        }
        Path longer = Files.write(folder.resolve("cut.records"), Arrays.copyOf(whole, whole.length + 1));
        assertThatExceptionOfType(DatasetException.class)
                .isThrownBy(() -> DatasetFile.open(longer, Optional.empty()))
                .withMessageEndingWith(
                        "does not end as a file of records does: it was cut off, or not written to its end");
    }

    @Test
    void aFileOfAnotherKindIsNoFileOfRecords() throws IOException {
        Path path = Files.write(folder.resolve("a.records"), new byte[100]);

        assertThatExceptionOfType(DatasetException.class)
                .isThrownBy(() -> DatasetFile.open(path, Optional.empty()))
                .withMessageContaining("does not begin as a file of records does");
        Path misnamed = Files.copy(write(3), folder.resolve("a.bin"));
        assertThatExceptionOfType(DatasetException.class)
                .isThrownBy(() -> DatasetFile.open(misnamed, Optional.empty()))
                .withMessageContaining("a file of records, not raw numbers");
    }

    /** Whatever stands in a file: an answer, or an error that names the file; nothing else, and no crash. */
    @Test
    void aFileThatWasAlteredIsAnErrorOrReadsAsItIs() throws IOException {
        byte[] whole = Files.readAllBytes(write(300));
        var random = new Random(18);
        int refused = 0;
        for (int round = 0; round < Thorough.or(5_000, 1_500, 300); round++) {
            byte[] altered = whole.clone();
            boolean isBehind = random.nextBoolean(); // where the index is, and what counts
            int changes = 1 + random.nextInt(3);
            for (int i = 0; i < changes; i++) {
                int at = isBehind ? altered.length - 1 - random.nextInt(220) : random.nextInt(altered.length);
                if (at + 8 <= altered.length && random.nextInt(4) == 0) {
                    ByteBuffer.wrap(altered)
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .putLong(at, random.nextBoolean() ? random.nextLong() : random.nextInt());
                } else {
                    altered[at] = (byte) random.nextInt();
                }
            }
            // Over the file before it, as long as that: a file that is truncated and written is on the disk before it
            // is closed.
            Path path = Files.write(
                    folder.resolve("altered.records"), altered, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            try {
                DatasetFile file = DatasetFile.open(path, Optional.empty());
                countRecords(file, Slices.cut(file, OptionalInt.of(1 + random.nextInt(9))));
            } catch (DatasetException e) {
                refused++;
                assertThat(e).hasMessageContaining("altered.records: ");
            }
        }
        assertThat(refused).isGreaterThan(100);
    }

    private static void countRecords(DatasetFile file, List<Slice> slices) {
        MappedDataset data = MappedDataset.map(file);
        try {
            slices.forEach(slice -> data.forEachBlock(slice, 1 << 9, 1, RecordsTest::countRecords));
        } finally {
            data.close();
        }
    }

    private static void countRecords(Block block) {
        RecordCursor<?> records = block.records();
        long count = 0;
        while (records.next()) {
            count++;
            if (records.length() > block.segment().byteSize() - records.from()) {
                throw new AssertionError("a record ends behind its block");
            }
        }
        assertThat(count).isEqualTo(block.count());
    }

    private Path write(int count) throws IOException {
        Path path = folder.resolve("events.records");
        try (FileChannel out = create(path)) {
            var records = new RecordOutput(out);
            for (int i = 0; i < count; i++) {
                records.write(i % 3 == 1 ? new Cancelled(i) : new Placed(i, "n" + i, i + 0.5));
            }
            records.finish();
        }
        return path;
    }

    private static FileChannel create(Path path) throws IOException {
        return FileChannel.open(
                path, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE);
    }

    private static MappedDataset map(Path path) {
        return MappedDataset.map(DatasetFile.open(path, Optional.empty()));
    }

    private static List<Long> idsOf(DatasetFile file, int tasks, int blockBytes) {
        MappedDataset data = MappedDataset.map(file);
        List<Long> ids = new ArrayList<>();
        for (Slice slice : Slices.cut(file, OptionalInt.of(tasks))) {
            data.forEachBlock(slice, blockBytes, 1, block -> addIds(block, ids));
        }
        return ids;
    }

    private static void addIds(Block block, List<Long> ids) {
        RecordCursor<Event> events = block.records(Event.class);
        while (events.next()) {
            assertThat(events.number()).isEqualTo(ids.size());
            ids.add(events.get().id());
        }
    }

    private static List<Long> ids(long count) {
        List<Long> ids = new ArrayList<>();
        for (long i = 0; i < count; i++) {
            ids.add(i);
        }
        return ids;
    }
}
