package io.github.forkless.coordinator.lab;

import io.github.forkless.coordinator.lab.LabJvm.Signal;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/**
 * What a process boundary is worth: the same misbehaviour once among threads and once among worker processes.
 *
 * @param procs how many threads or workers there are, 2 or more: a neighbour has to be beside the culprit
 */
public record Isolation(int procs) {
    private static final long POOL_HEAP_BYTES = 64 << 20;

    /** How long a program may take to start and to end. */
    private static final Duration DEADLINE = Duration.ofSeconds(60);

    /** Neighbours' results come every few milliseconds. When nothing comes for so long, nothing will. */
    private static final Duration SILENCE = Duration.ofSeconds(5);

    /** Where the jobs run. */
    enum Where {
        THREADS(ThreadsMain.class),
        PROCESSES(ProcessesMain.class);

        private final Class<?> main;

        Where(Class<?> main) {
            this.main = main;
        }

        String label() {
            return this == THREADS ? "threads" : "processes";
        }

        /** Threads share one heap; the workers of a pool have theirs. The collector is that of workers. */
        List<String> jvmOptions() {
            return List.of("-XX:+UseSerialGC", "-Xmx" + (this == THREADS ? Misbehaviour.HEAP_BYTES : POOL_HEAP_BYTES));
        }
    }

    /** How large the heap of each JVM was allowed to grow, in bytes. */
    public long heapBytes() {
        return Misbehaviour.HEAP_BYTES;
    }

    /** As {@link Sharing#measure}. */
    public void measure(Laboratory laboratory, Consumer<Consequence> each) {
        for (Misbehaviour misbehaviour : Misbehaviour.values()) {
            for (Where where : Where.values()) {
                each.accept(consequence(laboratory, misbehaviour, where));
            }
        }
    }

    Consequence consequence(Laboratory laboratory, Misbehaviour misbehaviour, Where where) {
        var course = new Course();
        course.follow(laboratory, misbehaviour, where);
        boolean needsRecovery = misbehaviour != Misbehaviour.NOTHING && misbehaviour != Misbehaviour.FILLER;
        Optional<Duration> recovery = !needsRecovery
                ? Optional.empty()
                : course.isOver ? course.recovery() : Optional.of(again(laboratory, where, course.results));
        return new Consequence(
                misbehaviour,
                where.label(),
                course.isOver,
                Neighbour.JOBS,
                course.isOver ? course.results : 0,
                needsRecovery,
                recovery,
                course.isOver ? Optional.of(Duration.ofNanos(course.longestGap)) : Optional.empty(),
                course.culprit);
    }

    /** How long it takes to start again, without the culprit, and to have as many results as before. */
    private Duration again(Laboratory laboratory, Where where, int results) {
        try (LabJvm jvm = start(laboratory, Misbehaviour.NOTHING, where)) {
            int count = 0;
            while (true) {
                Signal signal = jvm.next()
                        .orElseThrow(() -> new LabException("a program that does no harm failed" + " with exit code "
                                + jvm.exitCode() + "; its last words:\n" + jvm.lastWords()));
                count += signal.name().equals(Signals.NEIGHBOUR) ? 1 : 0;
                if (count >= results) {
                    return signal.after();
                }
            }
        }
    }

    private LabJvm start(Laboratory laboratory, Misbehaviour misbehaviour, Where where) {
        return laboratory.start(where.jvmOptions(), where.main, List.of(misbehaviour.name(), Integer.toString(procs)));
    }

    /** What happens in one JVM. */
    private final class Course {
        private int results;
        private final Set<String> places = new HashSet<>();
        private long longestGap;
        private String culprit = "";
        private boolean isOver;
        private long harmNanos = -1;
        private long recoveredNanos = -1;
        private final Set<String> workingSinceHarm = new HashSet<>();

        void follow(Laboratory laboratory, Misbehaviour misbehaviour, Where where) {
            try (LabJvm jvm = start(laboratory, misbehaviour, where)) {
                Future<?> end = jvm.killAfter(DEADLINE);
                for (var next = jvm.next(); next.isPresent(); next = jvm.next()) {
                    end.cancel(false);
                    end = jvm.killAfter(SILENCE);
                    take(next.get());
                }
                int exitCode = jvm.exitCode();
                if (!isOver) {
                    culprit = jvm.isKilled()
                            ? "brought the program to a halt"
                            : "took the program with it (exit code " + exitCode + ")";
                }
            }
        }

        private void take(Signal signal) {
            switch (signal.name()) {
                case Signals.NEIGHBOUR -> {
                    results++;
                    if (!places.add(signal.rest(3))) { // its first job finds nothing compiled
                        longestGap = Math.max(longestGap, signal.number(2));
                    }
                    if (harmNanos >= 0 && workingSinceHarm.add(signal.rest(3)) && workingSinceHarm.size() == procs) {
                        recoveredNanos = signal.afterNanos();
                    }
                }
                case Signals.HARM -> {
                    if (harmNanos < 0) {
                        harmNanos = signal.afterNanos();
                    }
                }
                case Signals.CULPRIT -> culprit = signal.rest(1);
                case Signals.END -> isOver = true;
                default -> {} // a result that is lost is one that has not come
            }
        }

        Optional<Duration> recovery() {
            return recoveredNanos < 0 ? Optional.empty() : Optional.of(Duration.ofNanos(recoveredNanos - harmNanos));
        }
    }
}
