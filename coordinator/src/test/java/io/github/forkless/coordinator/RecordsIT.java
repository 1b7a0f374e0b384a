package io.github.forkless.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.forkless.common.dataset.Block;
import io.github.forkless.common.dataset.DatasetException;
import io.github.forkless.common.dataset.DatasetFile;
import io.github.forkless.common.dataset.RecordCursor;
import io.github.forkless.common.job.Job;
import io.github.forkless.common.shared.Records;
import io.github.forkless.common.shared.Shared;
import io.github.forkless.coordinator.result.RunFailedException;
import io.github.forkless.coordinator.result.RunReport;
import io.github.forkless.testing.LongTest;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.openhft.chronicle.bytes.BytesIn;
import net.openhft.chronicle.bytes.BytesMarshallable;
import net.openhft.chronicle.bytes.BytesOut;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Execution(ExecutionMode.SAME_THREAD)
class RecordsIT {
    @TempDir
    private Path folder;

    /** What happens to an order book. */
    public sealed interface Event extends BytesMarshallable {
        long order();
    }

    public static final class Placed implements Event {
        private long order;
        private String symbol = "";
        private double price;

        Placed() {}

        Placed(long order, String symbol, double price) {
            this.order = order;
            this.symbol = symbol;
            this.price = price;
        }

        @Override
        public long order() {
            return order;
        }

        @Override
        public void writeMarshallable(BytesOut<?> out) {
            out.writeStopBit(order);
            out.writeUtf8(symbol);
            out.writeDouble(price);
        }

        @Override
        public void readMarshallable(BytesIn<?> in) {
            order = in.readStopBit();
            symbol = in.readUtf8();
            price = in.readDouble();
        }
    }

    public static final class Cancelled implements Event {
        private long order;

        Cancelled() {}

        Cancelled(long order) {
            this.order = order;
        }

        @Override
        public long order() {
            return order;
        }

        @Override
        public void writeMarshallable(BytesOut<?> out) {
            out.writeStopBit(order);
        }

        @Override
        public void readMarshallable(BytesIn<?> in) {
            order = in.readStopBit();
        }
    }

    /** The sum of all prices, whose last bits tell in which order they were added. */
    public record Prices() implements Job<Double, Double> {
        @Override
        public Double start() {
            return 0.0;
        }

        @Override
        public Double accept(Double sum, Block block) {
            double all = sum;
            for (RecordCursor<Event> events = block.records(Event.class); events.next(); ) {
                all += events.reused() instanceof Placed placed ? placed.price : 0;
            }
            return all;
        }

        @Override
        public Double merge(Double left, Double right) {
            return left + right;
        }

        @Override
        public Double finish(Double sum) {
            return sum;
        }
    }

