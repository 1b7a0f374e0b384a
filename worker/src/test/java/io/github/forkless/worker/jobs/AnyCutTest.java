package io.github.forkless.worker.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.forkless.common.dataset.Block;
import io.github.forkless.common.dataset.ElementType;
import io.github.forkless.common.job.Job;
import io.github.forkless.worker.jobs.brc.OneBillionRows;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever the cut into slices and blocks, and in whatever groups partials are merged, the answer is the same. */
class AnyCutTest {
    private static final int CUTS = 30;

    static Stream<Arguments> textJobs() {
        var random = new SplittableRandom(11);
        List<byte[]> texts = List.of(
                new byte[0],
                Samples.text(random, 10, false),
                Samples.text(random, 3_000, false),
                Samples.text(random, 40_000, true),
                "no newline at all".getBytes(StandardCharsets.UTF_8));
        List<Job<?, ?>> jobs = List.of(
                new Wc(), new Grep("needle", 0), new Grep("needle", 5), new Grep("n.e", 3), new Top(10), new Top(1000));
        return jobs.stream().flatMap(job -> texts.stream().map(text -> Arguments.of(job, text)));
    }

    @ParameterizedTest
    @MethodSource("textJobs")
    void ofText(Job<?, ?> job, byte[] text) {
        check(job, Passes.block(ElementType.TEXT, text));
    }

    static Stream<Arguments> rows() {
        return Stream.of(0, 1, 2, 3, 10, 300, 5_000)
                .flatMap(rows -> Stream.of(3, 1_000).map(names -> Arguments.of(rows, names)));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void ofRows(int rows, int names) {
        var random = new SplittableRandom(rows + names);
        var text = new StringBuilder();
        for (int i = 0; i < rows; i++) {
            int name = random.nextInt(names);
            text.append("é".repeat(name % 60)).append(name).append(';');
            text.append(random.nextInt(-99, 100)).append('.').append(random.nextInt(10));
            text.append(i < rows - 1 || random.nextBoolean() ? "\n" : "");
        }
        check(new OneBillionRows(), Passes.text(text.toString()));
    }

    static Stream<Arguments> numberJobs() {
        var low = new BigDecimal("-50.5");
        var high = new BigDecimal("1e9");
        List<Job<?, ?>> jobs = List.of(
                new Sum(),
                new Stats(),
                new Count(low, null),
                new Count(low, high),
                new Count(null, null),
                new Histogram(7, low, high),
                new Histogram(7, null, null),
                new Histogram(7, null, high));
        return Stream.of(ElementType.values())
                .filter(type -> type.isNumber() && type.readAs() == type)
                .flatMap(type -> jobs.stream()
                        // The last bits of a float's standard deviation depend on the cut: see FloatsTest.
                        .filter(job -> !(job instanceof Stats && type.isFloating()))
                        .map(job -> Arguments.of(job, type)));
    }

    @ParameterizedTest
    @MethodSource("numberJobs")
    void ofNumbers(Job<?, ?> job, ElementType type) {
        for (int length : new int[] {0, 8, 800, 80_000}) {
            byte[] data = new byte[length];
            new SplittableRandom(length).nextBytes(data);
            check(job, Passes.block(type, data));
        }
    }

    private static void check(Job<?, ?> job, Block whole) {
        Object expected = Passes.once(job, whole);
        var random = new SplittableRandom(whole.count());
        for (int i = 0; i < CUTS; i++) {
            assertThat(Passes.<Object, Object>cut(untyped(job), whole, random))
                    .usingRecursiveComparison()
                    .withEqualsForType(Double::equals, Double.class) // to the last bit, NaN included
                    .isEqualTo(expected);
        }
    }

    @SuppressWarnings("unchecked") // partials are handed back to the job that made them
    private static Job<Object, Object> untyped(Job<?, ?> job) {
        return (Job<Object, Object>) job;
    }
}
