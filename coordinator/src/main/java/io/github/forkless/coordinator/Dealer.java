package io.github.forkless.coordinator;

import io.github.forkless.common.dataset.DatasetException;
import io.github.forkless.common.dataset.DatasetFile;
import io.github.forkless.common.dataset.Slice;
import io.github.forkless.common.wire.Message;
import io.github.forkless.worker.Chaos;
import io.github.forkless.worker.Chaos.Fate;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Deals the tasks of all runs to the workers, on demand, and replaces workers that die.
 *
 * <p>There is no thread here: the threads that listen to the workers come in through {@link WorkerProcess.Listener},
 * one at a time, and leave with the next task on its way. Only where something has to happen because nothing does, a
 * task that takes too long, a timer calls. All state is guarded by this object's monitor.
 */
final class Dealer implements WorkerProcess.Listener {

    /**
     * When, beyond one for each worker, so many in a row have died without having been given anything to do, their
     * successors will die too.
     */
    private static final int MAX_STILLBORN = 2;

    /** So much work is put in front of a worker that it never waits for the pipe. */
    private static final long WORK_AHEAD_NANOS = 3_000_000;

    private static final int MAX_AHEAD = 128;

    /** How long a worker that is told to end has for its job's shutdown hooks. */
    private static final Duration GRACE = Duration.ofSeconds(1);

    /** What a JVM may take, beyond the time for a task, to start and to prepare a job. */
    private static final Duration STARTING = Duration.ofSeconds(10);

    private final List<String> command;
    private final WorkerPlaces places;
    private final Limits limits;
    private final Optional<Chaos> chaos;
    private final Chatter.Sink sink;
    private final Recording recording;
    private final Sweeper sweeper = new Sweeper();
    private final Seat[] seats;
    /** Workers that were replaced and have not ended yet. */
    private final Set<WorkerProcess> leaving = new HashSet<>();

    private final List<DatasetFile> datasets = new ArrayList<>();
    private final Map<Long, Run> runs = new LinkedHashMap<>();
    private int stillborn;
    private boolean closed;
    private RuntimeException broken;
    private ScheduledThreadPoolExecutor timer;

    /** A worker's place in the pool: the worker that has it now and what that was dealt. */
    private static final class Seat {
        /** Null before the start, and when a worker died while there was nothing to do. */
        private WorkerProcess worker;

        /** Whether the worker has said that it is there. */
        private boolean isUp;

        /** The runs whose tasks the worker can be dealt: it has prepared their job, or was sent it with the first task. */
        private final Set<Long> prepared = new HashSet<>();

        /** Those of them whose job it was sent with the first task, and has not said to have prepared. */
        private final Set<Long> preparing = new HashSet<>();

        /** What it was dealt and has not answered; it is at the first. */
        private final ArrayDeque<Dealt> dealt = new ArrayDeque<>();

        /** How many tasks it was given in its life. */
        private long given;

        /** Whether it ends behind the answer that it has just sent, and begins with nothing else. */
        private boolean isDoomed;

        /** Of the memory that is closest to it. */
        private final int node;

        /** When it last sent something, or was sent something while it had nothing to do. */
        private long activeNanos;

        private Seat(int node) {
            this.node = node;
        }

        private boolean isAt(Run run) {
            return !dealt.isEmpty() && dealt.element().run == run;
        }
    }

    private record Dealt(Run run, Run.Task task) {}

    Dealer(List<String> command, PoolOptions options, WorkerPlaces places) {
        this.command = command;
        this.places = places;
        this.limits = options.limits();
        this.chaos = options.chaos();
        this.sink = options.chatter()::println;
        this.recording = options.recording();
        this.seats = new Seat[options.procs()];
        for (int i = 0; i < seats.length; i++) {
            seats[i] = new Seat(places.node(i));
        }
    }

