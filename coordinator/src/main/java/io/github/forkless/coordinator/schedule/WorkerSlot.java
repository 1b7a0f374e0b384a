package io.github.forkless.coordinator.schedule;

import io.github.forkless.coordinator.engine.Engine;
import io.github.forkless.coordinator.engine.Worker;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** A place in the pool: the worker that has it now, and what that was sent. Guarded by the scheduler's lock. */
final class WorkerSlot {
    final int place;
    /** What is closest to its worker: see {@link Engine#node}. */
    int node = Engine.ANYWHERE;

    /** Null before the start, and when a worker ended while there was nothing to do. */
    private Worker worker;

    boolean isStarting;
    /** Whether the worker has said that it is there. */
    boolean isUp;

    /** Datasets that the worker was told to map. */
    final Set<Integer> opened = new HashSet<>();

    /** Runs whose job the worker was sent. */
    final Set<Long> loaded = new HashSet<>();

    /** What it was sent and has not answered, in the order in which it does that; it is at the first, or about to be. */
    private final ArrayDeque<Request> pending = new ArrayDeque<>();

    /** How many requests it has answered. */
    private long answered;

    /** How many tasks it was given in its life. */
    private long given;

    /** When it last sent something, or was sent something while it had nothing to do. */
    long activeNanos;

    /** Something that a worker answers. */
    sealed interface Request {
        FairQueue.Turn turn();

        default ScheduledRun run() {
            return turn().run();
        }
    }

    record Loading(FairQueue.Turn turn, int round) implements Request {}

    record Working(FairQueue.Turn turn, Task task) implements Request {}

    WorkerSlot(int place) {
        this.place = place;
    }

    Worker worker() {
        return worker;
    }

    void occupy(Worker newWorker, int newNode, long nanos) {
        worker = newWorker;
        node = newNode;
        isStarting = false;
        isUp = false;
        opened.clear();
        loaded.clear();
        answered = 0;
        given = 0;
        activeNanos = nanos;
    }

    /** Nobody has it any more. Returns what the worker had not answered. */
    List<Request> vacate() {
        worker = null;
        isUp = false;
        List<Request> lost = new ArrayList<>(pending);
        pending.clear();
        return lost;
    }

    /** What the worker is at, or about to be; null if it has nothing to do. */
    Request current() {
        return pending.peek();
    }

    boolean isIdle() {
        return pending.isEmpty();
    }

    /** Whether its worker is there, and at no task. */
    boolean isAtRest() {
        for (Request request : pending) {
            if (request instanceof Working) {
                return false;
            }
        }
        return isUp;
    }

    int pendingRequests() {
        return pending.size();
    }

    /** Whether it is at tasks of this run, and at nothing else. */
    boolean isWorkingFor(ScheduledRun run) {
        return pending.peek() instanceof Working working && working.run() == run;
    }

    /** Whether it was sent something of this run that it has not answered. */
    boolean has(ScheduledRun run) {
        for (Request request : pending) {
            if (request.run() == run) {
                return true;
            }
        }
        return false;
    }

    void sent(Request request, long nanos) {
        if (pending.isEmpty()) {
            activeNanos = nanos;
        }
        pending.add(request);
        given += request instanceof Working ? 1 : 0;
    }

    Request answered() {
        answered++;
        return pending.remove();
    }

    long requestsAnswered() {
        return answered;
    }

    long tasksGiven() {
        return given;
    }
}
