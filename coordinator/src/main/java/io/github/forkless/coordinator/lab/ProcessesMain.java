package io.github.forkless.coordinator.lab;

import io.github.forkless.coordinator.PoolOptions;
import io.github.forkless.coordinator.RunFailedException;
import io.github.forkless.coordinator.WorkerPool;
import io.github.forkless.worker.ParentWatch;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;

/** The JVM whose pool has neighbours and culprits in its workers. */
final class ProcessesMain {
    /** What a culprit prints in its worker. */
    private static final String HARM = "lab: harm begins";

    /** What a JVM prints that ends because its heap is full. */
    private static final String OUT_OF_MEMORY = "Terminating due to java.lang.OutOfMemoryError";

    private final Signals signals = new Signals();

    /** What a neighbour's job returns. */
    record Gap(long nanos, long pid) {}

    /** @param args the laboratory's process id, the misbehaviour, and how many workers */
    public static void main(String[] args) throws InterruptedException {
        ParentWatch.start(Long.parseLong(args[0]));
        new ProcessesMain().run(Misbehaviour.valueOf(args[1]), Integer.parseInt(args[2]));
    }

    private void run(Misbehaviour misbehaviour, int procs) throws InterruptedException {
        var options = PoolOptions.defaults()
                .withProcs(procs)
                .withRetries(misbehaviour.retries())
                .withLimits(misbehaviour.limits())
                .withChatter(new PrintStream(new Listening(), true, StandardCharsets.UTF_8));
        var neighbours = new CountDownLatch(Neighbour.JOBS);
        try (var pool = WorkerPool.open(options)) {
            // What is handed over first is dealt first.
            submit(pool, 0, Neighbour.BEFORE, neighbours);
            CompletableFuture<List<Boolean>> culprits = pool.submitMap(
                    IntStream.range(0, misbehaviour.jobs()).boxed().toList(), (_, _) -> {
                        misbehaviour.begin(() -> System.err.println(HARM));
                        return true;
                    });
            submit(pool, Neighbour.BEFORE, Neighbour.JOBS, neighbours);
            neighbours.await();
            if (misbehaviour.jobs() > 0) {
                signals.send(Signals.CULPRIT, end(culprits));
            }
        }
        signals.send(Signals.END);
    }

    private void submit(WorkerPool pool, int from, int to, CountDownLatch done) {
        Thread.ofPlatform().daemon().start(() -> {
            List<Integer> jobs = IntStream.range(from, to).boxed().toList();
            try (var gaps = pool.stream(
                    jobs,
                    (_, _) -> new Gap(
                            Neighbour.longestGap(), ProcessHandle.current().pid()))) {
                gaps.forEach(gap -> {
                    signals.send(Signals.NEIGHBOUR, from + gap.index(), gap.value().nanos, gap.value().pid);
                    done.countDown();
                });
            }
        });
    }

    private static String end(CompletableFuture<?> culprit) {
        try {
            culprit.join();
            return "ended";
        } catch (CompletionException e) {
            return e.getCause() instanceof RunFailedException failed
                            && !failed.failures().isEmpty()
                    ? failed.failures().getLast().cause().replaceFirst(";.*", "")
                    : e.getCause().toString();
        }
    }

    /** Listens to what workers print, and passes none of it on. */
    private final class Listening extends OutputStream {
        private final StringBuilder line = new StringBuilder();

        @Override
        public synchronized void write(int character) {
            if (character != '\n') {
                line.append((char) character);
                return;
            }
            if (line.indexOf(HARM) >= 0 || line.indexOf(OUT_OF_MEMORY) >= 0) {
                signals.send(Signals.HARM);
            }
            line.setLength(0);
        }
    }
}
