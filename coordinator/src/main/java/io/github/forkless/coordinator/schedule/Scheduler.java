package io.github.forkless.coordinator.schedule;

import io.github.forkless.common.dataset.Dataset;
import io.github.forkless.common.value.ValueCheck;
import io.github.forkless.common.wire.ByteSpan;
import io.github.forkless.common.wire.Message;
import io.github.forkless.common.wire.Message.FailureKind;
import io.github.forkless.common.wire.WireException;
import io.github.forkless.coordinator.engine.Engine;
import io.github.forkless.coordinator.engine.OutOfMemory;
import io.github.forkless.coordinator.engine.Worker;
import io.github.forkless.coordinator.engine.WorkerEnd;
import io.github.forkless.coordinator.result.Recording;
import io.github.forkless.coordinator.result.RunFailedException;
import io.github.forkless.coordinator.result.WorkerNumber;
import io.github.forkless.coordinator.schedule.FairQueue.Turn;
import io.github.forkless.coordinator.schedule.WorkerSlot.Loading;
import io.github.forkless.coordinator.schedule.WorkerSlot.Request;
import io.github.forkless.coordinator.schedule.WorkerSlot.Working;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Gives the tasks of all runs to the workers, on demand, and replaces workers that end.
 *
 * <p>The threads that listen to the workers come in through {@link Worker.Listener}, one at a time, and leave with the next
 * task on its way. Only workers are started by a thread of their own, as that takes long. Where something has to happen
 * because nothing does, a task that takes too long, the clock calls. All state is guarded by this object's monitor.
 *
 * <p>A worker answers its requests in their order. When it ends, what it was at is therefore the first that it has not
 * answered, if it had begun that: {@link io.github.forkless.coordinator.engine.WorkerProgress} tells. Only that is charged
 * with the worker's end; what is behind it goes back to its run as if nothing had happened.
 *
 * <p>An error in here fails all runs, so that none waits for ever.
 */
public final class Scheduler implements Worker.Listener {

    /** The end of a worker that was told to end. */
    public static final String ENDED_WELL = "ok";

    /**
     * If this many workers in a row, beyond one for each place, have ended before they began anything, their successors will
     * end, too.
     */
    private static final int MAX_UNUSED = 2;

    /** The runs fail if there is no worker and this many starts have failed. */
    private static final int MAX_FAILED_STARTS = 3;

    private static final Duration FIRST_RETRY = Duration.ofMillis(50);
    private static final Duration LAST_RETRY = Duration.ofSeconds(5);

    /** More workers than this do not start at a time, for each processor: the first should not have to wait for the last. */
    private static final int STARTS_PER_PROCESSOR = 2;

    private static final int MAX_AHEAD = 128;

    /** The time that a worker has for its hooks when it takes too long, and that one has which is at a run that failed. */
    private static final Duration GRACE = Duration.ofSeconds(1);

    /** What a worker may take, beyond the time for a task, to start and to load a job. */
    private static final Duration STARTING = Duration.ofSeconds(30);

    private static final Duration FOR_EVER = Duration.ofNanos(Long.MAX_VALUE);

    /** How long to wait for the workers' end where this JVM is going down. */
    private static final Duration SHUTDOWN = Duration.ofSeconds(2);

    /**
     * What is the same for all runs.
     *
     * @param workers how many places there are
     * @param tasksPerWorker after so many tasks a worker is replaced
     * @param grace how long a worker that is needed no more may take to end by itself
     * @param startsAtATime how many workers may be starting at the same time
     */
    public record Settings(int workers, OptionalInt tasksPerWorker, Duration grace, int startsAtATime) {

        public static Settings of(int workers, OptionalInt tasksPerWorker, Duration grace) {
            return new Settings(
                    workers,
                    tasksPerWorker,
                    grace,
                    STARTS_PER_PROCESSOR * Runtime.getRuntime().availableProcessors());
        }
    }

    private final Engine engine;
    private final Settings settings;
    private final Recording recording;
    private final Clock clock;
    private final Consumer<String> sink;

    /** This much work waits in front of a worker. */
    private final long workAheadNanos;

    private final WorkerSlot[] slots;
    /** Workers that were dismissed and have not ended yet, with the runs that they had loaded. */
    private final Map<Worker, Set<Long>> leaving = new LinkedHashMap<>();

    private final OpenDatasets datasets = new OpenDatasets();
    /** What workers are told to make for themselves. */
    private final Map<Long, Message.OpenPerWorker> perWorker = new LinkedHashMap<>();

    private final Map<Long, Turn> turns = new HashMap<>();
    private final FairQueue queue = new FairQueue();
    /** Whether workers are started before there is work: how many will be needed is not known yet. */
    private boolean startsAhead = true;

