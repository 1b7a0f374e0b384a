package io.github.forkless.worker.jobs.groups;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import io.github.forkless.common.dataset.Block;
import io.github.forkless.common.dataset.Dataset;
import io.github.forkless.common.dataset.DatasetFile;
import io.github.forkless.common.dataset.ElementType;
import io.github.forkless.common.dataset.MappedDataset;
import io.github.forkless.common.dataset.Slice;
import io.github.forkless.common.job.MalformedDataException;
import io.github.forkless.common.value.ValueReader;
import io.github.forkless.common.value.ValueWriter;
import io.github.forkless.testing.ArrowFiles;
import io.github.forkless.testing.ArrowFiles.Column;
import io.github.forkless.worker.jobs.Passes;
import io.github.forkless.worker.jobs.Stats;
import io.github.forkless.worker.jobs.Sum;
import io.github.forkless.worker.jobs.groups.GroupBy.Statistic;
import io.github.forkless.worker.jobs.texts.Allocated;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Groups have the figures that the jobs over one column find in the rows of each. */
class GroupByTest {
    private static final int ROWS = 3_000;
    private static final int[] BATCHES = {0, 1, 640, 1000, 65};
    private static final double BIG = 0x1p700;

    @TempDir
    private Path folder;

    private DatasetFile table(Column... columns) throws IOException {
        return DatasetFile.open(
                Files.write(
                        folder.resolve("table.arrow"),
                        ArrowFiles.file(List.of(columns), columns[0].values().length < ROWS ? new int[0] : BATCHES)),
                Optional.empty());
    }

    private static List<Record> answer(DatasetFile file, GroupBy job, int slices) {
        Groups all = job.start(file.layout());
        MappedDataset data = MappedDataset.map(file);
        long from = 0;
        for (int i = 1; i <= slices; i++) {
            long to = file.count() * i / slices;
            all = job.merge(all, travelled(partial(job, data, new Slice(from, to))));
            from = to;
        }
        return job.finish(travelled(all));
    }

    private static Groups travelled(Groups partial) {
        return (Groups) ValueReader.decode(ValueWriter.encode(partial), Passes.TYPES);
    }

    static Stream<Arguments> keys() {
        var random = new SplittableRandom(5);
        int[] of = random.ints(ROWS, 0, 40).toArray();
        IntFunction<String> text = i -> of[i] == 7 ? null : of[i] == 0 ? "" : "é".repeat(of[i]) + of[i];
        String[] texts = IntStream.range(0, ROWS).mapToObj(text).toArray(String[]::new);
        Long[] longs = IntStream.range(0, ROWS)
                .mapToObj(i -> of[i] == 7 ? null : (Long) (of[i] * 0x1234567890abL - 5))
                .toArray(Long[]::new);
        Long[] days = IntStream.range(0, ROWS).mapToObj(i -> (long) of[i]).toArray(Long[]::new);
        Boolean[] truths =
                IntStream.range(0, ROWS).mapToObj(i -> of[i] % 2 == 0).toArray(Boolean[]::new);
        return Stream.of(
                Arguments.of(ArrowFiles.texts("key", texts), texts),
                Arguments.of(ArrowFiles.textViews("key", texts), texts),
                Arguments.of(ArrowFiles.dictionaryTexts("key", texts), texts),
                Arguments.of(ArrowFiles.integers("key", 64, true, longs), longs),
                Arguments.of(ArrowFiles.integers("key", 8, false, days), days),
                Arguments.of(ArrowFiles.booleans("key", truths), truths));
    }

