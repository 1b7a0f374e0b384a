package io.github.forkless.coordinator.lab;

import io.github.forkless.coordinator.PoolOptions;
import io.github.forkless.coordinator.WorkerPool;
import io.github.forkless.coordinator.result.RunFailedException;
import io.github.forkless.worker.ParentWatch;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** The JVM whose pool has neighbours and culprits in its workers. */
final class ProcessesMain {
    /** What a culprit prints in its worker. */
    private static final String HARM = "lab: harm begins";

    /** What a JVM prints that ends because its heap is full. */
    private static final String OUT_OF_MEMORY = "Terminating due to java.lang.OutOfMemoryError";

    /** Who printed a line, as the pool says before it. */
    private static final Pattern PID = Pattern.compile("pid (\\d+)");

    private final Signals signals = new Signals();
    private final int procs;

    /** What a neighbour's job returns. */
    record Gap(long nanos, long pid) {}

    /** @param args the laboratory's process id, the misbehaviour, how many workers, how many jobs before and at least */
    public static void main(String[] args) throws IOException {
        ParentWatch.start(Long.parseLong(args[0]));
        new ProcessesMain(Integer.parseInt(args[2]))
                .run(Misbehaviour.valueOf(args[1]), Integer.parseInt(args[3]), Integer.parseInt(args[4]));
    }

    private ProcessesMain(int procs) {
        this.procs = procs;
    }

    private void run(Misbehaviour misbehaviour, int before, int atLeast) throws IOException {
        var options = PoolOptions.defaults()
                .withProcs(procs)
                .withWorkerMemory(Misbehaviour.HEAP_BYTES)
                .withRunOptions(misbehaviour.runOptions())
                .withWorkerOutput(new PrintStream(new Listening(), true, StandardCharsets.UTF_8));
        try (var pool = WorkerPool.open(options)) {
            int job = before;
            Set<Long> workers = neighbours(pool, 0, before);
            while (workers.size() < procs) { // one that is still starting has nothing to recover from
                workers.addAll(neighbours(pool, job, job += procs));
            }
            CompletableFuture<List<Boolean>> culprits = pool.with(misbehaviour.culpritsOptions())
                    .submitMap(IntStream.range(0, misbehaviour.jobs()).boxed().toList(), (_, _) -> {
                        misbehaviour.begin(() -> System.err.println(HARM));
                        return true;
                    });
            neighbours(pool, job, atLeast);
            for (job = Math.max(job, atLeast); !signals.mayGo(); job += procs) {
                neighbours(pool, job, job + procs);
            }
            if (misbehaviour.jobs() > 0) {
                signals.send(Signals.CULPRIT, end(culprits));
            }
        }
        signals.send(Signals.END);
    }

    /** Has jobs of neighbours done, tells of each, and returns the workers that did them. */
    private Set<Long> neighbours(WorkerPool pool, int from, int to) {
        Set<Long> workers = new HashSet<>();
        List<Integer> jobs = IntStream.range(from, to).boxed().toList();
        try (var gaps = pool.stream(
                jobs,
                (_, _) ->
                        new Gap(Neighbour.longestGap(), ProcessHandle.current().pid()))) {
            gaps.forEach(gap -> {
                signals.send(Signals.NEIGHBOUR, from + gap.index(), gap.value().nanos, gap.value().pid);
                workers.add(gap.value().pid);
            });
        }
        return workers;
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
                Matcher pid = PID.matcher(line);
                signals.send(Signals.HARM, pid.find() ? pid.group(1) : "");
            }
            line.setLength(0);
        }
    }
}
