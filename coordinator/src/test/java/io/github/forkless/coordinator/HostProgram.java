package io.github.forkless.coordinator;

import java.nio.file.Path;
import java.util.List;

/** A program that uses the library, as small as they come; {@link HostProgramIT} starts it in a JVM of its own. */
public final class HostProgram {
    record Range(int low, int high) {}

    private HostProgram() {}

    public static void main(String[] args) {
        int factor = 3;
        PoolOptions options = PoolOptions.defaults().withProcs(2);
        String journal = System.getProperty("journal");
        if (journal != null) {
            options = Runs.with(options, run -> run.withJournal(Path.of(journal)));
        }
        try (var pool = WorkerPool.open(Path.of(args[0]), options)) {
            System.out.println(pool.reduce(
                    () -> new Range(Integer.MAX_VALUE, Integer.MIN_VALUE),
                    (range, block) -> new Range(
                            Math.min(range.low, block.intAt(0)), Math.max(range.high, block.intAt(block.count() - 1))),
                    (a, b) -> new Range(Math.min(a.low, b.low), Math.max(a.high, b.high))));
            System.out.println(pool.map(List.of(1, 2, 0), (data, n) -> data.count() * factor / (n + args.length - 1)));
        }
    }
}