    @ParameterizedTest
    @MethodSource("keys")
    void ofIntegersAllIsExact(Column key, Object[] keys) throws Exception {
        var random = new SplittableRandom(1);
        Long[] values = random.longs(ROWS)
                .mapToObj(x -> x % 11 == 0 ? null : x % 7 == 0 ? (Long) Long.MIN_VALUE : (Long) x)
                .toArray(Long[]::new);
        DatasetFile file = table(key, ArrowFiles.integers("n", 64, true, values));

        for (int slices : new int[] {1, 7}) {
            assertThat(answer(file, new GroupBy("key", "n", Statistic.stats), slices))
                    .isEqualTo(expected(keys, values, (name, of) -> {
                        var s = (Stats.OfIntegers) stats(ElementType.INT64, of);
                        return new GroupBy.OfIntegers(name, s.count(), s.sum(), s.min(), s.max(), s.mean(), s.stddev());
                    }));
            assertThat(answer(file, new GroupBy("key", "n", Statistic.sum), slices))
                    .isEqualTo(expected(keys, values, (name, of) -> {
                        var s = (Stats.OfIntegers) stats(ElementType.INT64, of);
                        return new GroupBy.SumOfIntegers(name, s.count(), s.sum());
                    }));
            assertThat(answer(file, new GroupBy("key", "n", Statistic.count), slices))
                    .isEqualTo(expected(keys, values, (name, of) -> new GroupBy.Count(name, of.size())));
            assertThat(answer(file, new GroupBy("key", null, Statistic.stats), slices))
                    .isEqualTo(expected(
                            keys,
                            keys.clone(),
                            (name, of) -> new GroupBy.Count(
                                    name,
                                    Stream.of(keys)
                                            .filter(it -> name == null ? it == null : name.equals(String.valueOf(it)))
                                            .count())));
        }
    }

    /** Numbers that the window of a sum has room for, and others. */
    static Stream<Arguments> floats() {
        var random = new SplittableRandom(3);
        List<IntFunction<Double>> kinds = List.of(
                i -> random.nextDouble(-1, 1),
                i -> 1e9 + random.nextDouble(),
                i -> random.nextInt(4) * 0.0 - (i % 3 == 0 ? 0.0 : random.nextInt(3)),
                i -> Math.scalb(random.nextDouble(), random.nextInt(-1074, 1000)),
                i -> Math.scalb(random.nextDouble(), random.nextInt(-70, 70)),
                i -> i == 0 ? Double.MIN_VALUE : random.nextDouble() * BIG,
                i -> i < 2_000 ? 1e-200 * i : 1e200,
                i -> i % 50 == 0 ? Double.NaN : i % 1_001 == 0 ? Double.POSITIVE_INFINITY : random.nextDouble(),
                i -> i % 5 == 0 ? null : -Math.abs(random.nextDouble(1e6)));
        return kinds.stream()
                .map(kind -> Arguments.of(
                        (Object) IntStream.range(0, ROWS).mapToObj(kind::apply).toArray(Double[]::new)));
    }

    @ParameterizedTest
    @MethodSource("floats")
    void ofFloatsAllIsExact(Double[] values) throws Exception {
        Long[] keys = new SplittableRandom(9).longs(ROWS, 0, 9).boxed().toArray(Long[]::new);
        DatasetFile file = table(ArrowFiles.integers("key", 16, true, keys), ArrowFiles.float64("x", values));

        List<Record> whole = answer(file, new GroupBy("key", "x", Statistic.stats), 1);

        for (int slices : new int[] {1, 3, 40}) {
            List<Record> found = answer(file, new GroupBy("key", "x", Statistic.stats), slices);

            List<Record> expected = expected(keys, values, (name, of) -> {
                var s = (Stats.OfFloats) stats(ElementType.FLOAT64, of);
                return new GroupBy.OfFloats(name, s.count(), s.nan(), s.sum(), s.min(), s.max(), s.mean(), s.stddev());
            });
            assertThat(found).isEqualTo(whole); // to the last bit
            assertThat(found.stream().map(GroupByTest::withoutDeviation))
                    .isEqualTo(
                            expected.stream().map(GroupByTest::withoutDeviation).toList());
            for (int i = 0; i < found.size(); i++) {
                double stddev = ((GroupBy.OfFloats) expected.get(i)).stddev();
                assertThat(((GroupBy.OfFloats) found.get(i)).stddev())
                        .as("%s", expected.get(i))
                        .isEqualTo(stddev, within(Double.isNaN(stddev) ? 0 : stddev * 1e-11));
            }
            assertThat(answer(file, new GroupBy("key", "x", Statistic.sum), slices))
                    .isEqualTo(expected(
                            keys,
                            values,
                            (name, of) -> new GroupBy.SumOfFloats(
                                    name, of.size(), (Double) Passes.once(new Sum(), block(ElementType.FLOAT64, of)))));
        }
    }