    private boolean isClosed;
    /** The worker whose answer is being handled: it need not be ended for a run that this answer has ended. */
    private WorkerSlot answering;

    // Of starting workers.
    private boolean starterIsRunning;
    private int failedStarts;
    private Throwable lastStartFailure;
    private long nextStartNanos;
    private boolean retryIsScheduled;
    /** They are said without the lock, as the listener may wait. */
    private final List<String> warnings = new ArrayList<>();
    /** Workers in a row that ended before they began anything. */
    private int unused;

    /** When the last look at all workers began, which is over. */
    private long lookedNanos;

    // Of tasks that take too long.
    private Duration tickPeriod;
    private long nextTickNanos;

    /** @param sink takes warnings, a line each; called without the lock */
    public Scheduler(Engine engine, Settings settings, Recording recording, Clock clock, Consumer<String> sink) {
        this.engine = engine;
        this.settings = settings;
        this.recording = recording;
        this.clock = clock;
        this.sink = sink;
        this.workAheadNanos = engine.workAhead().toNanos();
        this.slots = new WorkerSlot[settings.workers()];
        this.lookedNanos = clock.nanos();
        for (int i = 0; i < slots.length; i++) {
            slots[i] = new WorkerSlot(i);
        }
    }

    // ---- starting workers

    /**
     * Starts the first worker, and then the others in the background.
     *
     * @throws RunFailedException when none can be started
     */
    public void start() {
        synchronized (this) {
            starterIsRunning = true;
        }
        boolean isStarted = false;
        for (int attempt = 0; attempt < MAX_FAILED_STARTS && !isStarted; attempt++) {
            isStarted = startWorker(slots[0]);
        }
        synchronized (this) {
            starterIsRunning = false;
            notifyAll(); // close() may wait for this
            if (!isStarted) {
                throw new RunFailedException(cannotStart(slots[0], lastStartFailure), List.of());
            }
        }
        guarded("starting workers", this::startMissing);
    }

    private static String reason(Throwable failure) {
        String message = failure.getMessage() == null ? failure.toString() : failure.getMessage();
        return message.lines().findFirst().orElse("").strip(); // advice about the JDK follows it
    }

    private String cannotStart(WorkerSlot slot, Throwable failure) {
        return "worker " + (slot.place + 1) + " of " + slots.length + " cannot be started: " + reason(failure) + "; "
                + engine.startAdvice();
    }

    /** Has workers started in the background if some are missing and there is something to do for them. */
    private void startMissing() {
        if (starterIsRunning || nextToStart() == null) {
            return;
        }
        try {
            starterIsRunning = true;
            clock.execute(this::startAllMissing);
        } catch (OutOfMemoryError noThread) {
            starterIsRunning = false;
            startFailed(nextToStart(), noThread);
        }
    }

    private void startAllMissing() {
        while (true) {
            WorkerSlot slot;
            synchronized (this) {
                slot = nextToStart();
                if (slot == null) {
                    starterIsRunning = false;
                    notifyAll(); // close() may wait for this
                    return;
                }
                slot.isStarting = true;
            }
            startWorker(slot);
        }
    }

    /** The place that the next worker is to be started for; null if none is, for now. */
    private WorkerSlot nextToStart() {
        if (isClosed || clock.nanos() < nextStartNanos && nextStartNanos != 0) {
            return null;
        }
        if (leaving.size() > slots.length) {
            return null; // those that take their time to end have memory too
        }
        int alive = 0;
        int starting = 0;
        WorkerSlot free = null;
        for (WorkerSlot slot : slots) {
            if (slot.worker() != null || slot.isStarting) {
                alive++;
                starting += slot.isUp ? 0 : 1;
            } else if (free == null) {
                free = slot;
            }
        }
        return free != null && starting < settings.startsAtATime() && alive < wantedWorkers() ? free : null;
    }

    private long wantedWorkers() {
        if (startsAhead) {
            return slots.length;
        }
        long busy = 0;
        for (WorkerSlot slot : slots) {
            busy += slot.isIdle() ? 0 : 1;
        }
        return Math.min(slots.length, busy + queue.wanted(slots.length));
    }

    /** Not under the lock: starting a process takes long. */
    private boolean startWorker(WorkerSlot slot) {
        Worker worker = null;
        Throwable failure = null;
        try {
            worker = engine.start(slot.place);
            if (worker.isNew()) {
                recording.workerStarted(slot.place, worker.pid(), worker.where());
            } else {
                recording.workerTaken(slot.place, worker.pid());
            }
        } catch (Throwable e) { // that there is no thread for it is an OutOfMemoryError
            failure = e;
        }
        Worker started = worker;
        Throwable failed = failure;
        guarded("starting a worker", () -> {
            if (started == null) {
                startFailed(slot, failed);
            } else {
                started(slot, started);
            }
        });
        sayWarnings();
        return started != null;
    }

