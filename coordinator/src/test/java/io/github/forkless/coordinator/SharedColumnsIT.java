package io.github.forkless.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.forkless.common.dataset.Block;
import io.github.forkless.common.job.Job;
import io.github.forkless.common.shared.Doubles;
import io.github.forkless.common.shared.Ints;
import io.github.forkless.common.shared.Matrix;
import io.github.forkless.common.shared.Shared;
import io.github.forkless.common.shared.Strings;
import io.github.forkless.common.shared.Table;
import io.github.forkless.coordinator.JournaledJobs.Numbered;
import io.github.forkless.coordinator.journal.JournalException;
import io.github.forkless.coordinator.result.RunFailedException;
import io.github.forkless.testing.LongTest;
import io.github.forkless.testing.Thorough;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Matrices, strings and records, shared with the workers of a pool. */
@ParameterizedClass
@EnumSource
@Execution(ExecutionMode.SAME_THREAD)
class SharedColumnsIT {
    @TempDir
    static Path folder;

    @TempDir(factory = MemoryFolder.class)
    static Path memory;

    private static Path shared;
    private static WorkerPool pool;

    @Parameter
    EngineKind engine;

    @BeforeParameterizedClassInvocation
    static void open(EngineKind engine) throws IOException {
        shared = Files.createDirectory(memory.resolve(engine.toString()));
        pool = WorkerPool.open(PoolOptions.defaults()
                .withEngine(engine)
                .withProcs(2)
                .withRunOptions(RunOptions.defaults().withRetries(0))
                .withSharedFolder(shared));
    }

    @AfterParameterizedClassInvocation
    static void closingThePoolRemovesWhatIsShared() {
        pool.share(new int[][] {{1}});
        pool.close();

        assertThat(shared).isEmptyDirectory();
        TestData.assertNoWorkerIsLeft();
    }

    record Row(Shared<Matrix<Doubles>> prices, int number) {}

    @Test
    void aMatrixIsReadByRows() {
        try (Shared<Matrix<Doubles>> prices = pool.share(new double[][] {{1, 2, 3}, {4, 5, 6}});
                Shared<Matrix<Ints>> made =
                        pool.share(Ints.matrix(1000, 1000, (row, column) -> (int) (row * column)))) {
            assertThat(pool.map(
                            List.of(new Row(prices, 0), new Row(prices, 1)),
                            row -> row.prices.get().row(row.number).at(2)))
                    .containsExactly(3.0, 6.0);
            assertThat(pool.map(
                            List.of(0, 999),
                            i -> List.of(
                                    made.get().rows(),
                                    made.get().row(i).at(999),
                                    made.get().values().at(999 * 1000 + i),
                                    made.get().part(i, i + 1).row(0).at(i))))
                    .containsExactly(List.of(1000L, 0, 0, 0), List.of(1000L, 998_001, 998_001, 998_001));
            List<Shared<Matrix<Doubles>>> back = pool.map(List.of(0), n -> prices);
            assertThat(back.getFirst().get().row(1).toArray()).containsExactly(4, 5, 6);
        }
    }

    enum Side {
        BUY,
        SELL
    }

    record Party(String name, Integer age) {}

    record Trade(long id, double price, int size, String symbol, Side side, Party party, Instant at) {
        static Trade number(long i) {
            return new Trade(
                    i,
                    i / 4.0,
                    (int) i % 10,
                    i % 5 == 4 ? null : "\ud83dSYM" + i % 3,
                    i % 3 == 0 ? null : Side.values()[(int) i % 2],
                    i % 4 == 0 ? null : new Party("Ünal " + i, i % 2 == 0 ? null : 40),
                    Instant.ofEpochSecond(i, i));
        }
    }

    /** Sums up what of two tables is in one. */
    record Lookup(Shared<Table<Trade>> trades, Shared<Strings> names) implements Job<Long, Long> {
        @Override
        public Long start() {
            return 0L;
        }

