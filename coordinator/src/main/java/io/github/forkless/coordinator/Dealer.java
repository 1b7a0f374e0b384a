package io.github.forkless.coordinator;

import io.github.forkless.common.dataset.DatasetException;
import io.github.forkless.common.dataset.DatasetFile;
import io.github.forkless.common.wire.Message;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Deals the tasks of all runs to the workers, on demand, and replaces workers that die.
 *
 * <p>There is no thread here: the threads that listen to the workers come in through {@link WorkerProcess.Listener},
 * one at a time, and leave with the next task on its way. All state is guarded by this object's monitor.
 */
final class Dealer implements WorkerProcess.Listener {

    /** A worker that dies before it has answered anything died of something that its successor will die of too. */
    private static final int MAX_FAILED_STARTS = 3;

    /** So much work is put in front of a worker that it never waits for the pipe. */
    private static final long WORK_AHEAD_NANOS = 3_000_000;

    private static final int MAX_AHEAD = 128;

    private final List<String> command;
    private final Chatter.Sink sink;
    private final Seat[] seats;
    private final List<DatasetFile> datasets = new ArrayList<>();
    private final Map<Long, Run> runs = new LinkedHashMap<>();
    private int failedStarts;
    private boolean closed;
    private RuntimeException broken;

    /** Average time of a task of late; 0 when none is known. */
    private long taskNanos;

    /** A worker's place in the pool: the worker that has it now and what that was dealt. */
    private static final class Seat {
        private WorkerProcess worker;
        private boolean hasAnswered;
        private final ArrayDeque<Dealt> dealt = new ArrayDeque<>();
    }

    private record Dealt(Run run, Run.Task task) {}

    Dealer(int procs, List<String> command, Chatter.Sink sink) {
        this.command = command;
        this.sink = sink;
        this.seats = new Seat[procs];
        for (int i = 0; i < procs; i++) {
            seats[i] = new Seat();
        }
    }

    /**
     * Starts all workers.
     *
     * @throws RunFailedException when one cannot be started; then none is left
     */
    synchronized void start() {
        for (int id = 0; id < seats.length; id++) {
            start(id);
        }
        if (broken != null) {
            RuntimeException failure = broken;
            killAll();
            throw failure;
        }
    }

    private void start(int id) {
        try {
            Seat seat = seats[id];
            seat.worker = WorkerProcess.start(id, command, sink, this);
            seat.hasAnswered = false;
            for (int i = 0; i < datasets.size(); i++) {
                seat.worker.send(open(i));
            }
            runs.values().forEach(run -> seat.worker.send(run.load()));
        } catch (IOException e) {
            breakDown("worker " + (id + 1) + " of " + seats.length + " cannot be started: " + e.getMessage()
                    + "; use fewer --procs, or raise the limit on processes");
        }
    }

    /** Has every worker map {@code dataset} and returns the number that they call it by. */
    synchronized int share(DatasetFile dataset) {
        datasets.add(dataset);
        for (Seat seat : seats) {
            if (seat.worker != null) {
                seat.worker.send(open(datasets.size() - 1));
            }
        }
        return Message.NO_DATASET + datasets.size();
    }

    private Message open(int index) {
        return new Message.Open(Message.NO_DATASET + 1 + index, datasets.get(index));
    }

    /** Hands a run over; its result says how it went. */
    synchronized void submit(Run run) {
        if (broken != null || closed) {
            run.fail(broken != null ? broken : new IllegalStateException("the pool is closed"));
            return;
        }
        runs.put(run.number(), run);
        for (Seat seat : seats) {
            seat.worker.send(run.load());
        }
        run.result().whenComplete((_, _) -> {
            if (run.result().isCancelled()) {
                cancelled(run);
            }
        });
    }

    /** Stops what workers are doing for a run that nobody waits for any more: only ending them does. */
    private synchronized void cancelled(Run run) {
        for (Seat seat : seats) {
            if (!seat.dealt.isEmpty() && seat.dealt.element().run == run) {
                seat.worker.kill();
            }
        }
        forgetIfDone(run);
    }

    @Override
    public synchronized void received(WorkerProcess worker, Message message) {
        Seat seat = seats[worker.id()];
        if (closed || seat.worker != worker) {
            return;
        }
        switch (message) {
            case Message.Ready _ -> {}
            case Message.Loaded loaded -> {
                seat.hasAnswered = true;
                failedStarts = 0;
                Optional.ofNullable(runs.get(loaded.run())).ifPresent(run -> {
                    run.loaded(loaded);
                    dealToAll();
                });
            }
            case Message.Partial partial -> answered(seat, worker, partial);
            case Message.Failed failed -> failed(seat, worker, failed);
            case Message.Open _, Message.Load _, Message.Work _, Message.Merge _, Message.Release _ ->
                throw new IllegalStateException("worker pid " + worker.pid() + " sent a request: " + message);
        }
    }

    private void answered(Seat seat, WorkerProcess worker, Message.Partial partial) {
        Dealt dealt = seat.dealt.element();
        taskNanos = taskNanos == 0 ? partial.busyNanos() : (taskNanos * 7 + partial.busyNanos()) / 8;
        long waitingBefore = waitingTasks();
        dealt.run.answered(worker.id(), worker.pid(), dealt.task, partial);
        seat.dealt.remove(); // only now: an answer that makes no sense leaves the task to another worker
        forgetIfDone(dealt.run);
        deal(seat);
        if (waitingTasks() > waitingBefore) {
            dealToAll(); // a merge came up
        }
    }