    private static Record withoutDeviation(Record record) {
        var it = (GroupBy.OfFloats) record;
        return new GroupBy.OfFloats(it.key(), it.count(), it.nan(), it.sum(), it.min(), it.max(), it.mean(), 0);
    }

    /** What there is of each key whose values are not null, in the keys' order, null last. */
    private interface Figures {
        Record of(String key, List<?> values);
    }

    private static List<Record> expected(Object[] keys, Object[] values, Figures figures) {
        Comparator<Object> order = (one, other) -> one instanceof String text
                ? text.compareTo((String) other) // no character here is where UTF-16 and UTF-8 differ
                : Long.compare(number(one), number(other));
        var groups = new TreeMap<Object, List<Object>>(Comparator.nullsLast(order));
        for (int i = 0; i < keys.length; i++) {
            List<Object> group = groups.computeIfAbsent(keys[i], _ -> new ArrayList<>());
            if (values[i] != null) {
                group.add(values[i]);
            }
        }
        return groups.entrySet().stream()
                .map(it -> figures.of(it.getKey() == null ? null : it.getKey().toString(), it.getValue()))
                .toList();
    }

    private static long number(Object key) {
        return key instanceof Boolean it ? it ? 1 : 0 : (Long) key;
    }

    private static Record stats(ElementType type, List<?> values) {
        return Passes.once(new Stats(), block(type, values));
    }

    private static Block block(ElementType type, List<?> values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.size() * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (Object value : values) {
            bytes.putLong(value instanceof Double it ? Double.doubleToRawLongBits(it) : (Long) value);
        }
        return Passes.block(type, bytes.array());
    }

    @Test
    void datesAndTimesAreShownAsSuch() throws Exception {
        DatasetFile file =
                table(ArrowFiles.dates("day", 0L, 20_000L), ArrowFiles.timestamps("at", -1L, 1_500_000_000L));

        assertThat(answer(file, new GroupBy("day", null, Statistic.stats), 1))
                .containsExactly(new GroupBy.Count("1970-01-01", 1), new GroupBy.Count("2024-10-04", 1));
        assertThat(answer(file, new GroupBy("at", null, Statistic.stats), 1))
                .extracting(record -> ((GroupBy.Count) record).key())
                .allMatch(key -> key.matches("(1969-12-31T23:59:59.999999999|1970-01-01T00:00:01.500)Z?"))
                .hasSize(2);
    }

    @Test
    void manyGroupsAreFoundAgain() throws Exception {
        int rows = 100_000;
        String[] keys =
                IntStream.range(0, rows).mapToObj(i -> "key " + i % 50_000).toArray(String[]::new);
        DatasetFile file = table(ArrowFiles.texts("key", keys), ArrowFiles.int32("n", 0, rows));

        List<Record> found = answer(file, new GroupBy("#0", "#1", Statistic.sum), 3);

        assertThat(found).hasSize(50_000);
        assertThat(found.getFirst()).isEqualTo(new GroupBy.SumOfIntegers("key 0", 2, BigInteger.valueOf(50_000)));
    }

    @Test
    void aUint64ThatNoLongHoldsIsAFaultOfTheDataThatSaysWhereItIs() throws Exception {
        DatasetFile file = table(
                ArrowFiles.integers("low", 64, false, null, 2L, 3L),
                ArrowFiles.integers("high", 64, false, 1L, 2L, -1L));

        for (var job : List.of(
                new GroupBy("high", null, Statistic.count),
                new GroupBy("low", "high", Statistic.sum),
                new GroupBy("high", "low", Statistic.stats))) {
            assertThatExceptionOfType(MalformedDataException.class)
                    .isThrownBy(() -> answer(file, job, 1))
                    .withMessageStartingWith("row 2 of the column 'high' is 18446744073709551615, and uint64 is read as"
                            + " int64, which ends at 9223372036854775807;");
        }
    }