        @Override
        public Long accept(Long sum, Block block) {
            long all = sum;
            for (long i = 0; i < block.count(); i++) {
                int n = block.intAt(i);
                all += trades.get().at(n).id() + names.get().at(n).length();
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

    record Range(Shared<Table<Trade>> trades, long from, long to) {}

    @Test
    void stringsAreReadAsTheyWere() {
        try (Shared<Strings> words = pool.share(new String[] {"a", null, "\ud83d half", "日本", ""});
                Shared<Strings> streamed =
                        pool.share(Strings.of(IntStream.range(0, 100_000).mapToObj(i -> "word " + i % 70_000)));
                Shared<Strings> none = pool.share(Strings.of(List.of()))) {
            assertThat(pool.map(List.of(0, 3, 4), i -> words.get().at(i))).containsExactly("a", "日本", "");
            assertThat(pool.map(
                            List.of(2),
                            i -> words.get().at(i).charAt(0) == '\ud83d'
                                    && words.get().at(1) == null))
                    .containsExactly(true);
            assertThat(pool.map(
                            List.of(0, 99_999),
                            i -> streamed.get().at(i) + streamed.get().count()))
                    .containsExactly("word 0100000", "word 29999100000");
            assertThat(pool.map(List.of(words, none), any -> any.get().count())).containsExactly(5L, 0L);
        }
    }

    @Test
    void recordsAreReadAsTheyWereAndByColumns() throws Exception {
        List<Trade> trades = LongStream.range(0, 1000).mapToObj(Trade::number).toList();
        Path data = TestData.ints(folder.resolve(engine + ".bin"), 500, i -> i * 2);
        try (Shared<Table<Trade>> table = pool.share(trades);
                Shared<Table<Trade>> made = pool.share(Table.of(Trade.class, 1000, Trade::number));
                Shared<Table<Trade>> streamed = pool.share(Table.of(Trade.class, trades.stream()));
                Shared<Strings> names = pool.share(Strings.of(Collections.nCopies(1000, "four")));
                WorkerPool onData = pool.on(data)) {
            for (Shared<Table<Trade>> each : List.of(table, made, streamed)) {
                assertThat(pool.map(List.of(0, 1, 7, 999), i -> each.get().at(i).toString()))
                        .containsExactly(
                                trades.get(0).toString(),
                                trades.get(1).toString(),
                                trades.get(7).toString(),
                                trades.get(999).toString());
            }
            assertThat(pool.map(List.of(0L, 500L, 993L), i -> sizes(table.get(), i)))
                    .containsExactly(4500L, 2250L, 42L);
            assertThat(pool.map(
                            List.of(new Range(table, 0, 3), new Range(made, 998, 1000)),
                            range -> prices(range.trades.get().part(range.from, range.to))))
                    .containsExactly(0.75, 499.25);
            assertThat(pool.supplyAsync(
                                    () -> table.get().longs("at.epochSecond").at(9)
                                            + (table.get().isNull("party.age", 2) ? 1 : 0))
                            .get())
                    .isEqualTo(10);
            assertThat(onData.run(new Lookup(table, names))).isEqualTo(2 * 499 * 500 / 2 + 4 * 500);
            List<Shared<Table<Trade>>> back = pool.map(List.of(0), n -> table);
            assertThat(back.getFirst().get().at(3)).isEqualTo(Trade.number(3));
            assertThat(pool.map(back, again -> again.get().strings("party.name").at(5)))
                    .containsExactly("Ünal 5");
        }
    }

    private static long sizes(Table<Trade> trades, long from) {
        Ints sizes = trades.ints("size");
        long sum = 0;
        for (long i = from; i < sizes.count(); i++) {
            sum += sizes.at(i);
        }
        return sum;
    }

    private static double prices(Table<Trade> trades) {
        double sum = 0;
        for (long i = 0; i < trades.count(); i++) {
            sum += trades.at(i).price();
        }
        return sum;
    }

    @Test
    void whatIsRefusedInAWorkerSaysWhatThereIs() {
        try (Shared<Table<Trade>> table = pool.share(List.of(Trade.number(1)))) {
            assertThatExceptionOfType(RunFailedException.class)
                    .isThrownBy(() -> pool.map(
                            List.of(0), i -> table.get().doubles("cost").at(i)))
                    .withMessageContaining("there is no column 'cost'")
                    .withMessageContaining("price (double)");
        }
    }

    @Test
    void nothingIsLeftOfWhatCannotBeShared() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> pool.share(List.of(new Holder(List.of()))))
                .withMessageContaining("Holder.all is a java.util.List");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> pool.share(Table.of(Trade.class, Stream.of(Trade.number(1), null))))
                .withMessageContaining("record 1 is null");
        assertThatIllegalArgumentException().isThrownBy(() -> pool.share(new int[][] {{1}, {}}));
        assertThat(shared).isEmptyDirectory();
    }

    record Holder(List<String> all) {}

    @Test
    void whatIsClosedIsGone() {
        Shared<Table<Trade>> table = pool.share(List.of(Trade.number(1)));
        Shared<Strings> strings = pool.share(Strings.of(Stream.of("a")));
        assertThat(shared).isDirectoryContaining(_ -> true);
        table.close();
        strings.close();

        assertThat(shared).isEmptyDirectory();
        assertThatIllegalStateException().isThrownBy(table::get).withMessageContaining("was closed");
        assertThatIllegalStateException()
                .isThrownBy(() -> pool.map(List.of(0), i -> strings.get().at(i)))
                .withMessageContaining("was closed");
    }

    @LongTest
    @Test
    void aJournalKnowsRecordsByTheirContent() throws IOException {
        Path calls = folder.resolve("calls-" + engine);
        Path journal = folder.resolve("journal-" + engine);
        assertThat(journaled(journal, 7, calls)).containsExactly(7L);
        Files.delete(calls);
        assertThat(journaled(journal, 7, calls)).containsExactly(7L);
        assertThat(calls).as("nothing was done again").doesNotExist();
        assertThatExceptionOfType(JournalException.class)
                .isThrownBy(() -> journaled(journal, 8, calls))
                .withMessageContaining("captured values");
    }

    private List<Long> journaled(Path journal, int number, Path calls) {
        var options = PoolOptions.defaults()
                .withProcs(1)
                .withEngine(engine)
                .withRunOptions(RunOptions.defaults().withJournal(journal));
        try (var again = WorkerPool.open(options);
                Shared<Table<Numbered>> table = again.share(List.of(new Numbered(number, "name")))) {
            return again.map(List.of(0), JournaledJobs.numberOf(table, calls.toString()));
        }
    }

    /** Both engines read what this process has written, in the same way: once is enough for what takes a minute. */
    @LongTest
    @Test
    void moreStringsThanAnArrayCanHoldAreShared() {
        int megabytes = engine == EngineKind.PROCESSES ? Thorough.or(2_200, 22) : 22;
        String megabyte = "0123456789".repeat(100_000);
        try (Shared<Strings> many =
                pool.share(Strings.of(IntStream.range(0, megabytes).mapToObj(i -> i + megabyte)))) {
            assertThat(pool.map(
                            List.of(0, 11, megabytes - 1), i -> many.get().at(i).equals(i + megabyte)))
                    .containsExactly(true, true, true);
        }
    }
}
