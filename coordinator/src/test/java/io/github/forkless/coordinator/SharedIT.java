package io.github.forkless.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.github.forkless.common.dataset.Block;
import io.github.forkless.common.dataset.DatasetException;
import io.github.forkless.common.dataset.DatasetFile;
import io.github.forkless.common.dataset.ElementType;
import io.github.forkless.common.job.Job;
import io.github.forkless.common.job.SerializableFunction;
import io.github.forkless.common.shared.Bytes;
import io.github.forkless.common.shared.Chars;
import io.github.forkless.common.shared.Doubles;
import io.github.forkless.common.shared.Floats;
import io.github.forkless.common.shared.Ints;
import io.github.forkless.common.shared.Longs;
import io.github.forkless.common.shared.Shared;
import io.github.forkless.common.shared.Shorts;
import io.github.forkless.coordinator.journal.JournalException;
import io.github.forkless.coordinator.result.InvalidRequestException;
import io.github.forkless.coordinator.result.RunFailedException;
import io.github.forkless.testing.LongTest;
import io.github.forkless.testing.Patience;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Data of a program, shared with the workers of its pool. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Execution(ExecutionMode.SAME_THREAD)
class SharedIT {
    private static final int MIB = 1 << 20;

    @TempDir
    static Path folder;

    @TempDir(factory = MemoryFolder.class)
    private static Path memory;

    private static WorkerPool pool;

    @BeforeAll
    static void open() {
        pool = WorkerPool.open(PoolOptions.defaults()
                .withProcs(2)
                .withRunOptions(RunOptions.defaults().withRetries(0))
                .withSharedFolder(memory));
    }

    @AfterAll
    static void closingThePoolRemovesWhatIsShared() throws IOException {
        pool.share(new int[] {1});
        pool.close();

        assertThat(sharedFiles()).isEmpty();
        TestData.assertNoWorkerIsLeft();
    }

    private static List<Path> sharedFiles() throws IOException {
        try (Stream<Path> files = Files.list(memory)) {
            return files.toList();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3, 1_000_003})
    void arraysOfEveryTypeAreReadByWorkersAsTheyAre(int length) {
        byte[] bytes = new byte[length];
        short[] shorts = new short[length];
        char[] chars = new char[length];
        int[] ints = new int[length];
        long[] longs = new long[length];
        float[] floats = new float[length];
        double[] doubles = new double[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (i - 5);
            shorts[i] = (short) (i * 7 - 5);
            chars[i] = (char) (i * 11 + 40_000);
            ints[i] = i * 1_000_003 - 5;
            longs[i] = i * 1_000_000_000_039L - 5;
            floats[i] = i == 0 ? Float.NaN : i * 0.1f;
            doubles[i] = i == 0 ? -0.0 : i * 0.1;
        }
        try (Shared<Bytes> b = pool.share(bytes);
                Shared<Shorts> s = pool.share(shorts);
                Shared<Chars> c = pool.share(chars);
                Shared<Ints> i = pool.share(ints);
                Shared<Longs> l = pool.share(longs);
                Shared<Floats> f = pool.share(floats);
                Shared<Doubles> d = pool.share(doubles)) {
            List<List<Object>> read = pool.map(
                    List.of(0, 1),
                    n -> List.of(
                            b.get().toArray(),
                            s.get().toArray(),
                            c.get().toArray(),
                            i.get().toArray(),
                            l.get().toArray(),
                            f.get().toArray(),
                            d.get().toArray(),
                            sum(s.get(), c.get(), d.get())));

            double sum = 0;
            for (int at = 0; at < length; at++) {
                sum += shorts[at] + chars[at] + doubles[at];
            }
            for (List<Object> all : read) {
                assertThat(all.get(0)).isEqualTo(bytes);
                assertThat(all.get(1)).isEqualTo(shorts);
                assertThat(all.get(2)).isEqualTo(chars);
                assertThat(all.get(3)).isEqualTo(ints);
                assertThat(all.get(4)).isEqualTo(longs);
                assertThat(all.get(5)).isEqualTo(floats);
                assertThat(all.get(6)).isEqualTo(doubles);
                assertThat(all.get(7)).isEqualTo(sum);
            }
        }
    }

