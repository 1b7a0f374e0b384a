package io.github.forkless.spark;

import io.github.forkless.common.wire.ByteWriter;
import io.github.forkless.common.wire.Message;
import io.github.forkless.coordinator.engine.Worker;
import io.github.forkless.coordinator.engine.WorkerEnd;
import io.github.forkless.coordinator.engine.WorkerProgress;
import io.github.forkless.coordinator.result.WorkerNumber;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A worker in an executor, seen from the coordinator. What it is sent waits while an exchange is under way, and goes with the next. */
final class RemoteWorker implements Worker {
    private final ClusterEngine engine;
    private final int place;
    private final long number;
    private final Executor executor;
    private final CountDownLatch reported = new CountDownLatch(1);

    // Guarded by this object's monitor, which is held for moments only.
    private Listener listener;
    private List<Message> waiting = new ArrayList<>();
    private boolean isUnderWay;
    private boolean isWaitingForSpark;
    private boolean isDismissed;
    private long sequence;
    private String rejection;
    private boolean isEnded;

    /** The task that carries the exchange that is under way; negative if Spark has not said so. */
    private long sparkTask = -1;

    private boolean isToBeKilled;

    /** By how much the executor's clock is behind this machine's, at most. */
    private long clockOffset = Long.MAX_VALUE;

    RemoteWorker(ClusterEngine engine, int place, long number, Executor executor) {
        this.engine = engine;
        this.place = place;
        this.number = number;
        this.executor = executor;
    }

    Executor executor() {
        return executor;
    }

    @Override
    public int place() {
        return place;
    }

    @Override
    public long pid() {
        return WorkerNumber.FIRST_REMOTE + number;
    }

    @Override
    public String where() {
        return executor.name();
    }

    @Override
    public void listen(Listener told) {
        synchronized (this) {
            listener = told;
        }
        request(); // that it starts
    }

    @Override
    public void send(Message... messages) {
        synchronized (this) {
            if (isEnded) {
                return;
            }
            waiting.addAll(List.of(messages));
        }
        request();
    }

    /** Has the engine take what waits, unless it will in any case. */
    private void request() {
        synchronized (this) {
            if (isUnderWay || isWaitingForSpark || isEnded) {
                return;
            }
            isWaitingForSpark = true;
        }
        engine.ready(this);
    }

    /** What to send now; empty if it has ended. */
    synchronized Optional<Exchange> next() {
        isWaitingForSpark = false;
        if (isEnded) {
            return Optional.empty();
        }
        isUnderWay = true;
        List<Message> sent = takeUpToLoad();
        Map<Integer, List<Fingerprint>> fingerprints = new HashMap<>();
        var out = new ByteWriter();
        for (Message message : sent) {
            message.encode(out);
            if (message instanceof Message.Open open) {
                fingerprints.put(open.number(), engine.fingerprints(open.dataset()));
            }
        }
        return Optional.of(engine.exchange(
                executor,
                number,
                place,
                sequence++,
                out.toByteArray(),
                fingerprints,
                isDismissed && waiting.isEmpty()));
    }

    /**
     * Answers come when all of an exchange is done. That a job is loaded is told before it is at work: a task's time runs from then on,
     * and a crash after it is one of the task, not one of loading.
     */
    private List<Message> takeUpToLoad() {
        List<Message> sent = new ArrayList<>();
        while (sent.size() < waiting.size()) {
            Message next = waiting.get(sent.size());
            sent.add(next);
            if (next instanceof Message.Load) {
                break;
            }
        }
        waiting = new ArrayList<>(waiting.subList(sent.size(), waiting.size()));
        return sent;
    }

    /** Spark has begun the task that carries what it was sent. */
    void started(long task) {
        boolean isLate;
        synchronized (this) {
            sparkTask = task;
            isLate = isToBeKilled;
        }
        if (isLate) {
            engine.killTask(task);
        }
    }