    /**
     * Starts all workers.
     *
     * @throws RunFailedException when one cannot be started; then none is left
     */
    synchronized void start() {
        for (int id = 0; id < seats.length && broken == null; id++) {
            start(id);
        }
        if (broken != null) {
            RuntimeException failure = broken;
            killAll();
            throw failure;
        }
        sweeper.start();
        if (chaos.isPresent()) {
            sink.print("[chaos] workers harm themselves on purpose: " + chaos.get());
        }
        limits.timeout().ifPresent(timeout -> {
            long period = Math.clamp(timeout.toMillis() / 10, 5, 500);
            timer().scheduleAtFixedRate(() -> endThoseLate(timeout), period, period, TimeUnit.MILLISECONDS);
        });
    }

    private void start(int id) {
        Seat seat = seats[id];
        seat.isUp = false;
        seat.prepared.clear();
        seat.preparing.clear();
        seat.given = 0;
        seat.isDoomed = false;
        seat.activeNanos = System.nanoTime();
        try {
            seat.worker = WorkerProcess.start(id, places.command(id, command), sweeper, sink, this);
            recording.workerStarted(id, seat.worker.pid());
            for (int i = 0; i < datasets.size(); i++) {
                seat.worker.send(open(id, i));
            }
            runs.values().stream().filter(Run::isPreparedFirst).forEach(run -> seat.worker.send(run.load()));
        } catch (IOException e) {
            seat.worker = null;
            String reason = e.getMessage().lines().findFirst().orElse("").strip(); // advice about the JDK follows it
            breakDown("worker " + (id + 1) + " of " + seats.length + " cannot be started: " + reason
                    + "; use fewer --procs, or raise the limits on processes and open files");
        }
    }

    /** Has every worker map {@code dataset} and returns the number that they call it by. */
    synchronized int share(DatasetFile dataset) {
        int index = datasets.indexOf(dataset);
        if (index >= 0) {
            return number(index);
        }
        datasets.add(dataset);
        for (int id = 0; id < seats.length; id++) {
            if (seats[id].worker != null) {
                seats[id].worker.send(open(id, datasets.size() - 1));
            }
        }
        return number(datasets.size() - 1);
    }

    private Message open(int worker, int index) {
        return new Message.Open(number(index), places.fileFor(worker, datasets.get(index)));
    }

    private static int number(int index) {
        return Message.NO_DATASET + 1 + index;
    }

    private void sendToAll(Message message) {
        for (Seat seat : seats) {
            if (seat.worker != null) {
                seat.worker.send(message);
            }
        }
    }

    /** Hands a run over; its result says how it went. */
    synchronized void submit(Run run) {
        if (broken != null || closed) {
            run.fail(broken != null ? broken : new IllegalStateException("the pool is closed"));
            return;
        }
        for (Seat seat : seats) {
            if (seat.dealt.isEmpty()) {
                seat.activeNanos = System.nanoTime();
            }
        }
        recording.submitted();
        if (run.isPreparedFirst()) {
            sendToAll(run.load());
        }
        runs.put(run.number(), run);
        run.submitted();
        fillSeats();
        dealToAll();
        forgetIfDone(run);
        run.result().whenComplete((_, failure) -> {
            if (run.result().isCancelled()) {
                recording.completed();
                abandoned(run);
            } else if (failure != null) {
                later(GRACE, () -> abandoned(run));
            }
        });
    }

    private void fillSeats() {
        for (int id = 0; id < seats.length && broken == null; id++) {
            if (seats[id].worker == null) {
                start(id);
            }
        }
    }

    /** Stops what workers are doing for a run that nobody waits for any more: only ending them does. */
    private synchronized void abandoned(Run run) {
        for (Seat seat : seats) {
            if (seat.isAt(run)) {
                seat.worker.condemn("ended with its run");
                seat.worker.kill();
            }
        }
        forgetIfDone(run);
    }

    @Override
    public synchronized void received(WorkerProcess worker, Message message) {
        Seat seat = seats[worker.id()];
        if (closed || seat.worker != worker || worker.isCondemned()) {
            return;
        }
        seat.activeNanos = System.nanoTime();
        try {
            take(seat, message);
        } catch (OutOfMemoryError e) {
            outOfMemory(e, "after the last message of worker pid " + worker.pid());
        }
    }