    private static double sum(Shorts shorts, Chars chars, Doubles doubles) {
        double sum = 0;
        for (long i = 0; i < doubles.count(); i++) {
            sum += shorts.at(i) + chars.at(i) + doubles.at(i);
        }
        return sum;
    }

    @Test
    void whatIsMadeInPlaceOrComesFromAStreamOrABufferIsShared() {
        try (Shared<Doubles> halves = pool.share(Doubles.of(300_000, i -> i / 2.0));
                Shared<Longs> squares =
                        pool.share(Longs.of(LongStream.range(0, 5).map(n -> n * n)));
                Shared<Ints> ints =
                        pool.share(Ints.of(IntStream.range(0, 400_000).parallel()));
                Shared<Doubles> none = pool.share(Doubles.of(DoubleStream.empty()));
                Shared<Bytes> buffer = pool.share(ByteBuffer.wrap(new byte[] {1, 2, 3, 4}, 1, 2));
                Shared<Bytes> segment = pool.share(MemorySegment.ofArray(new int[] {1, 256}))) {
            assertThat(pool.map(
                            List.of(0),
                            n -> List.of(
                                    halves.get().count(),
                                    halves.get().at(299_999),
                                    halves.get().part(10, 13).toArray(),
                                    squares.get().toArray(),
                                    ints.get().at(399_999),
                                    none.get().count(),
                                    buffer.get().toArray(),
                                    segment.get().toArray())))
                    .usingRecursiveComparison()
                    .isEqualTo(List.of(List.of(
                            300_000L,
                            149_999.5,
                            new double[] {5, 5.5, 6},
                            new long[] {0, 1, 4, 9, 16},
                            399_999,
                            0L,
                            new byte[] {2, 3},
                            new byte[] {1, 0, 0, 0, 0, 1, 0, 0})));
            assertThat(halves.get().at(3)).as("here too").isEqualTo(1.5);
        }
    }

    @LongTest
    @Test
    void moreThanAnArrayCanHoldIsShared() {
        long count = (1L << 31) / Long.BYTES + 10;
        try (Shared<Longs> many = pool.share(Longs.of(count, i -> i))) {
            assertThat(pool.map(
                            List.of(count - 1, 0L, count / 2), n -> many.get().at(n)))
                    .containsExactly(count - 1, 0L, count / 2);
        }
    }

    record Window(Shared<Doubles> prices, int from, int to) {}

    record Threshold(Shared<Ints> weights) implements Job<Long, Long> {
        @Override
        public Long start() {
            return 0L;
        }

        @Override
        public Long accept(Long sum, Block block) {
            long all = sum;
            for (long i = 0; i < block.count(); i++) {
                all += (long) block.intAt(i) * weights.get().at(block.start() + i);
            }
            return all;
        }

        @Override
        public Long merge(Long left, Long right) {
            return left + right;
        }

        @Override
        public Long finish(Long sum) {
            return sum;
        }
    }

    @Test
    void aHandleIsACaptureAParameterPartOfOneAFieldOfAJobOrInATask() throws Exception {
        Path data = TestData.ints(folder.resolve("data.bin"), 100_000, i -> i % 100);
        try (Shared<Doubles> prices = pool.share(new double[] {1, 2, 3, 4});
                Shared<Ints> weights = pool.share(Ints.of(100_000, i -> (int) (i % 3)));
                WorkerPool onData = pool.on(data)) {
            assertThat(pool.map(List.of(prices, prices), shared -> shared.get().at(2)))
                    .containsExactly(3.0, 3.0);
            assertThat(pool.map(
                            List.of(new Window(prices, 0, 2), new Window(prices, 2, 4)),
                            window -> window.prices
                                    .get()
                                    .part(window.from, window.to)
                                    .at(1)))
                    .containsExactly(2.0, 4.0);
            assertThat(pool.supplyAsync(() -> prices.get().at(3)).get()).isEqualTo(4.0);
            assertThat(onData.run(new Threshold(weights)))
                    .isEqualTo(LongStream.range(0, 100_000)
                            .map(i -> i % 100 * (i % 3))
                            .sum());
        }
    }