    /** What came back. Called by one thread at a time. */
    void replied(Exchange.Reply reply) {
        Listener told;
        synchronized (this) {
            if (isEnded) {
                return;
            }
            told = listener;
            clockOffset = Math.min(clockOffset, System.nanoTime() - reply.nanos());
        }
        try {
            for (byte[] answer : reply.answers()) {
                told.received(this, here(decoded(answer)));
            }
        } catch (RuntimeException e) { // a message that makes no sense here
            ended("said what it must not: " + e);
            return;
        }
        if (reply.end() != null) {
            ended(reply.end());
            return;
        }
        boolean hasMore;
        synchronized (this) {
            isUnderWay = false;
            sparkTask = -1;
            hasMore = !waiting.isEmpty() || isDismissed;
        }
        if (hasMore) {
            request();
        }
    }

    private static Message decoded(byte[] answer) {
        try {
            return Message.Reader.ofAnswers(new ByteArrayInputStream(answer))
                    .next()
                    .orElseThrow();
        } catch (IOException e) {
            throw new IllegalStateException("an answer cannot be read: " + e.getMessage(), e);
        }
    }

    /** With this machine's times, and the name of the host. */
    private Message here(Message message) {
        if (message instanceof Message.Partial it) {
            return new Message.Partial(
                    it.assignment(),
                    it.startedNanos() + clockOffset,
                    it.busyNanos(),
                    it.minorFaults(),
                    it.majorFaults(),
                    it.content());
        } else if (message instanceof Message.Loaded it) {
            return new Message.Loaded(
                    it.run(),
                    it.ordered(),
                    it.parameterSets(),
                    it.mappedNanos() + clockOffset,
                    it.preparedNanos() + clockOffset);
        } else if (message instanceof Message.Ready it) {
            return new Message.Ready(it.upNanos() + clockOffset);
        } else if (message instanceof Message.Failed it) {
            return new Message.Failed(
                    it.run(),
                    it.assignment(),
                    it.kind(),
                    it.item(),
                    it.error(),
                    it.kind() == Message.FailureKind.REQUEST ? it.message() : it.message() + " " + at(),
                    it.trace());
        }
        return message;
    }

    private void ended(Exchange.End end) {
        OptionalInt exitValue =
                end.exitValue() == Exchange.End.NO_EXIT_VALUE ? OptionalInt.empty() : OptionalInt.of(end.exitValue());
        WorkerProgress progress =
                end.begun() < 0 ? WorkerProgress.UNKNOWN : new WorkerProgress(end.begun(), end.item());
        report(exitValue, end.cause() + " " + at(), end.lastWords(), progress);
    }

    /** Has its end told, unless that has been done. */
    void ended(String cause) {
        report(OptionalInt.empty(), cause, List.of(), WorkerProgress.UNKNOWN);
    }

    private String at() {
        return "(on host " + executor.host() + ", in executor " + executor.id() + ")";
    }

    private void report(OptionalInt exitValue, String cause, List<String> lastWords, WorkerProgress progress) {
        Listener told;
        String why;
        synchronized (this) {
            if (isEnded || listener == null) {
                return;
            }
            isEnded = true;
            told = listener;
            why = rejection != null ? rejection + " " + at() : cause;
        }
        engine.left(this);
        try {
            told.ended(this, new WorkerEnd(exitValue, why, lastWords, Optional.empty(), System.nanoTime(), progress));
        } finally {
            reported.countDown();
        }
    }

    @Override
    public synchronized boolean isFit() {
        return !isEnded && rejection == null;
    }

    /** That its executor is gone, Spark says. */
    @Override
    public void checkFitness() {}

    @Override
    public synchronized void reject(String reason) {
        if (rejection == null) {
            rejection = reason;
        }
    }

    @Override
    public synchronized boolean isRejected() {
        return rejection != null;
    }

    @Override
    public void dismiss() {
        synchronized (this) {
            isDismissed = true;
        }
        request();
    }

    @Override
    public void terminate() {
        long task;
        synchronized (this) {
            isToBeKilled = true;
            task = sparkTask;
        }
        if (task >= 0) {
            engine.killTask(task);
        }
    }

    /** It is not waited for: what its executor still does of it is nobody's business any more. */
    @Override
    public void kill() {
        terminate();
        engine.later(() -> ended("was told to end"));
    }

    @Override
    public boolean awaitEnd(Duration patience) throws InterruptedException {
        return reported.await(TimeUnit.NANOSECONDS.convert(patience), TimeUnit.NANOSECONDS);
    }
}
