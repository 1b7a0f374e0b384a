package io.github.forkless.coordinator.schedule;

import io.github.forkless.common.wire.ByteSpan;
import io.github.forkless.common.wire.Message;
import io.github.forkless.common.wire.Message.Assignment;
import io.github.forkless.common.wire.Message.FailureKind;
import io.github.forkless.common.wire.WireException;
import io.github.forkless.coordinator.engine.Worker;
import io.github.forkless.coordinator.engine.WorkerEnd;
import io.github.forkless.coordinator.engine.WorkerProgress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** A worker that does what it is told, late, twice, wrongly or not at all, as the simulation's seed has it. */
final class SimulatedWorker implements Worker {
    private final EventLoop loop;
    private final Faults faults;
    private final Map<Long, SimulatedJob> jobs;
    private final int place;
    private final long pid;
    private Listener listener;

    private final ArrayDeque<Message> requests = new ArrayDeque<>();
    private final ArrayDeque<Message> answers = new ArrayDeque<>();
    private final Set<Integer> datasets = new HashSet<>(Set.of(Message.NO_DATASET));
    private final Set<Long> objects = new HashSet<>();
    private final Set<Long> loaded = new HashSet<>();
    private boolean isUp;
    private boolean isBusy;
    private boolean isDelivering;
    private boolean isDismissed;
    private boolean isKilled;
    private boolean isKnownToDie;
    private boolean isDead;
    private boolean isReported;
    private String rejection;
    private String cause;
    /** Null while it has nothing to do. */
    private Message busyWith;

    private long begunNanos;
    private int item = -1;
    private boolean isUntold;

    /** What it has begun: attempts at tasks, and the loading of runs' jobs. */
    final Set<Object> begun = new HashSet<>();

    private long begunCount;
    /** What it was sent and has not answered, or nobody knows of. */
    final Set<Object> sent = new HashSet<>();

    record Loading(long run) {}

    record Attempt(long run, long task, int attempt) {
        static Attempt of(Assignment it) {
            return new Attempt(it.run(), it.task(), it.attempt());
        }
    }

    SimulatedWorker(EventLoop loop, Faults faults, Map<Long, SimulatedJob> jobs, int place, long pid) {
        this.loop = loop;
        this.faults = faults;
        this.jobs = jobs;
        this.place = place;
        this.pid = pid;
    }

    @Override
    public String toString() {
        return "pid " + pid + " at place " + place + (isDead ? ", dead" : isKilled ? ", killed" : "")
                + (rejection == null ? "" : ", rejected as " + rejection);
    }

    // ---- what the scheduler does

    @Override
    public int place() {
        return place;
    }

    @Override
    public long pid() {
        return pid;
    }

    @Override
    public void listen(Listener listener) {
        this.listener = listener;
        if (loop.chance(faults.noThread)) { // nobody can listen to it
            faults.missingThreads++;
            isDead = true;
            isKilled = true;
            cause = "there is no thread to listen to it";
            report();
            return;
        }
        loop.after(
                loop.delay(faults.latency()),
                loop.chance(faults.stillborn) ? () -> die("died at its start") : this::up);
    }

    @Override
    public void send(Message... messages) {
        require(!isReported && !isDismissed, "is sent something");
        for (Message message : messages) {
            requests.add(message);
            if (message instanceof Message.Load load) {
                sent.add(new Loading(load.run()));
            } else if (assignment(message) != null) {
                sent.add(Attempt.of(assignment(message)));
            }
        }
        work();
    }

    private void require(boolean condition, String what) {
        loop.require(condition, this + " " + what);
    }

    @Override
    public boolean isFit() {
        return rejection == null && !isDead && !isKnownToDie;
    }

    @Override
    public void checkFitness() {
        isKnownToDie |= isKilled;
    }

    @Override
    public void reject(String reason) {
        if (reason.startsWith("timed out") && !reason.endsWith("ready to work") && busyWith != null) {
            long allowed = jobs.get(run(busyWith)).timeout().orElseThrow().toNanos();
            long had = loop.awakeNanos() - begunNanos;
            require(had > allowed - allowed / 4, "had " + had + " of " + allowed + " ns when it " + reason);
        }
        require(isUp || !reason.equals("ended with its run"), "is at nothing yet, and is ended with a run");
        rejection = rejection == null ? reason : rejection;
    }