    private void sayWarnings() {
        List<String> said;
        synchronized (this) {
            said = List.copyOf(warnings);
            warnings.clear();
        }
        said.forEach(sink);
    }

    private void started(WorkerSlot slot, Worker worker) {
        slot.occupy(worker, engine.node(slot.place), clock.nanos());
        failedStarts = 0;
        nextStartNanos = 0;
        if (isClosed) {
            worker.reject("ended with its pool");
        }
        worker.listen(this);
        if (isClosed) {
            worker.kill();
            return;
        }
        if (slot.worker() != worker) {
            return; // it could not be listened to, so it has ended
        }
        for (int number : datasets.openedAhead()) {
            List<Message> messages = new ArrayList<>();
            open(slot, number, messages);
            send(slot, messages);
        }
        if (!perWorker.isEmpty()) {
            send(slot, new ArrayList<>(perWorker.values()));
        }
        Turn next = queue.first();
        if (next != null && !next.run().isPlanned()) {
            load(slot, next);
        }
    }

    /**
     * A worker that cannot be started is tried again while others are at work, and a few times when there is none: what
     * stands in the way may be gone by then, and it may have been the last process that the system had room for.
     */
    private void startFailed(WorkerSlot slot, Throwable failure) {
        slot.isStarting = false;
        lastStartFailure = failure;
        failedStarts++;
        int alive = 0;
        for (WorkerSlot it : slots) {
            alive += it.worker() == null ? 0 : 1;
        }
        if (alive == 0 && failedStarts >= MAX_FAILED_STARTS) {
            failedStarts = 0;
            nextStartNanos = 0;
            startsAhead = false;
            failAll(new RunFailedException(cannotStart(slot, failure), List.of()));
            return;
        }
        if (failedStarts == 1 && alive > 0) {
            warnings.add("[workers] " + cannotStart(slot, failure) + "; it is tried again, and meanwhile "
                    + (alive == 1 ? "one does" : alive + " do") + " the work");
        }
        long retry =
                Math.min(LAST_RETRY.toNanos(), FIRST_RETRY.toNanos() << Math.min(20, Math.max(0, failedStarts - 1)));
        if (!retryIsScheduled) {
            nextStartNanos = 0; // unless there is a thread for it
            clock.schedule(
                    Duration.ofNanos(retry),
                    () -> guarded("starting workers again", () -> {
                        retryIsScheduled = false;
                        nextStartNanos = 0;
                        startMissing();
                    }));
            retryIsScheduled = true;
        }
        nextStartNanos = clock.nanos() + retry;
    }

    // ---- datasets

    /**
     * Has workers map a dataset when a run needs it, until {@link #closeDataset}.
     *
     * @param ahead whether they map it at once, without waiting for a run
     * @return the number that workers call it by
     */
    public synchronized int openDataset(Dataset dataset, boolean ahead) {
        return datasets.open(dataset, ahead);
    }

    /** The dataset is not needed any more, once for each time that it was opened; a run that needs it keeps it open. */
    public synchronized void closeDataset(int number) {
        if (!isClosed && datasets.close(number)) {
            for (WorkerSlot slot : slots) {
                if (slot.worker() != null && slot.opened.remove(number)) {
                    slot.worker().send(new Message.Close(number));
                }
            }
        }
    }

    /** Shared data, which jobs map, was closed: workers are told, whether they have it mapped or not. */
    public synchronized void closeShared(long number) {
        if (!isClosed) {
            sendToAll(new Message.CloseShared(number));
        }
    }

    // ---- objects that each worker has for itself

    /** Has all workers, and those that will be started, told how an object is made, until {@link #closePerWorker}. */
    public synchronized void openPerWorker(Message.OpenPerWorker object) {
        if (isClosed) {
            throw new IllegalStateException("the pool is closed");
        }
        perWorker.put(object.number(), object);
        sendToAll(object);
    }

    public synchronized void closePerWorker(long number) {
        if (!isClosed && perWorker.remove(number) != null) {
            sendToAll(new Message.ClosePerWorker(number));
        }
    }

    private void sendToAll(Message message) {
        for (WorkerSlot slot : slots) {
            if (slot.worker() != null) {
                slot.worker().send(message);
            }
        }
    }

    private void open(WorkerSlot slot, int number, List<Message> messages) {
        if (number != Message.NO_DATASET && slot.opened.add(number)) {
            messages.add(new Message.Open(number, engine.dataFor(slot.place, datasets.get(number))));
        }
    }

    // ---- runs

    /** Hands a run over; its result says how it went. */
    public void submit(ScheduledRun run) {
        guarded("handing over a run", () -> {
            try {
                enter(run);
            } catch (Throwable e) { // it may not be among the runs that fail then
                run.fail(failure("handing it over", e));
                throw e;
            }
        });
        run.whenDone(() -> guarded("ending a run", () -> done(run)));
    }

