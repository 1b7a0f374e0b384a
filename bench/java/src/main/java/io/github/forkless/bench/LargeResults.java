package io.github.forkless.bench;

import io.github.forkless.coordinator.PoolOptions;
import io.github.forkless.coordinator.WorkerPool;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * What results of 4 MiB cost on their way: {@code LargeResults PROCS RESULTS}. Prints the median rate of several
 * goes in one warm pool. Workers keep the bytes at hand, so that nothing but the way is measured.
 */
public final class LargeResults {
    private static final int GOES = 5;
    private static final int BYTES = 4 << 20;

    private static byte[] kept;

    public static void main(String[] args) {
        int procs = Integer.parseInt(args[0]);
        int results = Integer.parseInt(args[1]);
        try (var pool = WorkerPool.open(PoolOptions.defaults().withProcs(procs))) {
            go(pool, results); // warms up
            double[] rates = IntStream.range(0, GOES)
                    .mapToDouble(_ -> (double) results * BYTES / go(pool, results))
                    .sorted()
                    .toArray();
            System.out.printf("GB/s\t%.4f%n", rates[GOES / 2]);
        }
    }

    /** In nanoseconds. */
    private static long go(WorkerPool pool, int results) {
        long started = System.nanoTime();
        try (var arriving =
                pool.stream(IntStream.range(0, results).boxed().toList(), (_, parameter) -> bytes(parameter))) {
            long count = arriving.peek(result -> {
                        int expected = result.index() & 0x7f;
                        byte[] bytes = result.value();
                        if (bytes.length != BYTES || bytes[0] != expected || bytes[BYTES - 1] != 1) {
                            throw new IllegalStateException("result " + result.index() + " is not what was sent");
                        }
                    })
                    .count();
            if (count != results) {
                throw new IllegalStateException(count + " results of " + results);
            }
        }
        return System.nanoTime() - started;
    }

    /** In a worker. */
    private static byte[] bytes(int parameter) {
        if (kept == null) {
            kept = new byte[BYTES];
            Arrays.fill(kept, (byte) 1);
        }
        kept[0] = (byte) (parameter & 0x7f);
        return kept;
    }

    private LargeResults() {}
}