    @Override
    public boolean isRejected() {
        return rejection != null;
    }

    @Override
    public void dismiss() {
        isDismissed = true;
        work();
    }

    @Override
    public void terminate() {
        if (loop.chance(0.7)) {
            kill();
        }
    }

    @Override
    public void kill() {
        kill("killed");
    }

    /** By whomever. */
    void kill(String why) {
        if (!isKilled) {
            isKilled = true;
            loop.after(loop.delay(Duration.ofMillis(100)), () -> die(why));
        }
    }

    @Override
    public boolean awaitEnd(Duration patience) throws InterruptedException {
        long deadline = loop.nanos() + patience.toNanos();
        while (!isReported && deadline - loop.nanos() > 0) {
            if (loop.chance(0.05)) {
                throw new InterruptedException();
            }
            synchronized (this) {
                loop.letOthers(this);
            }
        }
        return isReported;
    }

    /** Whether it holds its place. */
    boolean isOnDuty() {
        return !isReported && !isDismissed && listener != null;
    }

    boolean isReported() {
        return isReported;
    }

    // ---- what it does

    private boolean isStopped() {
        return isDead || isKilled;
    }

    private void up() {
        if (!isStopped()) {
            isUp = true;
            say(new Message.Ready(0));
            work();
        }
    }

    private void work() {
        if (!isUp || isBusy || isStopped()) {
            return;
        }
        if (requests.isEmpty()) {
            if (isDismissed) {
                isBusy = true;
                if (loop.chance(0.9)) { // or it hangs
                    loop.after(loop.delay(faults.latency()), () -> die("ended"));
                }
            }
            return;
        }
        isBusy = true;
        loop.after(loop.delay(Duration.ofNanos(200_000)), this::begin);
    }

    private void begin() {
        if (isStopped()) {
            return;
        }
        isBusy = false;
        Message request = requests.remove();
        switch (request) {
            case Message.Open open -> require(datasets.add(open.number()), "has dataset " + open.number() + " open");
            case Message.Close close -> require(datasets.remove(close.number()), "has not open " + close.number());
            case Message.SharedHere _, Message.CloseShared _ -> {}
            case Message.OpenPerWorker open ->
                require(objects.add(open.number()), "has object " + open.number() + " open");
            case Message.ClosePerWorker close ->
                require(objects.remove(close.number()), "has not open object " + close.number());
            case Message.Release release -> require(loaded.remove(release.run()), "has not loaded " + release.run());
            default -> {
                isBusy = true;
                if (loop.chance(faults.mishap / 4)) {
                    die("died before it began");
                } else {
                    beginAnswered(request);
                }
                return;
            }
        }
        work();
    }

    private void beginAnswered(Message request) {
        long run = run(request);
        SimulatedJob job = jobs.get(run);
        busyWith = request;
        begunNanos = loop.awakeNanos();
        begunCount++;
        item = -1;
        if (request instanceof Message.Load load) {
            require(datasets.contains(load.dataset()), "is to load a job over a dataset that it has not open");
            require(loaded.add(run), "has loaded run " + run);
            begun.add(new Loading(run));
        } else {
            require(loaded.contains(run), "has not loaded run " + run);
            begun.add(Attempt.of(assignment(request)));
        }
        long nanos = request instanceof Message.Load
                ? loop.delay(faults.latency())
                : (long) (job.nanos(request) * (0.5 + loop.random.nextDouble()));
        loop.after(nanos, () -> end(request, job, nanos));
    }

    private void end(Message request, SimulatedJob job, long nanos) {
        if (isStopped()) {
            return;
        }
        Optional<Integer> harmAt = job.harmAt(request);
        boolean isLoad = request instanceof Message.Load;
        if (isLoad && job.harm() == SimulatedJob.Harm.DIES_LOADING) {
            die("died of loading");
            return;
        }
        if (harmAt.isPresent()) {
            item = job.tellsItem() ? harmAt.get() : -1;
            if (job.harm() == SimulatedJob.Harm.DIES) {
                die("died of its task");
                return;
            } else if (job.harm() == SimulatedJob.Harm.STALLS) {
                return;
            }
        }
        boolean fails = harmAt.isPresent() || isLoad && job.harm() == SimulatedJob.Harm.THROWS_LOADING;
        if (job.timeout().isPresent() && loop.chance(faults.mishap / 8)) {
            return; // it stalls
        }
        if (loop.chance(faults.mishap / 2)) {
            die("died at its task, or within the answer");
            return;
        }
        Message answer = fails ? failed(request) : answer(request, job, nanos);
        if (loop.chance(faults.mishap / 4)) {
            say(wrong(answer));
        } else if (loop.chance(faults.mishap / 4)) {
            say(answer);
            say(answer);
        } else {
            say(answer);
        }
        if (loop.chance(faults.mishap / 4)) {
            die("died behind the answer");
            return;
        }
        isBusy = false;
        busyWith = null;
        work();
    }