    private void enter(ScheduledRun run) {
        if (isClosed) {
            run.fail(new IllegalStateException("the pool is closed"));
            return;
        }
        if (!datasets.retain(run.datasetNumber())) {
            run.fail(new IllegalStateException("the dataset was closed"));
            return;
        }
        startsAhead = false;
        if (turns.isEmpty()) {
            unused = 0; // deaths of idle workers long ago do not count against it
        }
        run.submitted(slow -> inBackground(run, slow));
        Turn turn = queue.enter(run);
        turns.put(run.number(), turn);
        if (!run.isPlanned() && !run.isDone()) {
            for (WorkerSlot slot : slots) { // idle ones load the job now, not when the tasks are there
                if (slot.worker() != null && slot.isIdle() && slot.worker().isFit()) {
                    load(slot, turn);
                }
            }
        }
        run.timeout().ifPresent(this::tick);
        dealToIdle();
        startMissing();
    }

    /** A run is done, in whatever way. */
    private void done(ScheduledRun run) {
        Turn turn = turns.remove(run.number());
        if (turn == null) { // it was never let in
            run.released();
            return;
        }
        queue.update(turn);
        var release = new Message.Release(run.number());
        for (WorkerSlot slot : slots) {
            if (slot.loaded.remove(run.number()) && slot.worker() != null && !isClosed) {
                slot.worker().send(release);
            }
        }
        if (run.isCancelled()) {
            abandon(run.number());
        } else {
            for (WorkerSlot slot : slots) {
                if (slot != answering && isAt(slot, run.number())) {
                    abandonInTime(run);
                    break;
                }
            }
        }
        closeDataset(run.datasetNumber());
        releaseIfLeft(run);
    }

    /** Tells a run that is over when the last worker has left it. */
    private void releaseIfLeft(ScheduledRun run) {
        if (!run.isDone() || turns.containsKey(run.number())) {
            return;
        }
        for (WorkerSlot slot : slots) {
            if (slot.has(run)) {
                return;
            }
        }
        run.released();
    }

    /**
     * Workers that stay at a run which is over are ended. If it has failed, that is soon, as others may need them. What a run
     * that ended well has left at work is only loading its job, and takes its time.
     */
    private void abandonInTime(ScheduledRun run) {
        long number = run.number(); // its results may be large, and the user has done with them before
        after(run.hasFailed() ? GRACE : STARTING, () -> guarded("ending a run", () -> abandon(number)));
    }

    /** A worker has come to something that was put in front of it: the run may be over by now. */
    private void cameTo(Request next) {
        if (next != null && next.run().isDone()) {
            if (next.run().isCancelled() && next instanceof Working) {
                abandon(next.run().number());
            } else {
                abandonInTime(next.run());
            }
        }
    }

    /** At once if there is no thread to wait for it: a worker that hangs must not keep its place. */
    private void after(Duration grace, Runnable action) {
        try {
            clock.schedule(grace, action);
        } catch (OutOfMemoryError noThread) {
            action.run();
        }
    }

    /** One that is not up yet is at nothing, whatever waits for it. */
    private static boolean isAt(WorkerSlot slot, long run) {
        return slot.isUp && slot.current() != null && slot.current().run().number() == run;
    }

    /** Stops the work for a run that is not wanted any more: only ending the workers does. */
    private void abandon(long run) {
        for (WorkerSlot slot : slots) {
            if (isAt(slot, run)) {
                slot.worker().reject("ended with its run");
                slot.worker().kill();
            }
        }
    }

    private void inBackground(ScheduledRun run, Supplier<Runnable> slow) {
        String what = "what run " + run.number() + " has to wait for";
        try {
            clock.execute(() -> {
                Runnable then;
                try {
                    then = slow.get();
                } catch (Throwable e) {
                    then = () -> run.fail(failure(what, e));
                }
                change(run, then);
            });
        } catch (OutOfMemoryError noThread) {
            run.fail(failure(what, noThread));
        }
    }

    /** Changes a run while no other thread is at it, and deals what has come up with that. */
    public void change(ScheduledRun run, Runnable change) {
        guarded("feeding a run", () -> {
            change.run();
            Turn turn = turns.get(run.number());
            if (turn != null) {
                queue.update(turn);
                dealToIdle();
                startMissing();
            }
        });
    }

    /** Deals what can be dealt now, after something other than a worker's answer has changed that. */
    public void dealAgain() {
        guarded("dealing again", () -> {
            turns.values().forEach(queue::update);
            dealToIdle();
            startMissing();
        });
    }