    @Test
    void severalDatasetsAreReadInOneCall() {
        Path first = TestData.ints(folder.resolve("first.bin"), 1000, i -> i);
        Path second = TestData.ints(folder.resolve("second.bin"), 1000, i -> -2 * i);
        try (WorkerPool onFirst = pool.on(first);
                Shared<Block> other = pool.share(second)) {
            assertThat(onFirst.map(
                            List.of(3, 999),
                            (data, i) -> data.intAt(i) + other.get().intAt(i)))
                    .containsExactly(-3, -999);
        }
        assertThat(second).exists();
    }

    @Test
    void aSharedDatasetThatChangesIsNoticed() throws IOException {
        Path data = TestData.ints(folder.resolve("changing.bin"), 1000, i -> i);
        try (Shared<Block> shared = pool.share(data)) {
            assertThat(pool.map(List.of(7), i -> shared.get().intAt(i))).containsExactly(7);
            TestData.ints(data, 1000, i -> i + 1);

            assertThatExceptionOfType(DatasetException.class)
                    .isThrownBy(() -> pool.map(List.of(7), i -> shared.get().intAt(i)))
                    .withMessageContaining("changing.bin")
                    .withMessageContaining("while it was in use");
            Files.delete(data);
            assertThatExceptionOfType(DatasetException.class)
                    .isThrownBy(() -> pool.map(List.of(7), i -> shared.get().intAt(i)))
                    .withMessageContaining("removed");
        }
        assertThat(pool.map(List.of(1), i -> i)).as("others go on").containsExactly(1);
    }

