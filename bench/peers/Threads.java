import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * The same work in one JVM with threads: {@code java Threads sum|stats|shared THREADS FILE}. Each thread has an equal
 * part of the int32 elements; shared counts the elements above k, for 100 k from 2,000,000,001 on, block by block.
 */
final class Threads {
    private static final int JOBS = 100;
    private static final int FIRST_LIMIT = 2_000_000_001;
    private static final int BLOCK = 32 << 10;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;

    record Stats(long count, long sum, int min, int max, BigInteger squares) {
        Stats plus(Stats o) {
            return new Stats(
                    count + o.count, sum + o.sum, Math.min(min, o.min), Math.max(max, o.max), squares.add(o.squares));
        }

        void print() {
            var precise = new MathContext(40);
            BigDecimal n = BigDecimal.valueOf(count);
            BigDecimal mean = BigDecimal.valueOf(sum).divide(n, precise);
            BigDecimal variance =
                    new BigDecimal(squares).divide(n, precise).subtract(mean.multiply(mean, precise), precise);
            System.out.printf("count %d%nsum %d%nmin %d%nmax %d%n", count, sum, min, max);
            System.out.printf("mean %s%nstddev %s%n", mean.doubleValue(), Math.sqrt(variance.doubleValue()));
        }
    }

    static long sum(MemorySegment data, long from, long to) {
        long total = 0;
        for (long i = from; i < to; i++) {
            total += data.getAtIndex(INT, i);
        }
        return total;
    }

    static Stats stats(MemorySegment data, long from, long to) {
        long sum = 0;
        int min = Integer.MAX_VALUE;
        int max = Integer.MIN_VALUE;
        long squaresLow = 0;
        long squaresHigh = 0;
        for (long i = from; i < to; i++) {
            int x = data.getAtIndex(INT, i);
            long square = (long) x * x;
            sum += x;
            min = Math.min(min, x);
            max = Math.max(max, x);
            squaresLow += square & 0xffffffffL;
            squaresHigh += square >>> 32;
        }
        BigInteger squares = BigInteger.valueOf(squaresHigh).shiftLeft(32).add(BigInteger.valueOf(squaresLow));
        return new Stats(to - from, sum, min, max, squares);
    }

    static long[] shared(MemorySegment data, long from, long to) {
        long[] above = new long[JOBS];
        for (long at = from; at < to; at += BLOCK) {
            long end = Math.min(to, at + BLOCK);
            for (int k = 0; k < JOBS; k++) {
                above[k] += above(data, at, end, FIRST_LIMIT + k);
            }
        }
        return above;
    }

    /** The sign bit of k - x: a comparison would stay a branch, and the loop would not become vector code. */
    static long above(MemorySegment data, long from, long to, long k) {
        long count = 0;
        for (long i = from; i < to; i++) {
            count += (k - data.getAtIndex(INT, i)) >>> 63;
        }
        return count;
    }

    interface Part<T> {
        T of(MemorySegment data, long from, long to);
    }

    static <T> List<T> parts(MemorySegment data, int threads, Part<T> part)
            throws InterruptedException, ExecutionException {
        long n = data.byteSize() / Integer.BYTES;
        try (var pool = Executors.newFixedThreadPool(threads)) {
            List<Callable<T>> calls = new ArrayList<>();
            for (int t = 0; t < threads; t++) {
                long from = n / threads * t;
                long to = t == threads - 1 ? n : from + n / threads;
                calls.add(() -> part.of(data, from, to));
            }
            List<T> results = new ArrayList<>();
            for (Future<T> future : pool.invokeAll(calls)) {
                results.add(future.get());
            }
            return results;
        }
    }

    public static void main(String[] args) throws IOException, InterruptedException, ExecutionException {
        int threads = Integer.parseInt(args[1]);
        try (FileChannel channel = FileChannel.open(Path.of(args[2]))) {
            MemorySegment data = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), Arena.global());
            switch (args[0]) {
                case "sum" -> {
                    long total = 0;
                    for (long part : parts(data, threads, Threads::sum)) {
                        total += part;
                    }
                    System.out.println(total);
                }
                case "stats" ->
                    parts(data, threads, Threads::stats).stream()
                            .reduce(Stats::plus)
                            .orElseThrow()
                            .print();
                case "shared" -> {
                    long[] above = new long[JOBS];
                    for (long[] part : parts(data, threads, Threads::shared)) {
                        Arrays.setAll(above, k -> above[k] + part[k]);
                    }
                    for (int k = 0; k < JOBS; k++) {
                        System.out.println("above=" + (FIRST_LIMIT + k) + " " + above[k]);
                    }
                }
                default -> throw new IllegalArgumentException("no such job: " + args[0]);
            }
        }
    }
}