    private void failAll(RuntimeException failure) {
        for (Turn turn : List.copyOf(turns.values())) {
            turn.run().fail(failure);
        }
    }

    // ---- dealing

    private void dealToIdle() {
        for (WorkerSlot slot : slots) {
            if (queue.first() == null) {
                return;
            }
            if (slot.isIdle()) {
                deal(slot);
            }
        }
    }

    /** Puts requests in front of a worker, enough to keep it busy, not so many that others run out. */
    private void deal(WorkerSlot slot) {
        while (!isClosed && slot.worker() != null && slot.isUp && slot.worker().isFit() && mayTakeMore(slot)) {
            Turn turn = next(slot);
            if (turn == null) {
                return;
            }
            if (!turn.run().isPlanned()) {
                load(slot, turn);
                return;
            }
            Optional<Task> task = turn.run().nextTask(slot.node);
            if (task.isPresent()) {
                deal(slot, turn, task.get());
            }
            queue.update(turn);
        }
    }

    /**
     * The run that a worker is to be dealt something of. One that is busy is only dealt more of the run that it is at: who
     * knows how long the tasks of another take.
     */
    private Turn next(WorkerSlot slot) {
        if (slot.isIdle()) {
            return queue.first();
        }
        Turn current = slot.current().turn();
        boolean hasRoom = slot.isWorkingFor(current.run()) && slot.pendingRequests() < ahead(current.run());
        return hasRoom && queue.mayGoOn(current, workAheadNanos) ? current : null;
    }

    private int ahead(ScheduledRun run) {
        if (run.taskNanos() == 0) {
            return 1;
        }
        long wanted = Math.min(MAX_AHEAD, 1 + workAheadNanos / run.taskNanos());
        long fairShare = Math.ceilDiv(run.waitingTasks(), slots.length);
        return (int) Math.max(1, Math.min(wanted, fairShare));
    }

    private boolean mayTakeMore(WorkerSlot slot) {
        return settings.tasksPerWorker().isEmpty()
                || slot.tasksGiven() < settings.tasksPerWorker().getAsInt();
    }

    private void deal(WorkerSlot slot, Turn turn, Task task) {
        List<Message> messages = new ArrayList<>(3);
        addLoad(slot, turn, messages);
        turn.run().dealt(task);
        messages.add(task.message());
        slot.sent(new Working(turn, task), clock.nanos());
        queue.charge(turn);
        send(slot, messages);
    }

    /** Has a worker load a job, and nothing else for now. */
    private void load(WorkerSlot slot, Turn turn) {
        List<Message> messages = new ArrayList<>(2);
        addLoad(slot, turn, messages);
        queue.charge(turn);
        send(slot, messages);
    }

    private void addLoad(WorkerSlot slot, Turn turn, List<Message> messages) {
        if (slot.loaded.add(turn.run().number())) {
            open(slot, turn.run().datasetNumber(), messages);
            messages.add(turn.run().load());
            slot.sent(new Loading(turn, turn.loadingBegan()), clock.nanos());
        }
    }

    private static void send(WorkerSlot slot, List<Message> messages) {
        slot.worker().send(messages.toArray(Message[]::new));
    }

    // ---- what workers say

    @Override
    public void received(Worker worker, Message message) {
        if (message instanceof Message.Failed) {
            findChangedDataset(worker);
        } else if (message instanceof Message.Partial partial
                && partial.assignment().finish()) {
            ValueCheck.require(
                    (ByteSpan) partial.content(),
                    partial.assignment().endSet() - partial.assignment().firstSet());
        }
        guarded("a message of " + WorkerNumber.name(worker.pid()), () -> {
            WorkerSlot slot = slots[worker.place()];
            if (!isClosed && slot.worker() == worker && !worker.isRejected()) {
                slot.activeNanos = clock.nanos();
                answering = slot;
                try {
                    take(slot, message);
                } finally {
                    answering = null;
                }
            }
        });
    }

    /** A job may have failed because its data is no longer what it was. Not under the lock, as files may be far away. */
    private void findChangedDataset(Worker worker) {
        Optional<ScheduledRun> current;
        synchronized (this) {
            WorkerSlot slot = slots[worker.place()];
            current = slot.worker() == worker && slot.current() != null
                    ? Optional.of(slot.current().run())
                    : Optional.empty();
        }
        current.ifPresent(ScheduledRun::failIfDatasetChanged);
    }

