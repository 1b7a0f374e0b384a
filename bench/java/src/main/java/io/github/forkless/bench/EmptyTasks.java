package io.github.forkless.bench;

import io.github.forkless.common.dataset.DatasetFile;
import io.github.forkless.common.job.DataFunction;
import io.github.forkless.coordinator.PoolOptions;
import io.github.forkless.coordinator.RunOptions;
import io.github.forkless.coordinator.WorkerPool;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

/**
 * What dealing costs when tasks do nothing: {@code EmptyTasks slices|packed|submitted|round-trip PROCS DATA}. Prints the
 * median of several goes in one warm pool. All answers are checked.
 *
 * <ul>
 *   <li>slices: one job with as many tasks as the dataset has elements. Each is dealt in a message of its own, and its
 *       partial comes back and is merged.
 *   <li>packed: one {@code map} over as many parameters; the pool may pack them.
 *   <li>submitted: for every hundredth element a {@code map} of its own, which the workers prepare and forget again; a
 *       window of them is in flight.
 *   <li>round-trip: the same, but one is submitted when the last has answered.
 * </ul>
 */
public final class EmptyTasks {
    private static final int GOES = 5;
    private static final int IN_FLIGHT = 1_000;
    private static final DataFunction<Integer, Integer> NOTHING = (_, parameter) -> parameter;

    public static void main(String[] args) {
        int procs = Integer.parseInt(args[1]);
        DatasetFile data = DatasetFile.open(Path.of(args[2]), Optional.empty());
        boolean isEachARun = args[0].equals("submitted") || args[0].equals("round-trip");
        int tasks = (int) Math.ceilDiv(data.count(), isEachARun ? 100 : 1);
        try (var pool = WorkerPool.open(
                data,
                PoolOptions.defaults()
                        .withProcs(procs)
                        .withRunOptions(RunOptions.defaults().withTasks(tasks)))) {
            List<Double> seconds = new ArrayList<>();
            go(args[0], pool, tasks); // warms up
            for (int i = 0; i < GOES; i++) {
                long started = System.nanoTime();
                go(args[0], pool, tasks);
                seconds.add((System.nanoTime() - started) / 1e9);
            }
            Collections.sort(seconds);
            double median = seconds.get(GOES / 2);
            if (args[0].equals("round-trip")) {
                System.out.printf("microseconds\t%.2f%n", median / tasks * 1e6);
            } else {
                System.out.printf("tasks/s\t%.0f%n", tasks / median);
            }
        }
    }

    private static void go(String how, WorkerPool pool, int tasks) {
        switch (how) {
            case "slices" -> require((long) tasks, pool.run(new ElementCount()));
            case "packed" -> packed(pool, tasks);
            case "submitted" -> submitted(pool, tasks);
            case "round-trip" -> {
                for (int i = 0; i < tasks; i++) {
                    require(List.of(i), pool.map(List.of(i), NOTHING));
                }
            }
            default -> throw new IllegalArgumentException("slices, packed, submitted or round-trip, not " + how);
        }
    }

    private static void submitted(WorkerPool pool, int tasks) {
        Queue<CompletableFuture<List<Integer>>> inFlight = new ArrayDeque<>();
        for (int submitted = 0, answered = 0; answered < tasks; answered++) {
            while (submitted < tasks && inFlight.size() < IN_FLIGHT) {
                inFlight.add(pool.submitMap(List.of(submitted++), NOTHING));
            }
            require(List.of(answered), inFlight.remove().join());
        }
    }

    private static void require(Object expected, Object answer) {
        if (!answer.equals(expected)) {
            throw new IllegalStateException("answered " + answer + ", not " + expected);
        }
    }

    private static void packed(WorkerPool pool, int tasks) {
        List<Integer> parameters = IntStream.range(0, tasks).boxed().toList();
        require(parameters, pool.map(parameters, NOTHING));
    }

    private EmptyTasks() {}
}