    @ParameterizedTest
    @EnumSource
    void theAnswerIsTheSameForAnyNumberOfWorkers(EngineKind engine) throws IOException {
        Path data = write(100_000);
        List<Double> answers = new ArrayList<>();
        for (int procs : new int[] {1, 3}) {
            var options = PoolOptions.defaults()
                    .withEngine(engine)
                    .withProcs(procs)
                    .withRunOptions(RunOptions.defaults().withTasks(17));
            try (var pool = WorkerPool.open(DatasetFile.open(data, Optional.empty()), options)) {
                answers.add(pool.run(new Prices()));
            }
        }

        assertThat(answers.getFirst()).isEqualTo(answers.getLast()).isGreaterThan(1);
        double expected = 0;
        for (int i = 0; i < 100_000; i++) {
            expected += event(i) instanceof Placed placed ? placed.price : 0;
        }
        assertThat(answers.getFirst()).isCloseTo(expected, org.assertj.core.data.Percentage.withPercentage(1e-9));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void fewRecordsHaveAnAnswer(int count) throws IOException {
        try (var pool = WorkerPool.open(
                DatasetFile.open(write(count), Optional.empty()),
                PoolOptions.defaults().withProcs(1))) {
            assertThat(pool.run(new Prices())).isEqualTo(count * 0.1);
        }
    }

    @LongTest
    @Test
    void aSliceThatKillsItsWorkersIsNarrowedDownToRecords() throws IOException {
        var options = PoolOptions.defaults().withProcs(2);
        try (var pool = WorkerPool.open(DatasetFile.open(write(100_000), Optional.empty()), options)) {
            WorkerPool skipping =
                    pool.with(RunOptions.defaults().withTasks(4).withRetries(0).withSkipFailed(true));

            RunReport report = skipping.submitReported(
                            new NamedJob(Fatal.class.getName(), java.util.Map.of("order", "77777")))
                    .join()
                    .report();

            assertThat(report.leftOut()).singleElement().satisfies(left -> {
                assertThat(left.slice().from()).isLessThanOrEqualTo(77_777);
                assertThat(left.slice().to()).isGreaterThan(77_777);
                assertThat(left.slice().length()).isLessThan(20_000);
                assertThat(left.toString()).contains("records ");
            });
        }
    }

    /** Ends its process at one record. */
    public record Fatal(long order) implements Job<Long, Long> {
        @Override
        public Long start() {
            return 0L;
        }

        @Override
        public Long accept(Long count, Block block) {
            for (RecordCursor<Event> events = block.records(Event.class); events.next(); ) {
                if (events.reused().order() == order) {
                    Runtime.getRuntime().halt(9);
                }
            }
            return count + block.count();
        }

        @Override
        public Long merge(Long left, Long right) {
            return left + right;
        }

        @Override
        public Long finish(Long count) {
            return count;
        }
    }

    @Test
    void aJobThatReadsNumbersIsToldThatThereAreRecords() throws IOException {
        try (var pool = WorkerPool.open(
                DatasetFile.open(write(10), Optional.empty()),
                PoolOptions.defaults().withProcs(1))) {
            assertThatExceptionOfType(RunFailedException.class)
                    .isThrownBy(() -> pool.reduce(() -> 0L, (n, block) -> n + block.intAt(0), Long::sum))
                    .withMessageContaining("intAt reads int32, but this data is records");
        }
    }

    @Test
    void recordsOfOneLengthAreNeverCut() throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(24 * 50_000).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < 50_000; i++) {
            bytes.putLong(i).putDouble(i).putLong(-i);
        }
        Path path = Files.write(folder.resolve("fixed"), bytes.array());
        var options = PoolOptions.defaults()
                .withProcs(2)
                .withRunOptions(RunOptions.defaults().withTasks(7));
        try (var pool = WorkerPool.open(DatasetFile.openRecords(path, 24), options)) {
            long sum = pool.reduce(() -> 0L, RecordsIT::addFirsts, Long::sum);

            assertThat(sum).isEqualTo(50_000L * 49_999 / 2);
        }
    }

    private static Long addFirsts(Long sum, Block block) {
        long all = sum;
        for (RecordCursor<?> records = block.records(); records.next(); ) {
            all += block.segment().get(ValueLayout.JAVA_LONG_UNALIGNED, records.from());
        }
        return all;
    }

    @ParameterizedTest
    @EnumSource
    void objectsAreSharedAndReadInAnyOrder(EngineKind engine) {
        try (var pool = WorkerPool.open(
                        PoolOptions.defaults().withEngine(engine).withProcs(2));
                Shared<Records<Event>> shared = pool.shareRecords(events(1000))) {
            List<String> answers = pool.map(List.of(0, 1, 500, 998, 999), i -> describe(shared.get(), i));
            List<Long> sums =
                    pool.map(List.of(0, 400), from -> sumOfOrders(shared.get().part(from, 1000)));

            assertThat(answers)
                    .containsExactly(
                            "Placed 0 S0 0.1",
                            "Cancelled 1",
                            "Placed 500 S0 50.1",
                            "Placed 998 S8 99.9",
                            "Cancelled 999");
            assertThat(sums).containsExactly(999L * 1000 / 2, 999L * 1000 / 2 - 399L * 400 / 2);
            assertThat(shared.get().count()).isEqualTo(1000);
            assertThat(shared.get().at(998).order()).isEqualTo(998);
            assertThatExceptionOfType(IndexOutOfBoundsException.class)
                    .isThrownBy(() -> shared.get().at(1000));
            var reused = new Cancelled();
            assertThat(shared.get().read(999, reused)).isSameAs(reused);
            assertThat(reused.order()).isEqualTo(999);
        }
    }

    private static String describe(Records<Event> events, int index) {
        return switch (events.at(index)) {
            case Placed placed ->
                "Placed " + placed.order + " " + placed.symbol + " " + Math.round(placed.price * 10) / 10.0;
            case Cancelled cancelled -> "Cancelled " + cancelled.order;
        };
    }

    private static Long sumOfOrders(Records<Event> events) {
        long[] sum = {0};
        events.forEach(event -> sum[0] += event.order());
        return sum[0];
    }

    @Test
    void nothingSharedIsReadWhenItIsClosed() {
        try (var pool = WorkerPool.open(PoolOptions.defaults().withProcs(1))) {
            Shared<Records<Event>> shared = pool.shareRecords(events(0));
            assertThat(pool.map(List.of(1), _ -> shared.get().count())).containsExactly(0L);

            shared.close();

            assertThatIllegalStateException().isThrownBy(shared::get);
        }
    }

    @Test
    @SuppressWarnings("try") // closed early, which is what is tested
    void aFileAppearsWhenItIsPublishedAndOnlyThen() throws IOException {
        Path path = folder.resolve("a.records");
        try (RecordWriter<Event> writer = RecordWriter.create(path)) {
            writer.write(event(0));
            assertThat(path).doesNotExist();
            writer.publish();
            assertThatIllegalStateException().isThrownBy(writer::publish);
        }
        assertThat(DatasetFile.open(path, Optional.empty()).count()).isEqualTo(1);
        assertThatExceptionOfType(DatasetException.class)
                .isThrownBy(() -> RecordWriter.create(path))
                .withMessageEndingWith("a.records: already exists; remove it first, or use RecordWriter.replace");
        try (RecordWriter<Event> writer = RecordWriter.replace(path)) {
            writer.write(event(0));
            writer.write(event(1));
            writer.close();
            assertThatIllegalStateException().isThrownBy(() -> writer.write(event(1)));
            assertThatIllegalStateException().isThrownBy(writer::publish);
        }
        try (RecordWriter<BytesMarshallable> writer = RecordWriter.replace(path)) {
            BytesMarshallable broken = new BytesMarshallable() {
                @Override
                public void writeMarshallable(BytesOut<?> out) {
                    throw new IllegalArgumentException("broken");
                }
            };
            org.assertj.core.api.Assertions.assertThatIllegalArgumentException().isThrownBy(() -> writer.write(broken));
        }
        assertThat(DatasetFile.open(path, Optional.empty()).count()).isEqualTo(1);
        assertThatExceptionOfType(DatasetException.class)
                .isThrownBy(() -> RecordWriter.create(folder.resolve("none/a.records")))
                .withMessageEndingWith("there is no folder for it; create it first");
        assertThat(folder).isDirectoryNotContaining("glob:**.tmp");
    }

    private Path write(int count) {
        Path path = folder.resolve("events.records");
        try (RecordWriter<Event> writer = RecordWriter.create(path)) {
            events(count).forEach(writer::write);
            writer.publish();
        }
        return path;
    }

    private static List<Event> events(int count) {
        List<Event> events = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            events.add(event(i));
        }
        return events;
    }

    private static Event event(int i) {
        return i == 0 || i % 3 == 2 ? new Placed(i, "S" + i % 10, (i + 1) * 0.1) : new Cancelled(i);
    }
}
