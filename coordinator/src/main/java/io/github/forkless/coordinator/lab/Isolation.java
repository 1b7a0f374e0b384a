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
 * <p>Neighbours work for as long as there is something to be seen: until all of them have results, and as many threads or
 * workers are at work as before the harm. How fast the machine is decides how long that takes, and not what is seen.
 *
 * @param procs how many threads or workers there are, 2 or more: a neighbour has to be beside the culprit
 * @param neighbours how many jobs of neighbours have a result to lose
 */
public record Isolation(int procs, int neighbours) {
    private static final int NEIGHBOURS = 80;

    private static final long POOL_HEAP_BYTES = 64 << 20;

    /** How long a program may take to start. */
    private static final Duration STARTING = Duration.ofMinutes(5);

    /** Neighbours' results come every few milliseconds. When none comes for so many times what the start took, none will. */
    private static final int SILENT_STARTS = 20;

    private static final Duration LEAST_SILENCE = Duration.ofSeconds(5);

    /** A worker whose place is not taken after so many times what the start took has no successor. */
    private static final int PATIENT_STARTS = 100;

    public Isolation(int procs) {
        this(procs, NEIGHBOURS);
    }

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
        boolean needsRecovery = misbehaviour != Misbehaviour.NOTHING && misbehaviour != Misbehaviour.FILLER;
        long begun = System.nanoTime();
        ProcessorTime before = ProcessorTime.now();
        Duration ours = ProcessorTime.ofThisProcess();
        var course = new Course(needsRecovery && where == Where.PROCESSES);
        course.follow(laboratory, misbehaviour, where);
        Optional<Duration> recovery = !needsRecovery
                ? Optional.empty()
                : course.isOver ? course.recovery() : Optional.of(again(laboratory, where, course.results));
        return new Consequence(
                misbehaviour,
                where.label(),
                course.isOver,
                neighbours,
                course.isOver ? course.results : 0,
                needsRecovery,
                recovery,
                course.isOver ? Optional.of(Duration.ofNanos(course.longestGap)) : Optional.empty(),
                course.culprit,
                ProcessorTime.now()
                        .othersSince(before, ProcessorTime.ofThisProcess().minus(ours), System.nanoTime() - begun));
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
        int before = Math.max(1, neighbours / 8); // so many are done before anybody misbehaves
        return laboratory.start(
                where.jvmOptions(),
                where.main,
                List.of(
                        misbehaviour.name(),
                        Integer.toString(procs),
                        Integer.toString(before),
                        Integer.toString(neighbours)));
    }

    /** What happens in one JVM. */
    private final class Course {
        /** Threads need no time to start: who has not come back after so many jobs will not. */
        private final boolean awaitsRecovery;

        private int results;
        private int lost;
        private final Set<String> places = new HashSet<>();
        private long longestGap;
        private String culprit = "";
        private boolean isToldToEnd;
        private boolean isOver;
        private long startNanos = -1;
        private long settledNanos = -1;
        private long harmNanos = -1;
        private long recoveredNanos = -1;
        private final Set<String> harmed = new HashSet<>();
        private final Set<String> workingSinceHarm = new HashSet<>();

        Course(boolean awaitsRecovery) {
            this.awaitsRecovery = awaitsRecovery;
        }

        void follow(Laboratory laboratory, Misbehaviour misbehaviour, Where where) {
            try (LabJvm jvm = start(laboratory, misbehaviour, where)) {
                Future<?> end = jvm.killAfter(STARTING);
                for (var next = jvm.next(); next.isPresent(); next = jvm.next()) {
                    end.cancel(false);
                    take(next.get());
                    if (!isToldToEnd && isSeen(next.get().afterNanos())) {
                        isToldToEnd = true;
                        jvm.go();
                    }
                    end = jvm.killAfter(silence());
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
                case Signals.NEIGHBOUR -> worked(signal);
                case Signals.LOST -> lost += isCounted(signal) ? 1 : 0;
                case Signals.HARM -> {
                    harmNanos = harmNanos < 0 ? signal.afterNanos() : harmNanos;
                    String place = signal.rest(1);
                    if (!place.isEmpty() && harmed.add(place)) {
                        workingSinceHarm.remove(place);
                        recoveredNanos = -1;
                    }
                }
                case Signals.CULPRIT -> culprit = signal.rest(1);
                case Signals.END -> isOver = true;
                default -> {}
            }
            if (settledNanos < 0 && results + lost >= neighbours) {
                settledNanos = signal.afterNanos();
            }
        }

        private void worked(Signal signal) {
            startNanos = startNanos < 0 ? signal.afterNanos() : startNanos;
            results += isCounted(signal) ? 1 : 0;
            String place = signal.rest(3);
            if (!places.add(place)) { // its first job finds nothing compiled
                longestGap = Math.max(longestGap, signal.number(2));
            }
            // What comes from a worker after its harm it had sent before.
            if (harmNanos >= 0 && !harmed.contains(place)) {
                workingSinceHarm.add(place);
                if (recoveredNanos < 0 && workingSinceHarm.size() >= procs) {
                    recoveredNanos = signal.afterNanos();
                }
            }
        }

        private boolean isCounted(Signal signal) {
            return signal.number(1) < neighbours;
        }

        /** Whether there is no more to be seen. */
        private boolean isSeen(long nowNanos) {
            return settledNanos >= 0
                    && (!awaitsRecovery
                            || recoveredNanos >= 0
                            || nowNanos - Math.max(settledNanos, harmNanos) > PATIENT_STARTS * startNanos);
        }

        private Duration silence() {
            Duration silence = Duration.ofNanos(SILENT_STARTS * startNanos);
            return startNanos < 0 ? STARTING : silence.compareTo(LEAST_SILENCE) < 0 ? LEAST_SILENCE : silence;
        }

        Optional<Duration> recovery() {
            return recoveredNanos < 0 ? Optional.empty() : Optional.of(Duration.ofNanos(recoveredNanos - harmNanos));
        }
    }
}