    private static long run(Message request) {
        return request instanceof Message.Load load
                ? load.run()
                : assignment(request).run();
    }

    private static Assignment assignment(Message request) {
        return switch (request) {
            case Message.Work work -> work.assignment();
            case Message.Merge merge -> merge.assignment();
            default -> null;
        };
    }

    private Message answer(Message request, SimulatedJob job, long nanos) {
        if (request instanceof Message.Load load) {
            return new Message.Loaded(load.run(), job.isOrdered() || job.isFunction(), job.sets(), 0, 0);
        }
        return new Message.Partial(
                assignment(request), 0, Math.max(1, nanos), -1, -1, ByteSpan.of(job.answer(request)));
    }

    private Message failed(Message request) {
        return new Message.Failed(
                run(request),
                Optional.ofNullable(assignment(request)),
                FailureKind.JOB,
                item,
                "java.lang.ArithmeticException",
                "/ by zero",
                "java.lang.ArithmeticException: / by zero");
    }

    /** To something that nobody asked, and that must not be taken for an answer to what was asked. */
    private Message wrong(Message answer) {
        return switch (answer) {
            case Message.Partial it ->
                loop.chance(0.2)
                        ? new Message.Loaded(it.assignment().run(), false, 1, 0, 0)
                        : new Message.Partial(other(it.assignment()), 0, 1, -1, -1, it.content());
            case Message.Loaded it -> new Message.Loaded(it.run() + 1, it.ordered(), it.parameterSets() + 1, 0, 0);
            case Message.Failed it ->
                new Message.Failed(
                        it.run() + (it.assignment().isPresent() ? 0 : 1),
                        it.assignment().map(this::other),
                        FailureKind.REQUEST,
                        it.item(),
                        it.error(),
                        "nobody asked for this",
                        it.trace());
            default -> throw new AssertionError(answer);
        };
    }

    private Assignment other(Assignment it) {
        int which = loop.random.nextInt(3);
        return new Assignment(
                it.run() + (which == 0 ? 1 : 0),
                it.task() + (which == 1 ? 1 : 0),
                it.attempt() + (which == 2 ? 1 : 0),
                it.firstSet(),
                it.endSet(),
                it.slice(),
                it.finish());
    }

    // ---- what it says

    private void say(Message message) {
        answers.add(message);
        deliver();
    }

    private void deliver() {
        if (isDelivering || isReported) {
            return;
        }
        if (answers.isEmpty() && !isDead) {
            return;
        }
        isDelivering = true;
        loop.after(loop.delay(Duration.ofMillis(1)), () -> {
            isDelivering = false;
            Message next = answers.poll();
            if (next == null) {
                if (isDead) {
                    report();
                }
                return;
            }
            try {
                listener.received(this, next);
            } catch (WireException nonsense) {
                answers.clear(); // nobody reads on
                reject("said what it must not: " + nonsense.getMessage());
                kill();
            }
            deliver();
        });
    }

    private void die(String why) {
        if (!isDead) {
            isDead = true;
            isKilled = true;
            cause = why;
            deliver();
        }
    }

    private void report() {
        if (isReported) {
            return;
        }
        isReported = true;
        isUntold = loop.chance(faults.untold);
        listener.ended(
                this,
                new WorkerEnd(
                        OptionalInt.of(137),
                        rejection != null ? rejection : cause,
                        List.of(),
                        Optional.empty(),
                        loop.nanos(),
                        isUntold ? WorkerProgress.UNKNOWN : new WorkerProgress(begunCount, item)));
    }

    /** Whether it may have ended at this, as far as anybody can tell. */
    boolean mayHaveEndedAt(Object what) {
        return isUntold ? sent.contains(what) : begun.contains(what);
    }
}