    private void take(Seat seat, Message message) {
        if (message instanceof Message.Partial partial) { // no pattern switch: see Message.write
            answered(seat, partial);
        } else if (message instanceof Message.Loaded loaded) {
            prepared(seat, loaded);
        } else if (message instanceof Message.Failed failed) {
            failed(seat, failed);
        } else if (message instanceof Message.Ready ready) {
            recording.workerUp(seat.worker.pid(), ready.upNanos());
            seat.isUp = true;
            deal(seat);
        } else {
            throw new IllegalStateException("worker pid " + seat.worker.pid() + " sent a request: " + message);
        }
    }

    private void prepared(Seat seat, Message.Loaded loaded) {
        recording.workerPrepared(seat.worker.pid(), loaded.mappedNanos());
        Run run = runs.get(loaded.run());
        if (!seat.preparing.remove(loaded.run()) && run != null) {
            seat.prepared.add(loaded.run());
            run.loaded(loaded);
            forgetIfDone(run);
            dealToAll();
        }
    }

    private void answered(Seat seat, Message.Partial partial) {
        Dealt dealt = seat.dealt.element();
        long waitingBefore = waitingTasks();
        dealt.run.answered(seat.worker.id(), seat.worker.pid(), dealt.task, partial);
        // Only now: an answer that makes no sense leaves the task to another worker.
        done(seat, dealt.run, waitingBefore);
    }

    private void failed(Seat seat, Message.Failed failed) {
        switch (failed.kind()) {
            case REQUEST -> failRuns(failed.run(), new InvalidRequestException(failed.message()));
            case DATA -> failRuns(failed.run(), DatasetException.reported(places.named(failed.message())));
            case JOB -> {
                if (failed.assignment().isEmpty()) {
                    failRuns(
                            failed.run(),
                            new RunFailedException(
                                    "worker pid " + seat.worker.pid() + " could not prepare the job: "
                                            + failed.message(),
                                    List.of(new Failure(
                                            -1,
                                            new Slice(0, 0),
                                            "preparing the job",
                                            1,
                                            seat.worker.pid(),
                                            OptionalInt.empty(),
                                            failed.message(),
                                            failed.error(),
                                            failed.trace(),
                                            List.of(),
                                            Optional.empty()))));
                }
            }
        }
        if (failed.assignment().isPresent()) {
            Dealt dealt = seat.dealt.element();
            long waitingBefore = waitingTasks();
            if (!dealt.run.isDone()) {
                dealt.run.threw(dealt.task, dealt.run.failure(dealt.task, seat.worker.pid(), failed));
            }
            done(seat, dealt.run, waitingBefore);
        }
    }

    /** A worker is through with its first task, and whatever came of that is known. */
    private void done(Seat seat, Run run, long waitingBefore) {
        stillborn = 0;
        Run.Task task = seat.dealt.remove().task;
        seat.isDoomed = chaos.isPresent() && chaos.get().fateOf(task.assignment()) == Fate.KILLED_BEHIND_THE_ANSWER;
        forgetIfDone(run);
        if (seat.dealt.isEmpty() && !mayHaveMore(seat)) {
            replace(seat);
        }
        deal(seat);
        if (waitingTasks() > waitingBefore) {
            dealToAll(); // a merge came up
        }
    }

    private boolean mayHaveMore(Seat seat) {
        return limits.tasksPerWorker().isEmpty()
                || seat.given < limits.tasksPerWorker().getAsInt();
    }

    /** Sends a worker that has nothing left to do away, and starts another in its place if there is any need. */
    private void replace(Seat seat) {
        WorkerProcess old = seat.worker;
        leaving.add(old);
        old.dismiss();
        later(GRACE, old::kill);
        seat.worker = null;
        if (!runs.isEmpty()) {
            start(old.id());
        }
    }

    /** Fails one run, or all when {@code number} is 0. */
    private void failRuns(long number, RuntimeException failure) {
        if (number == 0) {
            broken = failure;
        }
        for (Run run : List.copyOf(runs.values())) {
            if (number == 0 || run.number() == number) {
                run.fail(failure);
                forgetIfDone(run);
            }
        }
    }