    private void take(WorkerSlot slot, Message message) {
        if (message instanceof Message.Partial partial) { // no pattern switch: see Message.write
            Working working = working(slot, message);
            working.run().answered(slot.place, slot.worker().pid(), working.task(), partial);
            answered(slot); // only now: an answer that makes no sense leaves the task to another worker
        } else if (message instanceof Message.Loaded loaded) {
            Loading loading = loading(slot, loaded.run(), message);
            recording.workerPrepared(slot.worker().pid(), loaded.mappedNanos(), loaded.preparedNanos());
            if (!loading.run().isDone()) {
                loading.run().loaded(loaded);
            }
            loading.turn().loadingEnded();
            answered(slot); // only now, as above
        } else if (message instanceof Message.Failed failed) {
            failed(slot, failed);
        } else if (message instanceof Message.Ready ready) {
            recording.workerUp(slot.worker().pid(), ready.upNanos());
            slot.isUp = true;
            cameTo(slot.current());
            deal(slot);
            startMissing();
        } else {
            throw new WireException(WorkerNumber.name(slot.worker().pid()) + " sent a request: " + message);
        }
    }

    private void failed(WorkerSlot slot, Message.Failed failed) {
        Message.Failed named = failed.kind() == FailureKind.DATA
                ? new Message.Failed(
                        failed.run(),
                        failed.assignment(),
                        failed.kind(),
                        failed.item(),
                        failed.error(),
                        engine.named(failed.message()),
                        failed.trace())
                : failed;
        long pid = slot.worker().pid();
        if (failed.assignment().isPresent()) {
            Working working = working(slot, failed);
            if (!working.task().assignment().equals(failed.assignment().get())) {
                throw unexpected(slot, failed);
            }
            working.run().failed(pid, working.task(), named);
        } else {
            Loading loading = loading(slot, failed.run(), failed);
            loading.turn().loadingEnded();
            loading.run().loadFailed(pid, named);
        }
        answered(slot);
    }

    private static Working working(WorkerSlot slot, Message answer) {
        if (slot.current() instanceof Working working) {
            return working;
        }
        throw unexpected(slot, answer);
    }

    private static Loading loading(WorkerSlot slot, long run, Message answer) {
        if (slot.current() instanceof Loading loading && loading.run().number() == run) {
            return loading;
        }
        throw unexpected(slot, answer);
    }

    private static WireException unexpected(WorkerSlot slot, Message answer) {
        return new WireException(WorkerNumber.name(slot.worker().pid()) + " answered what it was not asked: " + answer);
    }

    /** A worker is through with its first request, and whatever came of that is known. */
    private void answered(WorkerSlot slot) {
        answering = null; // it is at the next request from here on
        unused = 0;
        Request request = slot.answered();
        queue.update(request.turn());
        releaseIfLeft(request.run());
        cameTo(slot.current());
        if (slot.isIdle() && !mayTakeMore(slot)) {
            dismiss(slot);
        }
        deal(slot);
        dealToIdle(); // of what came up with the answer
        startMissing();
    }

    /** Sends a worker that has nothing left to do away; another is started in its place if there is any need. */
    private void dismiss(WorkerSlot slot) {
        Worker old = slot.worker();
        leaving.put(old, new HashSet<>(slot.loaded));
        slot.vacate();
        old.dismiss();
        if (settings.grace().isZero()) {
            old.kill();
        } else {
            after(settings.grace(), old::kill);
        }
    }

    // ---- how workers end

    @Override
    public void ended(Worker worker, WorkerEnd end) {
        try {
            findDying(worker, end);
            findChangedDataset(worker);
        } finally { // in any case, or runs would wait for what it was at
            guarded("the end of " + WorkerNumber.name(worker.pid()) + ", which " + end.cause(), () -> end(worker, end));
        }
    }

    /**
     * One that was killed with it must not get its task. To look takes time, so where many end at once, nobody is looked at
     * for each of them.
     */
    private void findDying(Worker ended, WorkerEnd end) {
        long begun = clock.nanos();
        List<Worker> others = mayBeDyingToo(ended, end);
        if (others.isEmpty()) {
            return;
        }
        for (Worker other : others) {
            if (other.isFit()) {
                other.checkFitness();
            }
        }
        synchronized (this) {
            lookedNanos = begun;
        }
    }

    /** All others, if it is not known why this one has ended, and they have not been looked at since. */
    private synchronized List<Worker> mayBeDyingToo(Worker ended, WorkerEnd end) {
        if (isClosed || ended.isRejected() || slots[ended.place()].worker() != ended || end.nanos() - lookedNanos < 0) {
            return List.of();
        }
        List<Worker> workers = new ArrayList<>(slots.length);
        for (WorkerSlot slot : slots) {
            if (slot.worker() != null) {
                workers.add(slot.worker());
            }
        }
        return workers;
    }

