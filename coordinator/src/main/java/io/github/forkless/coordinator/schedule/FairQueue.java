package io.github.forkless.coordinator.schedule;

import java.util.Comparator;
import java.util.TreeSet;

/**
 * The runs that have something to deal, the one whose turn it is first. Each run is charged for what it is dealt, in
 * proportion to its weight, and the one that was charged least is next; one that comes later begins where the others are.
 * That is stride scheduling, see C. A. Waldspurger and W. E. Weihl, "Stride Scheduling: Deterministic
 * Proportional-Share Resource Management", 1995. Guarded by the scheduler's lock.
 */
final class FairQueue {
    /** What a task is taken for while nothing is known of how long it takes. */
    private static final long UNKNOWN_NANOS = 1_000_000;

    private final TreeSet<Turn> waiting = new TreeSet<>(new LeastCharged());
    private double now;

    /** A run and what it was charged. */
    static final class Turn {
        private final ScheduledRun run;
        private double charged;
        private boolean isWaiting;
        /** How many workers are loading its job. */
        private int loading;
        /** How often workers ended at it, those that were at it together counted once. */
        private int loadingRounds;

        private Turn(ScheduledRun run, double charged) {
            this.run = run;
            this.charged = charged;
        }

        ScheduledRun run() {
            return run;
        }

        /** @return what {@link #isNews} wants to know */
        int loadingBegan() {
            loading++;
            return loadingRounds;
        }

        /**
         * Whether nobody knew of a worker that ended when this one began to load the job. Those that were at it together may
         * have been ended together, by something else.
         *
         * @param round when that was
         */
        boolean isNews(int round) {
            if (round != loadingRounds) {
                return false;
            }
            loadingRounds++;
            return true;
        }

        void loadingEnded() {
            loading--;
        }

        /** Whether a worker could be given something for it now. */
        private boolean hasWork() {
            return !run.isDone() && (run.isPlanned() ? run.waitingTasks() > 0 : loading == 0);
        }
    }

    /** A class, as a lambda would be in the way of every start. Runs that were charged the same come in their order. */
    private static final class LeastCharged implements Comparator<Turn> {
        @Override
        public int compare(Turn left, Turn right) {
            int byCharge = Double.compare(left.charged, right.charged);
            return byCharge != 0 ? byCharge : Long.compare(left.run.number(), right.run.number());
        }
    }

    Turn enter(ScheduledRun run) {
        var turn = new Turn(run, now);
        update(turn);
        return turn;
    }

    /** Something has happened to a run that may have changed whether it has something to deal. */
    void update(Turn turn) {
        if (turn.hasWork() == turn.isWaiting) {
            return;
        }
        if (turn.isWaiting) {
            waiting.remove(turn);
            turn.isWaiting = false;
        } else {
            turn.charged = Math.max(turn.charged, now);
            turn.isWaiting = true;
            waiting.add(turn);
        }
    }

    /** The run was dealt one task, or was made to be loaded. */
    void charge(Turn turn) {
        long nanos = turn.run.taskNanos() == 0 ? UNKNOWN_NANOS : turn.run.taskNanos();
        double charged = turn.charged + nanos / turn.run.weight();
        now = Math.max(now, turn.charged);
        if (!turn.isWaiting || waiting.size() == 1) {
            turn.charged = charged;
        } else {
            waiting.remove(turn);
            turn.charged = charged;
            waiting.add(turn);
        }
        update(turn);
    }

    /** The one whose turn it is; null if there is none. */
    Turn first() {
        return waiting.isEmpty() ? null : waiting.first();
    }

    /** Whether a run may be dealt one more task of so much work, although a worker that has it is busy. */
    boolean mayGoOn(Turn turn, long aheadNanos) {
        return turn.isWaiting && (turn == first() || turn.charged <= first().charged + aheadNanos / turn.run.weight());
    }

    /** How many workers could be busy with what waits, up to {@code most}. */
    long wanted(long most) {
        long wanted = 0;
        for (Turn turn : waiting) {
            wanted += turn.run.isPlanned() ? turn.run.waitingTasks() : most;
            if (wanted >= most) {
                return most;
            }
        }
        return wanted;
    }
}