    private void failed(Seat seat, WorkerProcess worker, Message.Failed failed) {
        Run run = runs.get(failed.run());
        switch (failed.kind()) {
            case REQUEST -> failRuns(failed.run(), new InvalidRequestException(failed.message()));
            case DATA -> failRuns(failed.run(), DatasetException.reported(failed.message()));
            case JOB -> {
                if (failed.assignment().isEmpty()) {
                    failRuns(
                            failed.run(),
                            new RunFailedException(
                                    "worker pid " + worker.pid() + " could not prepare the job: " + failed.message(),
                                    List.of()));
                } else if (run != null) {
                    run.threw(Run.failure(
                            seat.dealt.element().task,
                            worker.pid(),
                            OptionalInt.empty(),
                            failed.message(),
                            failed.trace(),
                            List.of()));
                    forgetIfDone(run);
                }
            }
        }
        if (failed.assignment().isPresent()) {
            seat.dealt.remove();
            deal(seat);
        }
    }

    /** Fails one run, or all when {@code number} is 0. */
    private void failRuns(long number, RuntimeException failure) {
        for (Run run : List.copyOf(runs.values())) {
            if (number == 0 || run.number() == number) {
                run.fail(failure);
                forgetIfDone(run);
            }
        }
        if (number == 0) {
            broken = failure;
        }
    }

    @Override
    public synchronized void ended(WorkerProcess worker, WorkerProcess.Ending ending) {
        Seat seat = seats[worker.id()];
        if (closed || seat.worker != worker) {
            return;
        }
        List<Dealt> lost = new ArrayList<>(seat.dealt);
        seat.dealt.clear();
        if (!seat.hasAnswered && ++failedStarts >= MAX_FAILED_STARTS) {
            breakDown(failedStarts + " workers died before they could work, the last one pid " + worker.pid() + ": "
                    + ending.cause() + "; it printed: "
                    + (ending.lastWords().isEmpty() ? "nothing" : String.join(" | ", ending.lastWords())));
            return;
        }
        // Only the first task was being worked on; those behind it never reached the worker's code.
        for (int i = lost.size() - 1; i >= 0; i--) {
            Dealt dealt = lost.get(i);
            if (dealt.run.isDone()) {
                continue;
            }
            if (i > 0) {
                dealt.run.returned(dealt.task);
            } else {
                dealt.run.died(
                        worker.id(),
                        dealt.task,
                        Run.failure(
                                dealt.task,
                                worker.pid(),
                                OptionalInt.of(ending.exitValue()),
                                ending.cause(),
                                "",
                                ending.lastWords()));
                forgetIfDone(dealt.run);
            }
        }
        start(worker.id());
        dealToAll();
    }

    private void breakDown(String message) {
        broken = new RunFailedException(message, List.of());
        failRuns(0, broken);
    }

    private void forgetIfDone(Run run) {
        if (run.isDone() && runs.remove(run.number()) != null) {
            for (Seat seat : seats) {
                seat.worker.send(new Message.Release(run.number()));
            }
        }
    }

    private void dealToAll() {
        for (Seat seat : seats) {
            deal(seat);
        }
    }

    /** Puts tasks in front of a worker, enough to keep it busy, not so many that others run out. */
    private void deal(Seat seat) {
        if (broken != null) {
            return;
        }
        while (seat.dealt.size() < ahead()) {
            Optional<Dealt> next = next();
            if (next.isEmpty()) {
                return;
            }
            Dealt dealt = next.get();
            seat.dealt.add(dealt);
            dealt.run.dealt(dealt.task);
            seat.worker.send(dealt.task.message());
        }
    }

    private int ahead() {
        long wanted = taskNanos == 0 ? 2 : Math.min(MAX_AHEAD, 1 + WORK_AHEAD_NANOS / Math.max(1, taskNanos));
        long fairShare = Math.ceilDiv(waitingTasks(), seats.length);
        return (int) Math.max(1, Math.min(wanted, fairShare));
    }

    private Optional<Dealt> next() {
        for (Run run : runs.values()) {
            Optional<Run.Task> task = run.nextTask();
            if (task.isPresent()) {
                return Optional.of(new Dealt(run, task.get()));
            }
        }
        return Optional.empty();
    }

    private long waitingTasks() {
        long waiting = 0;
        for (Run run : runs.values()) {
            waiting += run.waitingTasks();
        }
        return waiting;
    }

    /** Ends all workers at once and waits until they are gone. Runs that are not done fail. */
    void close() {
        List<WorkerProcess> ending;
        synchronized (this) {
            closed = true;
            ending = killAll();
            List.copyOf(runs.values()).forEach(run -> run.fail(new IllegalStateException("the pool was closed")));
        }
        try {
            for (WorkerProcess worker : ending) {
                worker.awaitEnd();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private List<WorkerProcess> killAll() {
        List<WorkerProcess> killed = new ArrayList<>();
        for (Seat seat : seats) {
            if (seat.worker != null) {
                seat.worker.kill();
                killed.add(seat.worker);
            }
        }
        return killed;
    }
}