    @Test
    void aFileSharedTwiceIsReadAsEachSaysAndClosedForItself() throws Exception {
        Path data = TestData.ints(folder.resolve("twice.bin"), 1000, i -> i);
        String begun = folder.resolve("twice-begun").toString();
        String goOn = folder.resolve("twice-go-on").toString();
        Shared<Block> ints = pool.share(DatasetFile.open(data, Optional.of(ElementType.INT32)));
        try (Shared<Block> shorts = pool.share(DatasetFile.open(data, Optional.of(ElementType.INT16)))) {
            assertThat(pool.map(
                            List.of(8, 8),
                            i -> ints.get().numberAt(i) + shorts.get().numberAt(i)))
                    .containsExactly(12.0, 12.0);
            CompletableFuture<List<Double>> reading = pool.submitMap(List.of(8, 10, 12, 14), i -> {
                double number = shorts.get().numberAt(i);
                if (i == 8) {
                    TestData.give(Path.of(begun));
                }
                TestData.await(Path.of(goOn));
                return number;
            });
            TestData.await(Path.of(begun));
            ints.close();
            TestData.give(Path.of(goOn));

            assertThat(reading.get()).containsExactly(4.0, 5.0, 6.0, 7.0);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aFileThatIsSharedAgainIsReadAsItIsNow(EngineKind engine) throws IOException {
        Path data = TestData.ints(folder.resolve(engine + ".bin"), 1000, i -> i);
        try (var changing = WorkerPool.open(PoolOptions.defaults().withProcs(1).withEngine(engine))) {
            for (int round = 0; round < 2; round++) {
                try (Shared<Block> shared = changing.share(data)) {
                    int expected = 7 + round * 1000;
                    assertThat(shared.get().intAt(7)).isEqualTo(expected);
                    assertThat(changing.map(List.of(7), i -> shared.get().intAt(i)))
                            .containsExactly(expected);
                }
                TestData.ints(data, 1000, i -> i + 1000);
            }
            assertThat(changing.map(List.of(1), i -> i))
                    .as("has nothing to do with it")
                    .containsExactly(1);
        }
    }

    @Test
    void aHandleOfAnotherPoolOutlivesWhatIsClosedHere() throws Exception {
        String begun = folder.resolve("other-begun").toString();
        String goOn = folder.resolve("other-go-on").toString();
        PoolOptions one = PoolOptions.defaults().withProcs(1);
        try (var first = WorkerPool.open(one);
                var second = WorkerPool.open(one);
                Shared<Ints> foreign = second.share(new int[] {2, 3})) {
            Shared<Ints> own = first.share(new int[] {1});
            assertThat(first.map(List.of(0), n -> own.get().at(n))).containsExactly(1);
            CompletableFuture<List<Integer>> reading = first.submitMap(List.of(0, 1), n -> {
                int before = foreign.get().at(n);
                if (n == 0) {
                    TestData.give(Path.of(begun));
                }
                TestData.await(Path.of(goOn));
                return before;
            });
            TestData.await(Path.of(begun));
            own.close();
            TestData.give(Path.of(goOn));

            assertThat(reading.get()).containsExactly(2, 3);
        }
    }

    @Test
    void aHandleThatAWorkerReturnsIsAHandle() {
        try (Shared<Ints> small = pool.share(new int[] {3});
                Shared<Ints> large = pool.share(new int[] {70})) {
            List<Shared<Ints>> chosen =
                    pool.map(List.of(5, 50), n -> n < large.get().at(0) && n > 9 ? large : small);

            assertThat(chosen.get(1).get().at(0)).isEqualTo(70);
            assertThat(pool.map(chosen, shared -> shared.get().at(0))).containsExactly(3, 70);
        }
    }

    @LongTest
    @Test
    void aJournalKnowsWhatIsSharedByItsContent() throws IOException {
        Path data = TestData.ints(folder.resolve("journaled.bin"), 1000, i -> i);
        Path calls = folder.resolve("calls");
        Path journal = folder.resolve("journal");
        assertThat(journaled(journal, data, 70, calls)).containsExactly(77);
        Files.delete(calls);
        assertThat(journaled(journal, data, 70, calls)).containsExactly(77);
        assertThat(calls).as("nothing was done again").doesNotExist();
        assertThatExceptionOfType(JournalException.class)
                .isThrownBy(() -> journaled(journal, data, 71, calls))
                .withMessageContaining("captured values");
    }

    /** By a pool of its own, as that of a program that is started again. */
    private static List<Integer> journaled(Path journal, Path data, int element, Path calls) {
        var options = PoolOptions.defaults()
                .withProcs(1)
                .withRunOptions(RunOptions.defaults().withJournal(journal));
        try (var again = WorkerPool.open(options);
                Shared<Ints> own = again.share(new int[] {element});
                Shared<Block> dataset = again.share(data)) {
            return again.map(List.of(7), JournaledJobs.addingUp(own, dataset, calls.toString()));
        }
    }

    @Test
    void allProcessesReadOneCopy() throws IOException {
        int size = 64 * MIB;
        try (Shared<Bytes> shared = pool.share(Bytes.of(size, i -> (byte) i))) {
            String present = Files.createDirectory(folder.resolve("present")).toString();
            List<Long> pids = pool.map(List.of(0, 1), n -> {
                long sum = 0;
                Bytes bytes = shared.get();
                for (long i = 0; i < bytes.count(); i += 4096) {
                    sum += bytes.at(i);
                }
                assertThat(sum).isNotNegative();
                TestData.untilAllArePresent(present, 2).apply(null, n);
                return ProcessHandle.current().pid();
            });

            assertThat(pids).doesNotHaveDuplicates();
            long pss = 0;
            for (long pid : pids) {
                pss += proportionalBytes(pid, sharedFiles().getFirst());
            }
            assertThat(pss).as("of all workers together").isBetween(size / 2L, size + (long) MIB);
        }
    }

    /** What a process has of a file in memory, its share of what others have too. */
    private static long proportionalBytes(long pid, Path file) throws IOException {
        long bytes = 0;
        boolean isFile = false;
        for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/smaps"))) {
            if (line.matches("[0-9a-f]+-[0-9a-f]+ .*")) {
                isFile = line.endsWith(file.toString());
            } else if (isFile && line.startsWith("Pss:")) {
                bytes += Long.parseLong(line.replaceAll("\\D", "")) << 10;
            }
        }
        return bytes;
    }

    @Test
    void whatIsClosedIsRemovedUnmappedAndSaidToBeSo() throws Exception {
        Shared<Ints> closed = pool.share(new int[MIB]);
        String file = sharedFiles().getFirst().toString();
        String present = Files.createDirectory(folder.resolve("both")).toString();
        List<Long> pids = pool.map(List.of(0, 1), n -> {
            closed.get().at(5);
            TestData.untilAllArePresent(present, 2).apply(null, n);
            return ProcessHandle.current().pid();
        });
        closed.close();
        closed.close();

        assertThat(sharedFiles()).isEmpty();
        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(closed::get)
                .withMessageContaining("was closed");
        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> pool.map(List.of(0), n -> closed.get().at(n)))
                .withMessageContaining("was closed");
        for (long pid : pids) {
            assertThat(Patience.awaits(
                            Duration.ofSeconds(10),
                            () -> !Files.readString(Path.of("/proc/" + pid + "/maps"))
                                    .contains(file)))
                    .isTrue();
        }
    }

