package io.github.forkless.coordinator.lab;

import io.github.forkless.coordinator.RunOptions;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What one job does to the others in its process. */
public enum Misbehaviour {
    NOTHING("nothing", "No job misbehaves: what the others see of each other when all is well.", 0) {
        @Override
        void begin(Runnable harm) {}
    },

    CRASH("native crash", "Native code follows a pointer to nowhere, which ends its process.", 0) {
        @Override
        @SuppressWarnings("restricted") // that is the point
        void begin(Runnable harm) {
            harm.run();
            MemorySegment.ofAddress(8).reinterpret(8).set(ValueLayout.JAVA_LONG, 0, 1);
        }
    },

    EXIT("System.exit", "A library decides that all is lost, and calls System.exit.", 0) {
        @Override
        void begin(Runnable harm) {
            harm.run();
            System.exit(1);
        }
    },

    EXHAUSTION("heap exhaustion", "A job asks for more memory than the heap has.", 0) {
        @Override
        void begin(Runnable harm) {
            harm.run();
            List<byte[]> hoard = new ArrayList<>();
            while (hoard.size() < Integer.MAX_VALUE) {
                hoard.add(new byte[PIECE_BYTES]);
            }
        }
    },

    LEAK("leak", "Many small jobs each forget to let go of a little, until nothing is left.", 2) {
        @Override
        void begin(Runnable harm) {
            for (int i = 0; i < LEAK_BYTES / PIECE_BYTES; i++) {
                LEAKED.add(new byte[PIECE_BYTES]);
            }
        }

        @Override
        int jobs() {
            return LEAKS;
        }
    },

    LOOP("endless loop", "A job never comes to an end.", 0) {
        @Override
        void begin(Runnable harm) {
            harm.run();
            while (LEAKED.size() >= 0) {
                Thread.onSpinWait();
            }
        }

        @Override
        boolean ends() {
            return false;
        }

        @Override
        RunOptions culpritsOptions() {
            return runOptions().withTimeout(TIMEOUT);
        }
    },

    FILLER(
            "garbage collection",
            "A job keeps most of the heap full of small objects and makes garbage all the time.",
            0) {
        @Override
        void begin(Runnable harm) {
            harm.run();
            Link[] lists = new Link[1 << 10];
            long end = System.nanoTime() + FILLING_NANOS;
            for (int list = 0; list < lists.length; list++) {
                // As if they had been begun one after another, so that never many are full at the same time.
                lists[list] = new Link(null, 1 + list * (LIST_LENGTH / lists.length));
            }
            while (System.nanoTime() < end) {
                // A full list is dropped and a new one begun, so that the heap stays as full as it is.
                for (int list = 0; list < lists.length; list++) {
                    Link last = lists[list];
                    lists[list] = last.length >= LIST_LENGTH ? new Link(null, 1) : new Link(last, last.length + 1);
                }
            }
        }
    };

    /** How large the heap of each JVM may grow. */
    static final long HEAP_BYTES = 512L << 20;

    /** Short for who waits for an endless job. */
    private static final Duration TIMEOUT = Duration.ofMillis(500);

    private static final int PIECE_BYTES = 1 << 20;

    /** What one leaking job keeps, and how many of them there are: more than twice what a heap has. */
    private static final long LEAK_BYTES = HEAP_BYTES / 8;

    private static final int LEAKS = 20;

    private static final long FILLING_NANOS = 1_000_000_000;

    /** Of 24 bytes each: together some 60 % of the heap on average. */
    private static final int LIST_LENGTH = (int) (HEAP_BYTES * 6 / 5 / 24 / (1 << 10));

    private static final List<byte[]> LEAKED = new ArrayList<>();

    private record Link(Link before, int length) {}

    private final String label;
    private final String explanation;
    private final int retries;

    Misbehaviour(String label, String explanation, int retries) {
        this.label = label;
        this.explanation = explanation;
        this.retries = retries;
    }

    /** What people call it. */
    public String label() {
        return label;
    }

    /** One sentence. */
    public String explanation() {
        return explanation;
    }

    /** Whether the job that does it comes to an end, sooner or later. */
    boolean ends() {
        return true;
    }

    /** How the jobs are run among which this is done. */
    RunOptions runOptions() {
        return RunOptions.defaults().withRetries(retries);
    }

    /** How those that do it are run. Others have no timeout: a busy machine may take any time for them. */
    RunOptions culpritsOptions() {
        return runOptions();
    }

    /** How many jobs misbehave. */
    int jobs() {
        return this == NOTHING ? 0 : 1;
    }

    /**
     * What a job of this kind does.
     *
     * @param harm to be run when the harm begins; not where that shows only later
     */
    abstract void begin(Runnable harm);
}
