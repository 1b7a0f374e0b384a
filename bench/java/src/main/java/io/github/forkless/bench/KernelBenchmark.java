package io.github.forkless.bench;

import io.github.forkless.common.dataset.Block;
import io.github.forkless.common.dataset.ElementType;
import io.github.forkless.common.dataset.Layout;
import io.github.forkless.common.dataset.Slices;
import io.github.forkless.common.job.Job;
import io.github.forkless.worker.jobs.Count;
import io.github.forkless.worker.jobs.Grep;
import io.github.forkless.worker.jobs.Stats;
import io.github.forkless.worker.jobs.Sum;
import io.github.forkless.worker.jobs.Wc;
import io.github.forkless.worker.jobs.brc.OneBillionRows;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LongSummaryStatistics;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What a built-in job takes for one block that is in the core's cache; divide {@link Slices#BLOCK_BYTES} by it for a
 * rate. {@code bench/run --jmh KernelBenchmark}. Before anything is timed, the answer is compared with that of a plain
 * loop.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class KernelBenchmark {
    private static final int INTS = Slices.BLOCK_BYTES / Integer.BYTES;
    private static final long LIMIT = 2_000_000_000;
    private static final String NEEDLE = "needle";

    @Param({"sum", "stats", "count", "wc", "grep", "1brc"})
    public String job;

    private Job<Object, Object> subject;
    private Block block;

    @Setup
    public void prepare() {
        var random = new SplittableRandom(1);
        switch (job) {
            case "sum" -> {
                int[] ints = ints(random);
                expect(new Sum(), block(ints), BigInteger.valueOf(summary(ints).getSum()));
            }
            case "stats" -> {
                int[] ints = ints(random);
                Block data = block(ints);
                var answer = (Stats.OfIntegers) use(new Stats(), data);
                LongSummaryStatistics summary = summary(ints);
                require(answer.count(), summary.getCount());
                require(answer.sum(), BigInteger.valueOf(summary.getSum()));
                require(answer.min(), summary.getMin());
                require(answer.max(), summary.getMax());
            }
            case "count" -> {
                int[] ints = ints(random);
                long above = Arrays.stream(ints).filter(x -> x > LIMIT).count();
                expect(new Count(BigDecimal.valueOf(LIMIT), null), block(ints), above);
            }
            case "wc" -> {
                String text = prose(random);
                long lines = text.lines().count();
                expect(new Wc(), block(text), new Wc.Counts(lines, text.split("\\s+").length, text.length()));
            }
            case "grep" -> {
                String text = prose(random);
                long matching =
                        text.lines().filter(line -> line.contains(NEEDLE)).count();
                expect(new Grep(NEEDLE, 0), block(text), matching);
            }
            case "1brc" -> {
                String text = rows(random);
                String answer = text
                        .lines()
                        .map(line -> line.split(";"))
                        .collect(Collectors.groupingBy(
                                row -> row[0],
                                Collectors.summarizingLong(row -> Long.parseLong(row[1].replace(".", "")))))
                        .entrySet()
                        .stream()
                        .sorted(Map.Entry.comparingByKey())
                        .map(station -> station.getKey() + "=" + official(station.getValue()))
                        .collect(Collectors.joining(", ", "{", "}"));
                expect(new OneBillionRows(), block(text), answer);
            }
            default -> throw new IllegalArgumentException(job);
        }
    }

    @Benchmark
    public Object accept() {
        return subject.accept(subject.start(Layout.of(block.type(), 0, block.count())), block);
    }

    private void expect(Job<?, ?> candidate, Block data, Object expected) {
        Object answer = use(candidate, data);
        require(answer instanceof Number n && !(n instanceof Long) ? new BigInteger(n.toString()) : answer, expected);
    }

    @SuppressWarnings("unchecked")
    private Object use(Job<?, ?> candidate, Block data) {
        subject = (Job<Object, Object>) candidate;
        block = data;
        return subject.finish(accept());
    }

    private static void require(Object answer, Object expected) {
        if (!expected.equals(answer)) {
            throw new IllegalStateException("answered " + answer + ", not " + expected);
        }
    }

    private static int[] ints(SplittableRandom random) {
        return random.ints(INTS).toArray();
    }

    private static LongSummaryStatistics summary(int[] ints) {
        return Arrays.stream(ints).asLongStream().summaryStatistics();
    }

    private static Block block(int[] ints) {
        MemorySegment memory = Arena.ofAuto().allocate(Slices.BLOCK_BYTES, 64);
        MemorySegment.copy(ints, 0, memory, ValueLayout.JAVA_INT, 0, ints.length);
        return new Block(ElementType.INT32, 0, ints.length, memory);
    }

    private static Block block(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        MemorySegment memory = Arena.ofAuto().allocate(bytes.length, 64);
        MemorySegment.copy(bytes, 0, memory, ValueLayout.JAVA_BYTE, 0, bytes.length);
        return new Block(ElementType.TEXT, 0, bytes.length, memory);
    }

    /** Lines of words; one in a hundred has the needle. */
    private static String prose(SplittableRandom random) {
        var text = new StringBuilder();
        while (text.length() < Slices.BLOCK_BYTES) {
            String line = IntStream.range(0, random.nextInt(5, 20))
                    .mapToObj(_ -> "word".repeat(random.nextInt(1, 4)).substring(random.nextInt(4)))
                    .collect(Collectors.joining(" "));
            text.append(line)
                    .append(random.nextInt(100) == 0 ? " " + NEEDLE : "")
                    .append('\n');
        }
        return text.toString();
    }

    private static String rows(SplittableRandom random) {
        var text = new StringBuilder();
        while (text.length() < Slices.BLOCK_BYTES) {
            int tenths = random.nextInt(-999, 1000);
            text.append("Station ")
                    .append(random.nextInt(413))
                    .append(';')
                    .append(tenths(tenths))
                    .append('\n');
        }
        return text.toString();
    }

    private static String official(LongSummaryStatistics tenths) {
        long mean = Math.floorDiv(2 * tenths.getSum() + tenths.getCount(), 2 * tenths.getCount());
        return tenths(tenths.getMin()) + "/" + tenths(mean) + "/" + tenths(tenths.getMax());
    }

    private static String tenths(long value) {
        return BigDecimal.valueOf(value, 1).toString();
    }
}