    @Test
    void whoIsAtWorkKeepsWhatIsClosed() {
        Path begun = folder.resolve("begun");
        Path goOn = folder.resolve("go-on");
        Shared<Ints> shared = pool.share(Ints.of(MIB, i -> (int) i));
        String begunName = begun.toString();
        String goOnName = goOn.toString();
        CompletableFuture<List<Integer>> reading = pool.submitMap(List.of(77), n -> {
            Ints ints = shared.get();
            TestData.give(Path.of(begunName));
            TestData.await(Path.of(goOnName));
            return ints.at(n);
        });
        TestData.await(begun);
        shared.close();
        TestData.give(goOn);

        assertThat(reading.join()).containsExactly(77);
    }

    @LongTest
    @Test
    void aThousandHandlesAreNoTrouble() throws IOException {
        List<Shared<Ints>> all = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            all.add(pool.share(new int[] {i}));
        }
        assertThat(pool.map(all, shared -> shared.get().at(0)))
                .isEqualTo(IntStream.range(0, 1000).boxed().toList());
        all.forEach(Shared::close);
        assertThat(sharedFiles()).isEmpty();
    }

    @LongTest
    @Test
    void aCaptureOfMuchIsRefusedAndSaysHowToShare() {
        double[] prices = new double[3 * MIB];
        assertThatExceptionOfType(InvalidRequestException.class)
                .isThrownBy(() -> pool.map(List.of(1), n -> prices[n]))
                .withMessage("the function carries more than 16777216 bytes; share"
                        + " what is large, so that all workers read one copy: 'var prices = pool.share(array)', and"
                        + " prices.get() in the lambda. To copy it all the same, use PoolOptions.withLargestCapture");
        var options = PoolOptions.defaults().withProcs(1).withLargestCapture(32 << 20);
        try (var generous = WorkerPool.open(options)) {
            assertThat(generous.map(List.of(1), n -> prices[n])).containsExactly(0.0);
        }
    }

    /** Also one that holds as much in small pieces, which nobody has counted before. */
    @LongTest
    @Test
    void aParameterOfMuchIsRefusedAndSaysHowToShare() {
        double[] prices = new double[3 * MIB];
        String[] words = new String[64];
        Arrays.setAll(words, i -> "x".repeat(1000));
        WorkerPool journaled = pool.with(RunOptions.defaults().withJournal(folder.resolve("refused.journal")));
        for (WorkerPool each : List.of(pool, journaled)) {
            assertThatExceptionOfType(InvalidRequestException.class)
                    .isThrownBy(() -> each.map(List.of(new double[1], prices), it -> it[0]))
                    .withMessageStartingWith("parameter 1 carries more than 16777216 bytes; share")
                    .withMessageContaining("pool.share(array)");
        }
        SerializableFunction<double[], Double> first = it -> it[0];
        assertThatExceptionOfType(InvalidRequestException.class)
                .isThrownBy(() -> pool.stream(List.of(prices), first).toList())
                .withMessageStartingWith("parameter 0 carries more than");
        var options = PoolOptions.defaults().withProcs(1);
        try (var narrow = WorkerPool.open(options.withLargestCapture(60_000));
                var generous = WorkerPool.open(options.withLargestCapture(32 << 20))) {
            assertThatExceptionOfType(InvalidRequestException.class)
                    .isThrownBy(() -> narrow.map(List.of(List.of(words)), it -> it.size()))
                    .withMessageStartingWith("parameter 0 carries more than 60000 bytes");
            assertThat(narrow.map(List.of(1), it -> it)).containsExactly(1);
            assertThat(generous.map(List.of(prices), it -> it[0])).containsExactly(0.0);
        }
    }

    @Test
    void aCaptureThatCannotTravelIsNamedAsEver() {
        var thread = new Thread();
        assertThatExceptionOfType(InvalidRequestException.class)
                .isThrownBy(() -> pool.map(List.of(1), n -> thread.getName()))
                .withMessageContaining("a lambda that captures 'thread', a java.lang.Thread");
    }

    @Test
    void aFolderWithoutRoomIsNamedBeforeAnythingIsWritten() {
        assertThatExceptionOfType(InvalidRequestException.class)
                .isThrownBy(() -> pool.share(Longs.of(1L << 50, i -> i)))
                .withMessageContaining(memory.toString())
                .withMessageContaining("it takes 9007199254740992 bytes")
                .withMessageContaining("PoolOptions.withSharedFolder");
        var nowhere = PoolOptions.defaults().withProcs(1).withSharedFolder(folder.resolve("nowhere"));
        try (var lost = WorkerPool.open(nowhere)) {
            assertThatExceptionOfType(InvalidRequestException.class)
                    .isThrownBy(() -> lost.share(new int[] {1}))
                    .withMessageContaining("there is no such folder");
        }
    }

    /** How much there will be nobody knows, and so it is a write that fails. */
    @Test
    void aFileSystemThatFillsUpFailsSharingAndKeepsNothing() throws Exception {
        assumeThat(Files.getAttribute(Path.of("/proc/self"), "unix:uid"))
                .as("only root can mount")
                .isEqualTo(0);
        Path small = Files.createDirectory(folder.resolve("small"));
        mount("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", small.toString());
        try (var tight = WorkerPool.open(PoolOptions.defaults().withProcs(1).withSharedFolder(small))) {
            assertThatExceptionOfType(InvalidRequestException.class)
                    .isThrownBy(() -> tight.share(Ints.of(IntStream.range(0, 4 * MIB))))
                    .withMessageContaining("No space left on device")
                    .withMessageContaining("PoolOptions.withSharedFolder");
            assertThat(small).isEmptyDirectory();
            assertThat(tight.map(List.of(1), n -> n)).containsExactly(1);
        } finally {
            mount("umount", small.toString());
        }
    }

    private static void mount(String... command) throws Exception {
        assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
    }

    @Test
    void whatMakesTheElementsMayThrow() throws IOException {
        assertThatExceptionOfType(ArithmeticException.class)
                .isThrownBy(() -> pool.share(Ints.of(10, i -> 1 / (int) i)));
        assertThat(sharedFiles()).isEmpty();
    }

    @Test
    void whoIsInterruptedSharesNothingAndStaysInterrupted() throws IOException {
        Thread.currentThread().interrupt();
        try {
            assertThatExceptionOfType(CancellationException.class)
                    .isThrownBy(() -> pool.share(new int[] {1}))
                    .withMessageContaining("interrupted");
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
        assertThat(sharedFiles()).isEmpty();
    }

    @Test
    void onlyThisUserCanReadTheFile() throws IOException {
        try (Shared<Ints> shared = pool.share(new int[] {1})) {
            assertThat(shared.get().at(0)).isEqualTo(1);
            assertThat(Files.getPosixFilePermissions(sharedFiles().getFirst()))
                    .hasToString("[OWNER_READ, OWNER_WRITE]");
        }
    }

    @Test
    void threadsReadItTooAndOtherPoolsKeepTheirs() {
        var threads = PoolOptions.defaults().withProcs(2).withEngine(EngineKind.THREADS);
        try (var other = WorkerPool.open(threads);
                Shared<Ints> ours = pool.share(new int[] {1})) {
            try (Shared<Ints> theirs = other.share(new int[] {2})) {
                assertThat(other.map(List.of(0), n -> theirs.get().at(n))).containsExactly(2);
                assertThat(pool.map(List.of(0), n -> theirs.get().at(n)))
                        .as("of another pool")
                        .containsExactly(2);
            }
            assertThat(other.map(List.of(0), n -> ours.get().at(n))).containsExactly(1);
        }
    }

    @Test
    void aPoolThatIsClosedSharesNothing() {
        var options = PoolOptions.defaults().withProcs(1);
        WorkerPool closed = WorkerPool.open(options);
        Shared<Ints> shared = closed.share(new int[] {1});
        assertThat(shared.get().at(0)).isEqualTo(1);
        closed.close();

        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> closed.share(new int[] {1}))
                .withMessage("the pool is closed");
        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(shared::get)
                .withMessageContaining("its pool was");
        shared.close();
    }

    /** Shares, says so, and waits to be killed. */
    static final class Host {
        public static void main(String[] args) throws Exception {
            var options = PoolOptions.defaults()
                    .withProcs(1)
                    .withEngine(EngineKind.valueOf(args[1]))
                    .withSharedFolder(Path.of(args[0]));
            try (var pool = WorkerPool.open(options);
                    Shared<Ints> shared = pool.share(new int[MIB])) {
                System.out.println(pool.map(List.of(3), n -> shared.get().at(n)));
                Thread.sleep(Duration.ofDays(1)); // until it is killed
            }
        }
    }

    @Test
    void ofAProgramThatIsKilledNothingIsLeft() throws Exception {
        Path left = Files.createDirectory(folder.resolve("a killed program's"));

        shareAndBeKilled(left, EngineKind.PROCESSES);

        assertThat(Patience.awaits(Duration.ofSeconds(2), () -> isEmpty(left))).isTrue();
    }

    private static boolean isEmpty(Path folder) {
        return folder.toFile().list().length == 0;
    }

    private static void shareAndBeKilled(Path folder, EngineKind engine) throws Exception {
        Process host = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Host.class.getName(),
                        folder.toString(),
                        engine.name())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (var out = host.inputReader()) {
            assertThat(out.readLine()).isEqualTo("[0]");
            host.destroyForcibly();
            assertThat(host.waitFor(Patience.of(Duration.ofSeconds(30)).toMillis(), TimeUnit.MILLISECONDS))
                    .isTrue();
        }
    }

    /** Workers in threads have nothing that outlives them. */
    @LongTest
    @Test
    void whatAKilledProgramLeavesTheNextOneThatSharesRemoves() throws Exception {
        Path left = Files.createDirectory(folder.resolve("left"));
        shareAndBeKilled(left, EngineKind.THREADS);
        try (Stream<Path> files = Files.list(left)) {
            assertThat(files).hasSize(1);
        }
        var options = PoolOptions.defaults().withProcs(1).withSharedFolder(left);
        try (var next = WorkerPool.open(options);
                Shared<Ints> shared = next.share(new int[] {4});
                Stream<Path> files = Files.list(left)) {
            assertThat(files).hasSize(1);
            assertThat(next.map(Collections.nCopies(3, 0), n -> shared.get().at(n)))
                    .containsExactly(4, 4, 4);
        }
        assertThat(left).isEmptyDirectory();
    }

    @Test
    void aTaskThatReadsBeyondTheEndFailsItsRun() {
        try (Shared<Ints> shared = pool.share(new int[] {1})) {
            assertThatExceptionOfType(RunFailedException.class)
                    .isThrownBy(() -> pool.map(List.of(1), n -> shared.get().at(n)))
                    .withMessageContaining("IndexOutOfBoundsException");
        }
    }
}