    private void end(Worker worker, WorkerEnd end) {
        Set<Long> workedFor = leaving.remove(worker);
        if (isClosed && workedFor == null) {
            slots[worker.place()].vacate().forEach(lost -> releaseIfLeft(lost.run()));
            return;
        }
        String how = workedFor != null ? ENDED_WELL : end.cause();
        recording.workerEnded(worker.pid(), how, end.nanos());
        WorkerSlot slot = slots[worker.place()];
        if (slot.worker() == worker) {
            workedFor = new HashSet<>(slot.loaded);
            boolean hadBegun = hadBegun(slot, end);
            boolean wasUsed = hadBegun || slot.requestsAnswered() > 0;
            List<Request> lost = slot.vacate();
            takeBack(lost, hadBegun, worker, end);
            if (!wasUsed) {
                endedUnused(worker, end);
            }
        }
        if (workedFor != null) {
            for (long number : workedFor) {
                Turn turn = turns.get(number);
                if (turn != null) {
                    turn.run().workerEnded(worker.pid(), how);
                    queue.update(turn);
                }
            }
        }
        dealToIdle(); // those that are up can have what is to be tried again at once
        startMissing();
    }

    /** Whether it was at its first request. If that is not known: whether it was up. */
    private static boolean hadBegun(WorkerSlot slot, WorkerEnd end) {
        return !slot.isIdle()
                && (end.progress().isKnown() ? end.progress().begun() > slot.requestsAnswered() : slot.isUp);
    }

    private void endedUnused(Worker worker, WorkerEnd end) {
        startsAhead = false; // its successors might end too, again and again, with no run that could fail
        if (++unused >= slots.length + MAX_UNUSED) {
            failAll(new RunFailedException(
                    unused + " workers died before they could work, the last one "
                            + WorkerNumber.shortName(worker.pid()) + ": "
                            + end.cause() + "; it printed: "
                            + (end.lastWords().isEmpty() ? "nothing" : String.join(" | ", end.lastWords())),
                    List.of()));
            unused = 0;
        }
    }

    private void takeBack(List<Request> lost, boolean hadBegun, Worker worker, WorkerEnd end) {
        for (Request request : lost.reversed()) {
            boolean wasAtIt = hadBegun && request == lost.getFirst();
            ScheduledRun run = request.run();
            if (request instanceof Loading loading) {
                loading.turn().loadingEnded();
                if (wasAtIt && !run.isDone()) {
                    run.diedLoading(
                            worker.place(), worker.pid(), end, loading.turn().isNews(loading.round()));
                }
            } else if (request instanceof Working working && !run.isDone()) {
                if (wasAtIt) {
                    run.died(worker.place(), worker.pid(), working.task(), end);
                } else {
                    run.returned(working.task());
                }
            }
            queue.update(request.turn());
            releaseIfLeft(run);
        }
    }

    // ---- what takes too long

    /** Looks from now on, often enough for this timeout, for workers that take too long. */
    private void tick(Duration timeout) {
        Duration period = Duration.ofMillis(Math.clamp(timeout.toMillis() / 10, 5, 500));
        if (tickPeriod == null) {
            tickIn(period);
        } else if (period.compareTo(tickPeriod) < 0) {
            giveBackPause(); // the next tick would have told of it, and there will be another in its place
            tickIn(period);
        }
    }

    private void tickIn(Duration period) {
        tickPeriod = null; // unless there is a thread for it
        long due = clock.nanos() + period.toNanos();
        clock.schedule(period, () -> ticked(due));
        tickPeriod = period;
        nextTickNanos = due;
    }

    private void ticked(long due) {
        guarded("looking for what takes too long", () -> {
            if (tickPeriod == null || due != nextTickNanos) {
                return; // there is a sooner one
            }
            giveBackPause();
            boolean isNeeded = false;
            for (WorkerSlot slot : slots) {
                endIfLate(slot);
            }
            for (Turn turn : turns.values()) {
                isNeeded |= turn.run().timeout().isPresent();
            }
            if (isClosed || !isNeeded) {
                tickPeriod = null;
            } else {
                tickIn(tickPeriod);
            }
        });
    }

    /** Time in which this process was stopped, as by Ctrl-Z, does not count. */
    private void giveBackPause() {
        long now = clock.nanos();
        long late = now - nextTickNanos;
        if (late > tickPeriod.toNanos()) {
            for (WorkerSlot slot : slots) {
                if (now - slot.activeNanos > late) {
                    slot.activeNanos += late;
                } else { // it was active since
                    slot.activeNanos = now;
                }
            }
        }
    }

    /** Ends a worker that takes too long for what it was asked for: first politely, then at once. */
    private void endIfLate(WorkerSlot slot) {
        Worker worker = slot.worker();
        if (isClosed || worker == null || worker.isRejected()) {
            return;
        }
        Turn turn = slot.current() != null ? slot.current().turn() : slot.isUp ? null : queue.first();
        if (turn == null || turn.run().timeout().isEmpty()) {
            return;
        }
        Duration timeout = turn.run().timeout().get();
        boolean isWorking = slot.isUp && slot.current() instanceof Working;
        Duration allowed = isWorking ? timeout : timeout.plus(STARTING);
        if (clock.nanos() - slot.activeNanos > allowed.toNanos()) {
            worker.reject(
                    "timed out after " + Durations.text(allowed) + (isWorking ? "" : ", before it was ready to work"));
            worker.terminate();
            after(GRACE, worker::kill);
        }
    }

