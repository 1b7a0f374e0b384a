package io.github.forkless.coordinator.process;

import io.github.forkless.common.wire.JobSource;
import io.github.forkless.common.wire.Message;
import io.github.forkless.coordinator.engine.Worker;
import io.github.forkless.coordinator.engine.WorkerEnd;
import io.github.forkless.coordinator.engine.WorkerProgress;
import io.github.forkless.worker.jobs.BuiltInJobs;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A child JVM that may have several pools, one after another. Each has a {@link Lease} of it, which is what that pool takes
 * for the worker. Safe for use by several threads.
 */
final class KeptWorker implements Worker.Listener {
    /** How long a worker may take to forget a pool before it is killed. */
    private static final int LONGEST_RESET_SECONDS = 10;

    private static final String NO_PLACE = "without a pool";

    private final WorkerKeeper owner;
    private final WorkerLaunch launch;
    private final WorkerProcess process;

    // Guarded by this.
    /** Null between two pools. */
    private Lease lease;

    private boolean isUp;
    /** How often it was told to forget its pool. */
    private int resets;
    /** Whether it has not said yet that it has: what it says before is for nobody. */
    private boolean isForgetting;

    private boolean hasRunUserCode;
    private WorkerEnd end;

    KeptWorker(WorkerKeeper owner, WorkerLaunch launch, WorkerProcess process) {
        this.owner = owner;
        this.launch = launch;
        this.process = process;
    }

    boolean isStartedBy(WorkerLaunch other) {
        return launch.equals(other);
    }

    synchronized boolean hasRunUserCode() {
        return hasRunUserCode;
    }

    synchronized boolean isLent() {
        return lease != null;
    }

    long pid() {
        return process.pid();
    }

    /** The first pool has it from the start. */
    synchronized Worker first(boolean reusesUserCode) {
        lease = new Lease(process.place(), true, reusesUserCode);
        return lease;
    }

    /** It was started for whatever pool comes. */
    void waitForPool() {
        process.listen(this);
    }

    /** Null if it has ended. */
    synchronized Worker lend(int place, boolean reusesUserCode, Consumer<String> sink) {
        process.checkFitness();
        if (end != null || !process.isFit()) {
            return null;
        }
        lease = new Lease(place, false, reusesUserCode);
        process.move(Integer.toString(place), sink);
        return lease;
    }

    /** Ends it: no pool has it, nor will. */
    void end() {
        process.reject("ended, as no pool needs it");
        process.kill();
    }

    void awaitEnd(Duration patience) throws InterruptedException {
        process.awaitEnd(patience);
    }

    @Override
    public void received(Worker worker, Message message) {
        Lease told;
        synchronized (this) {
            boolean isReady = message instanceof Message.Ready;
            boolean isFirst = isReady && !isUp;
            isUp |= isReady;
            if (isReady && !isFirst) {
                isForgetting = false;
            }
            told = isForgetting || lease == null || lease.listener == null ? null : lease;
            if (told != null) {
                told.note(message);
            }
        }
        if (told != null) {
            told.listener.received(told, message);
        }
    }

    @Override
    public void ended(Worker worker, WorkerEnd ended) {
        Lease told;
        synchronized (this) {
            end = isForgetting // what it has begun was for another pool
                    ? new WorkerEnd(
                            ended.exitValue(),
                            ended.cause(),
                            ended.lastWords(),
                            ended.crashLog(),
                            ended.nanos(),
                            new WorkerProgress(0, WorkerProgress.UNKNOWN.item()))
                    : ended;
            told = lease;
        }
        owner.ended(this);
        if (told != null && told.listener != null) {
            told.listener.ended(told, end);
        }
    }

