package io.github.forkless.coordinator.lab;

import io.github.forkless.common.dataset.Block;
import java.util.List;
import java.util.stream.IntStream;

/** What a job does with the elements that it reads, by a parameter of its own. The same loops in every arrangement. */
public enum Kernel {
    /**
     * The sum that {@link java.util.Arrays#hashCode} makes, with a multiplier of the job's own instead of 31. Each element
     * waits for the one before it: a processor is busy for about a nanosecond, as with the article's jobs, and memory
     * has time to deliver the next.
     */
    CHECKSUM {
        @Override
        long of(Block block, int multiplier) {
            long sum = 0;
            for (long i = 0; i < block.count(); i++) {
                sum = sum * multiplier + block.intAt(i);
            }
            return sum;
        }

        /** Odd ones: an even multiplier forgets all but the last elements. */
        @Override
        List<Integer> parameters(int jobs) {
            return IntStream.range(0, jobs).map(job -> 2 * job + 31).boxed().toList();
        }
    },

    /**
     * How many elements are greater than the job's limit. Without a branch the loop compiles to vector code, and is faster
     * than memory: what it waits for is its data.
     */
    COUNT {
        @Override
        long of(Block block, int limit) {
            long count = 0;
            for (long i = 0; i < block.count(); i++) {
                count += ((long) limit - block.intAt(i)) >>> 63;
            }
            return count;
        }

        /** Spread over all integers, so that all answers differ. */
        @Override
        List<Integer> parameters(int jobs) {
            double step = 0x1p32 / (jobs + 1);
            return IntStream.range(0, jobs)
                    .map(job -> (int) (Integer.MIN_VALUE + Math.round(step * (job + 1))))
                    .boxed()
                    .toList();
        }
    };

    /** The result for these elements. */
    abstract long of(Block block, int parameter);

    /** A parameter for each of so many jobs. */
    abstract List<Integer> parameters(int jobs);
}