    @Override
    public synchronized void ended(WorkerProcess worker, WorkerProcess.Ending ending) {
        try {
            bury(worker, ending);
        } catch (OutOfMemoryError e) {
            outOfMemory(e, "after the end of worker pid " + worker.pid() + ", " + ending.cause());
        }
    }

    private void bury(WorkerProcess worker, WorkerProcess.Ending ending) {
        Seat seat = seats[worker.id()];
        boolean wasDismissed = leaving.remove(worker);
        if (wasDismissed) {
            runs.values().forEach(run -> run.ended(worker.pid(), Run.ENDED_WELL));
        }
        if (closed) {
            return;
        }
        recording.workerEnded(worker.pid(), wasDismissed ? Run.ENDED_WELL : ending.cause(), ending.nanos());
        if (seat.worker != worker) {
            return;
        }
        seat.worker = null;
        List<Dealt> lost = new ArrayList<>(seat.dealt);
        seat.dealt.clear();
        takeBack(lost, !seat.isDoomed, worker, ending);
        runs.values().forEach(run -> run.ended(worker.pid(), ending.cause()));
        if (lost.isEmpty() && seat.given == 0 && ++stillborn >= seats.length + MAX_STILLBORN) {
            breakDown(stillborn + " workers died before they could work, the last one pid " + worker.pid() + ": "
                    + ending.cause() + "; it printed: "
                    + (ending.lastWords().isEmpty() ? "nothing" : String.join(" | ", ending.lastWords())));
        }
        if (broken == null && !runs.isEmpty()) {
            lookAtAll();
            dealToAll(); // those that are up can have what is to be tried again at once
            start(worker.id());
        }
    }

    /** Who was killed together with another must not be dealt what that had, and be said to have died of it. */
    private void lookAtAll() {
        for (Seat seat : seats) {
            if (seat.worker != null) {
                seat.worker.look();
            }
        }
    }

    /** Only the first of the tasks that a dead worker had was being worked on, if any; the others never reached the job. */
    private void takeBack(List<Dealt> lost, boolean isBegun, WorkerProcess worker, WorkerProcess.Ending ending) {
        for (Dealt dealt : lost.reversed()) {
            if (dealt.run.isDone()) {
                continue;
            }
            if (isBegun && dealt == lost.getFirst()) {
                dealt.run.died(worker.id(), dealt.task, dealt.run.failure(dealt.task, worker.pid(), ending));
                forgetIfDone(dealt.run);
            } else {
                dealt.run.returned(dealt.task);
            }
        }
    }

    /** What was under way is half done, and would be waited for: nothing can be trusted any more. */
    private void outOfMemory(OutOfMemoryError error, String when) {
        breakDown("the coordinator ran out of memory (" + error.getMessage() + ") " + when
                + "; give its JVM a larger heap, or cut the work so that less comes back at once");
    }

    private void breakDown(String message) {
        failRuns(0, new RunFailedException(message, List.of()));
    }

    private void forgetIfDone(Run run) {
        if (run.isDone() && runs.remove(run.number()) != null) {
            var release = new Message.Release(run.number());
            for (Seat seat : seats) {
                boolean isPrepared = seat.prepared.remove(run.number());
                seat.preparing.remove(run.number());
                if (seat.worker != null && (isPrepared || run.isPreparedFirst())) {
                    seat.worker.send(release);
                }
            }
        }
    }

    /** Deals what can be dealt now, after something other than a worker's answer has changed that. */
    synchronized void dealAgain() {
        if (!closed) {
            dealToAll();
        }
    }

    private void dealToAll() {
        for (Seat seat : seats) {
            deal(seat);
        }
    }

    /**
     * Puts tasks in front of a worker, enough to keep it busy, not so many that others run out. Tasks of one run never
     * wait behind those of another: who knows how long these take.
     */
    private void deal(Seat seat) {
        if (broken != null || seat.worker == null || !seat.worker.isFit()) {
            return;
        }
        for (Optional<Run> next = nextRun(seat); next.isPresent() && hasRoom(seat, next.get()); next = nextRun(seat)) {
            Run run = next.get();
            run.nextTask(seat.node).ifPresent(task -> deal(seat, run, task));
            forgetIfDone(run); // if it failed to make a task
        }
    }

