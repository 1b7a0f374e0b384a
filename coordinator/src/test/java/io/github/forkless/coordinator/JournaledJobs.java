package io.github.forkless.coordinator;

import io.github.forkless.common.dataset.Block;
import io.github.forkless.common.job.DataFunction;
import io.github.forkless.common.job.Job;
import io.github.forkless.common.job.OrderedJob;
import io.github.forkless.common.job.SerializableFunction;
import io.github.forkless.common.shared.Ints;
import io.github.forkless.common.shared.Shared;
import io.github.forkless.common.shared.Table;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What runs with a journal run. A journal digests all classes that a job's name, and these name: a job within a test is a job
 * with all of JUnit and AssertJ, which takes longer than the run.
 */
final class JournaledJobs {
    private JournaledJobs() {}

    /** What is wrong with some jobs as long as a file is missing. */
    private static void fall(String way, String cure) {
        if (Files.notExists(Path.of(cure))) {
            if (way.equals("HALT")) {
                Runtime.getRuntime().halt(9);
            }
            throw new IllegalStateException("not cured");
        }
    }

    /** Adds up in the order of the data, which shows in the last bits; cannot get over one element until it is cured. */
    record Fragile(double scale, long at, String way, String cure) implements Job<Double, Double> {
        @Override
        public Double start() {
            return 0.0;
        }

        @Override
        public Double accept(Double sum, Block block) {
            if (at >= block.start() && at < block.start() + block.count()) {
                fall(way, cure);
            }
            double total = sum;
            for (long i = 0; i < block.count(); i++) {
                total += block.intAt(i) * scale;
            }
            return total;
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

    /** Needs the data in order; some of those cannot finish until they are cured. */
    record Digest(int factor, boolean isFragile, String cure) implements OrderedJob<Long, Long> {
        @Override
        public Long start() {
            return 1L;
        }

        @Override
        public Long accept(Long digest, Block block) {
            long d = digest;
            for (long i = 0; i < block.count(); i++) {
                d = d * factor + block.intAt(i);
            }
            return d;
        }

        @Override
        public Long finish(Long digest) {
            if (isFragile) {
                fall("THROW", cure);
            }
            return digest;
        }
    }

    /** Its result is larger than what may wait for the disk. */
    record Bulky(int n) implements OrderedJob<Integer, byte[]> {
        @Override
        public Integer start() {
            return n;
        }

        @Override
        public Integer accept(Integer partial, Block block) {
            return partial;
        }

        @Override
        public byte[] finish(Integer partial) {
            return new byte[9 << 20];
        }
    }

    /** Ten times an element, but for one that it cannot get until it is cured. */
    static DataFunction<Integer, Long> tenfold(int fragile, String cure) {
        return (block, n) -> {
            if (n == fragile) {
                fall("THROW", cure);
            }
            return block.intAt(n) * 10L;
        };
    }

    /** The first of some numbers and an element of some data; says to {@code told} that it was called. */
    static SerializableFunction<Integer, Integer> addingUp(Shared<Ints> own, Shared<Block> dataset, String told) {
        return i -> {
            Signals.give(Path.of(told));
            return own.get().at(0) + dataset.get().intAt(i);
        };
    }

    record Numbered(long number, String name) {}

    /** Says to {@code told} that it was called. */
    static SerializableFunction<Integer, Long> numberOf(Shared<Table<Numbered>> table, String told) {
        return i -> {
            Signals.give(Path.of(told));
            return table.get().at(i).number();
        };
    }
}
