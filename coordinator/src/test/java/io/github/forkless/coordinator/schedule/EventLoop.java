package io.github.forkless.coordinator.schedule;

import java.time.Duration;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.concurrent.Semaphore;

/**
 * Everything that happens in a simulation, one thing after the other, in an order that its seed decides. Time passes from one
 * event to the next.
 *
 * <p>Only one thread runs at a time. There is a second one for a call that waits for others in the middle of what it does: it
 * goes on where an event says so.
 */
final class EventLoop {
    /** A simulation takes no longer than this in its own time, or something in it goes on for ever. */
    private static final long LONGEST_NANOS = Duration.ofHours(10).toNanos();

    private static final int MOST_EVENTS = 500_000;

    final Random random;
    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private final long startNanos;
    private long nanos;
    private long sleptNanos;
    private int count;
    private AssertionError violation;

    // The second thread.
    private final Semaphore firstsTurn = new Semaphore(0);
    private volatile boolean isSecondsTurn;
    private volatile Object secondsMonitor;
    private volatile Throwable secondsFailure;

    /** Events of the same moment come in any order. */
    private record Event(long due, int tie, Runnable action) implements Comparable<Event> {
        @Override
        public int compareTo(Event that) {
            int byTime = Long.compare(due, that.due);
            return byTime != 0 ? byTime : Integer.compare(tie, that.tie);
        }
    }

    EventLoop(Random random) {
        this.random = random;
        startNanos = random.nextLong() / 4; // as of a real clock, nothing is known of where it begins
        nanos = startNanos;
    }

    long nanos() {
        return nanos;
    }

    boolean chance(double probability) {
        return random.nextDouble() < probability;
    }

    /** From none to {@code most}, and more often short than long. */
    long delay(Duration most) {
        return chance(0.2) ? 0 : (long) (most.toNanos() * Math.pow(random.nextDouble(), 4));
    }

    void after(long delayNanos, Runnable action) {
        events.add(new Event(nanos + delayNanos, random.nextInt(), action));
    }

    /** Nothing happens for a while, whatever was to: the machine was asleep. */
    void sleep(Duration duration) {
        nanos += duration.toNanos();
        sleptNanos += duration.toNanos();
    }

    /** Time without that in which nothing could happen. */
    long awakeNanos() {
        return nanos - sleptNanos;
    }

    /** Whatever becomes of the error that this throws, the simulation fails with it. */
    void require(boolean condition, String what) {
        if (!condition) {
            var error = new AssertionError(what);
            violation = violation == null ? error : violation;
            throw error;
        }
    }

    void requireNoViolation() {
        if (violation != null) {
            throw violation;
        }
    }

    /** Has the next thing happen; returns whether there was any. */
    boolean step() {
        Event next = events.poll();
        if (next == null) {
            return false;
        }
        nanos = Math.max(nanos, next.due);
        require(++count <= MOST_EVENTS && nanos - startNanos <= LONGEST_NANOS, "it goes on for ever");
        next.action.run();
        requireNoViolation();
        return true;
    }

    int count() {
        return count;
    }

    // ---- the second thread

    /** Begins an action on the second thread, and returns when it has ended or waits. */
    void begin(Runnable action) {
        var thread = new Thread(
                () -> {
                    try {
                        action.run();
                    } catch (Throwable e) {
                        secondsFailure = e;
                    } finally {
                        isSecondsTurn = false;
                        firstsTurn.release();
                    }
                },
                "second");
        thread.setDaemon(true);
        isSecondsTurn = true;
        thread.start();
        awaitSecond();
    }

    /**
     * Called by the second thread: lets other things happen.
     *
     * @param monitor held by the caller, who gives it away for that time
     */
    void letOthers(Object monitor) throws InterruptedException {
        after(delay(Duration.ofMillis(5)), this::giveTurn);
        secondsMonitor = monitor;
        isSecondsTurn = false;
        firstsTurn.release();
        while (!isSecondsTurn) {
            monitor.wait();
        }
    }

    private void giveTurn() {
        Object monitor = secondsMonitor;
        synchronized (monitor) {
            isSecondsTurn = true;
            monitor.notifyAll();
        }
        awaitSecond();
    }

    private void awaitSecond() {
        firstsTurn.acquireUninterruptibly();
        if (secondsFailure != null) {
            throw new AssertionError("a call failed: " + secondsFailure, secondsFailure);
        }
    }
}