    private static void deal(Seat seat, Run run, Run.Task task) {
        if (seat.dealt.isEmpty()) {
            seat.activeNanos = System.nanoTime();
        }
        seat.dealt.add(new Dealt(run, task));
        seat.given++;
        run.dealt(task);
        if (seat.prepared.add(run.number())) {
            seat.preparing.add(run.number());
            seat.worker.send(run.load(), task.message());
        } else {
            seat.worker.send(task.message());
        }
    }

    /** The first run that has something to deal to this worker. */
    private Optional<Run> nextRun(Seat seat) {
        return runs.values().stream()
                .filter(run -> run.waitingTasks() > 0 && isReady(seat, run))
                .findFirst();
    }

    private static boolean isReady(Seat seat, Run run) {
        return run.isPreparedFirst() ? seat.prepared.contains(run.number()) : seat.isUp;
    }

    /** Whether a run has something for a worker that is not yet ready for it. */
    private static boolean isAwaited(Seat seat, Run run) {
        return !isReady(seat, run) && (run.isPreparedFirst() || run.waitingTasks() > 0);
    }

    private boolean hasRoom(Seat seat, Run run) {
        return mayHaveMore(seat) && (seat.dealt.isEmpty() || seat.isAt(run) && seat.dealt.size() < ahead(run));
    }

    private int ahead(Run run) {
        if (run.taskNanos() == 0) {
            return 1;
        }
        long wanted = Math.min(MAX_AHEAD, 1 + WORK_AHEAD_NANOS / run.taskNanos());
        long fairShare = Math.ceilDiv(run.waitingTasks(), seats.length);
        return (int) Math.max(1, Math.min(wanted, fairShare));
    }

    private long waitingTasks() {
        long waiting = 0;
        for (Run run : runs.values()) {
            waiting += run.waitingTasks();
        }
        return waiting;
    }

    /** Ends workers that take too long for what they were asked for: first politely, then at once. */
    private synchronized void endThoseLate(Duration timeout) {
        long now = System.nanoTime();
        for (Seat seat : seats) {
            if (closed || seat.worker == null || seat.worker.isCondemned()) {
                continue;
            }
            Dealt first = seat.dealt.peek();
            boolean isPreparing = first == null || seat.preparing.contains(first.run.number());
            if (first == null && runs.values().stream().noneMatch(run -> isAwaited(seat, run))) {
                continue; // it has nothing to do
            }
            Duration allowed = isPreparing ? timeout.plus(STARTING) : timeout;
            if (now - seat.activeNanos > allowed.toNanos()) {
                WorkerProcess late = seat.worker;
                late.condemn("timed out after " + Limits.words(allowed)
                        + (isPreparing ? ", before it was ready to work" : ""));
                late.terminate();
                later(GRACE, late::kill);
            }
        }
    }

    private synchronized void later(Duration delay, Runnable action) {
        if (!closed) {
            timer().schedule(action, delay.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private ScheduledThreadPoolExecutor timer() {
        if (timer == null) {
            timer = new ScheduledThreadPoolExecutor(
                    1, Thread.ofPlatform().daemon().name("forkless-timer").factory());
        }
        return timer;
    }

    /** Ends all workers at once and waits until they are gone. Runs that are not done fail. */
    void close() {
        endWorkers();
        synchronized (this) {
            List.copyOf(runs.values()).forEach(run -> run.fail(new IllegalStateException("the pool was closed")));
        }
    }

    /** Ends all workers at once and waits until they are gone, and says so to nobody: this JVM is going down too. */
    void endWorkers() {
        List<WorkerProcess> ending;
        synchronized (this) {
            closed = true;
            if (timer != null) {
                timer.shutdownNow();
            }
            ending = killAll();
            sweeper.close(ending.stream().map(WorkerProcess::pid).toList());
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
        List<WorkerProcess> killed = new ArrayList<>(leaving);
        for (Seat seat : seats) {
            if (seat.worker != null) {
                killed.add(seat.worker);
            }
        }
        for (WorkerProcess worker : killed) {
            worker.condemn("ended with its pool");
            worker.kill();
        }
        return killed;
    }
}