    // ---- the end

    /**
     * Ends all workers and waits until they are gone, interrupted or not. One that is at a task is killed, all others may
     * end by themselves for a while. Runs that are not done fail.
     */
    public void close() {
        releaseAll();
        boolean wasInterrupted = dismissAll();
        endWorkers(FOR_EVER);
        synchronized (this) {
            failAll(new IllegalStateException("the pool was closed"));
        }
        if (wasInterrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends all workers at once and waits a short while for that: this JVM is going down. */
    public void endWorkersAtShutdown() {
        endWorkers(SHUTDOWN);
    }

    /** Workers that can be kept for another pool are of this one no more. */
    private synchronized void releaseAll() {
        isClosed = true;
        for (WorkerSlot slot : slots) {
            if (slot.worker() != null && slot.worker().release()) {
                for (Request lost : slot.vacate()) {
                    releaseIfLeft(lost.run());
                }
            }
        }
    }

    /** Returns whether this thread was interrupted meanwhile, which does not shorten the workers' time. */
    private boolean dismissAll() {
        if (settings.grace().isZero()) {
            return false;
        }
        long begun = clock.nanos();
        boolean wasInterrupted = false;
        Set<Worker> dismissed;
        synchronized (this) {
            isClosed = true;
            dismissed = new LinkedHashSet<>(leaving.keySet());
            for (WorkerSlot slot : slots) {
                if (slot.worker() == null) {
                    continue;
                }
                if (slot.isAtRest()) {
                    dismissed.add(slot.worker());
                    slot.worker().dismiss();
                } else {
                    endAtOnce(slot.worker());
                }
            }
        }
        engine.closing();
        for (Worker worker : dismissed) {
            boolean isAwaited = false;
            while (!isAwaited) {
                try {
                    worker.awaitEnd(left(settings.grace(), begun));
                    isAwaited = true;
                } catch (InterruptedException e) {
                    wasInterrupted = true; // it is told when they are gone
                }
            }
        }
        return wasInterrupted;
    }

    private void endWorkers(Duration patience) {
        long begun = clock.nanos();
        Set<Worker> ending;
        boolean wasInterrupted = false;
        synchronized (this) {
            isClosed = true;
            clock.close();
            ending = killAll();
        }
        engine.closing();
        while (true) {
            try {
                for (Worker worker : ending) {
                    if (!worker.awaitEnd(left(patience, begun))) {
                        break;
                    }
                }
                synchronized (this) {
                    while (starterIsRunning && !left(patience, begun).isZero()) { // it may have just started one
                        clock.await(this, left(patience, begun));
                    }
                    Set<Worker> late = killAll();
                    if (ending.containsAll(late) || left(patience, begun).isZero()) {
                        break;
                    }
                    ending.addAll(late);
                }
            } catch (InterruptedException e) {
                wasInterrupted = true; // it is told when they are gone
            }
        }
        engine.close();
        if (wasInterrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private Duration left(Duration patience, long begunNanos) {
        Duration left = patience.minusNanos(clock.nanos() - begunNanos);
        return left.isNegative() ? Duration.ZERO : left;
    }

    private Set<Worker> killAll() {
        Set<Worker> killed = new HashSet<>(leaving.keySet());
        for (WorkerSlot slot : slots) {
            if (slot.worker() != null) {
                killed.add(slot.worker());
            }
        }
        killed.forEach(Scheduler::endAtOnce);
        return killed;
    }

    private static void endAtOnce(Worker worker) {
        worker.reject("ended with its pool");
        worker.kill();
    }

    // ---- whatever goes wrong in here

    /**
     * Does something under the lock. What is thrown there, but for a worker's answer that makes no sense, leaves a state in
     * which something may be waited for that does not come: all runs fail, and say why.
     */
    private void guarded(String what, Runnable action) {
        synchronized (this) {
            try {
                action.run();
            } catch (WireException nonsense) {
                throw nonsense; // the worker's fault, of which its listener is told
            } catch (Throwable e) {
                failAll(failure(what, e));
            }
        }
    }

    private static RunFailedException failure(String what, Throwable e) {
        if (!(e instanceof OutOfMemoryError noMemory)) {
            return new RunFailedException(
                    "something went wrong in the coordinator at " + what + ": " + e
                            + "; please report it, with what the run was",
                    List.of(),
                    e);
        }
        return new RunFailedException(OutOfMemory.at(what, noMemory), List.of());
    }
}