    @Test
    void textsAreInTheOrderOfTheirBytes() throws Exception {
        String[] inOrder = {"", "\0", "a", "a\0", "a".repeat(40), "b", "\uffff", "\ud83d\ude00", null};
        DatasetFile file =
                table(ArrowFiles.texts("key", Arrays.asList(inOrder).reversed().toArray(String[]::new)));

        assertThat(answer(file, new GroupBy("key", null, Statistic.stats), 1))
                .extracting(record -> ((GroupBy.Count) record).key())
                .containsExactly(inOrder);
    }

    /** What is copied tells, and not a clock. */
    @Test
    void mergingTakesTwiceAsMuchForTwiceAsManyGroups() throws Exception {
        mergingAllocates(1_000); // loads classes
        long some = mergingAllocates(4_000);
        assertThat(mergingAllocates(8_000)).isLessThan(some * 22 / 10);
    }

    private long mergingAllocates(int groups) throws IOException {
        int partials = 20;
        Long[] keys = LongStream.range(0, (long) groups * partials)
                .mapToObj(i -> i % groups)
                .toArray(Long[]::new);
        DatasetFile file =
                table(ArrowFiles.integers("key", 64, true, keys), ArrowFiles.int32("n", 0, groups * partials));
        long before = Allocated.byThisThread();
        assertThat(answer(file, new GroupBy("key", "n", Statistic.stats), partials))
                .hasSize(groups);
        return Allocated.byThisThread() - before;
    }

    /** Those that have come are merged with each other before they are with a large one. */
    @Test
    void smallPartialsDoNotHaveALargeOneReadAgain() throws Exception {
        int groups = 10_000;
        DatasetFile file = table(ArrowFiles.int32("key", 0, groups));
        var job = new GroupBy("key", null, Statistic.count);
        MappedDataset data = MappedDataset.map(file);
        Groups all = partial(job, data, new Slice(0, groups));
        long large = ValueWriter.encode(all).length;
        long before = Allocated.byThisThread();
        for (int i = 0; i < 500; i++) {
            all = job.merge(all, partial(job, data, new Slice(i, i + 1)));
        }
        assertThat(job.finish(travelled(all))).hasSize(groups);

        assertThat(Allocated.byThisThread() - before).isLessThan(250 * large); // 500 of it are read otherwise
    }

    @Test
    void eachOfSeveralFilesHasADictionaryOfItsOwn() throws Exception {
        Files.write(
                folder.resolve("a.arrow"), ArrowFiles.file(List.of(ArrowFiles.dictionaryTexts("t", "x", "y", "x"))));
        Files.write(
                folder.resolve("b.arrow"), ArrowFiles.file(List.of(ArrowFiles.dictionaryTexts("t", "y", "z", "x"))));
        Dataset dataset = Dataset.open(folder, Optional.empty());
        var job = new GroupBy("t", null, Statistic.count);

        assertThat(job.finish(partial(job, MappedDataset.map(dataset), dataset.whole())))
                .extracting(Object::toString)
                .containsExactly("Count[key=x, count=3]", "Count[key=y, count=2]", "Count[key=z, count=1]");
    }

    private static Groups partial(GroupBy job, MappedDataset data, Slice slice) {
        Groups[] partial = {job.start(data.dataset().layout())};
        data.forEachBlock(slice, 4096, 1, block -> partial[0] = job.accept(partial[0], block));
        return partial[0];
    }

    @Test
    void columnsThatCannotBeUsedSoAreNamed() throws Exception {
        DatasetFile file = table(ArrowFiles.float64("x", 1.5), ArrowFiles.texts("t", "a"));

        assertThat(new GroupBy("x", null, Statistic.stats).refusal(file.layout()))
                .contains("the column 'x' is float64; rows are grouped by texts, integers, truth values, dates and"
                        + " times");
        assertThat(new GroupBy("t", "t", Statistic.stats).refusal(file.layout()))
                .contains("the column 't' is utf8, and not numbers that can be added up");
        assertThat(new GroupBy("t", "y", Statistic.stats).refusal(file.layout()))
                .contains("there is no column 'y'; there are x (float64), t (utf8)");
        assertThat(new GroupBy("t", "x", Statistic.stats).refusal(file.layout()))
                .isEmpty();
    }
}