    private boolean release(Lease given) {
        int reset;
        synchronized (this) {
            if (lease != given || end != null || !given.isClean || given.working > 0 || !process.isFit()) {
                return false;
            }
            if (hasRunUserCode && !given.reusesUserCode) {
                return false;
            }
            if (process.hasPrinted()) {
                return false; // it may not be all that it has to say, and somebody is to read it
            }
            lease = null;
            isForgetting = true;
            reset = ++resets;
            process.move(NO_PLACE, owner.sink());
            process.send(new Message.Reset());
        }
        CompletableFuture.delayedExecutor(LONGEST_RESET_SECONDS, TimeUnit.SECONDS)
                .execute(() -> endIfForgetting(reset));
        owner.add(this);
        synchronized (this) {
            if (end == null) {
                return true;
            }
        }
        owner.remove(this); // it has ended before it was there to be removed
        return true;
    }

    private synchronized void endIfForgetting(int reset) {
        if (isForgetting && resets == reset) {
            process.reject("did not forget its last pool in " + LONGEST_RESET_SECONDS + " s");
            process.kill();
        }
    }

    private static boolean isBuiltIn(JobSource source) {
        if (source instanceof JobSource.LaterPass later) {
            return isBuiltIn(later.first());
        }
        return source instanceof JobSource.Named named
                && named.classes().isEmpty()
                && BuiltInJobs.find(named.name()).isPresent();
    }

    /** What one pool has. It is without effect when the pool has released it. */
    private final class Lease implements Worker {
        private final int place;
        private final boolean isNew;
        private final boolean reusesUserCode;
        private volatile Listener listener;

        // Guarded by the worker.
        private boolean isClean = true;
        /** Tasks that it was sent and has not answered. */
        private int working;

        Lease(int place, boolean isNew, boolean reusesUserCode) {
            this.place = place;
            this.isNew = isNew;
            this.reusesUserCode = reusesUserCode;
        }

        private boolean isOver() {
            synchronized (KeptWorker.this) {
                return lease != this;
            }
        }

        private void note(Message answer) {
            if (answer instanceof Message.Partial) {
                working--;
            } else if (answer instanceof Message.Failed) {
                isClean = false;
            }
        }

        @Override
        public int place() {
            return place;
        }

        @Override
        public long pid() {
            return process.pid();
        }

        @Override
        public boolean isNew() {
            return isNew;
        }

        @Override
        public void listen(Listener to) {
            if (isNew) {
                listener = to;
                process.listen(KeptWorker.this);
                return;
            }
            boolean isReady;
            WorkerEnd past;
            synchronized (KeptWorker.this) {
                listener = to; // it is told what comes from now on
                isReady = isUp && !isForgetting;
                past = end;
            }
            if (past != null) {
                to.ended(this, past);
            } else if (isReady) {
                to.received(this, new Message.Ready(System.nanoTime()));
            }
        }

        @Override
        public void send(Message... messages) {
            synchronized (KeptWorker.this) {
                if (lease != this) {
                    return;
                }
                for (Message message : messages) {
                    if (message instanceof Message.Load load) {
                        hasRunUserCode |= !isBuiltIn(load.source());
                    } else if (message instanceof Message.OpenPerWorker) {
                        hasRunUserCode = true;
                    } else if (message instanceof Message.Work || message instanceof Message.Merge) {
                        working++;
                    }
                }
                process.send(messages);
            }
        }

        @Override
        public boolean isFit() {
            return !isOver() && process.isFit();
        }

        @Override
        public void checkFitness() {
            process.checkFitness();
        }

        @Override
        public void reject(String reason) {
            if (!isOver()) {
                process.reject(reason);
            }
        }

        @Override
        public boolean isRejected() {
            return process.isRejected();
        }

        @Override
        public boolean release() {
            return KeptWorker.this.release(this);
        }

        @Override
        public void dismiss() {
            if (!isOver()) {
                process.dismiss();
            }
        }

        @Override
        public void terminate() {
            if (!isOver()) {
                process.terminate();
            }
        }

        @Override
        public void kill() {
            if (!isOver()) {
                process.kill();
            }
        }

        @Override
        public boolean awaitEnd(Duration patience) throws InterruptedException {
            return isOver() || process.awaitEnd(patience);
        }
    }
}
