package io.github.forkless.coordinator;

import io.github.forkless.common.wire.ByteWriter;
import io.github.forkless.common.wire.Message;
import io.github.forkless.common.wire.WireException;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * One child JVM, seen from the coordinator: what it is told, what it says, what it prints, how it ends.
 *
 * <p>Both of its output streams are drained at all times, each by a thread of its own, so that it never waits for us.
 * The thread that reads its messages calls the {@link Listener}, and so whatever the listener does next to keep the
 * worker busy happens without a change of threads. A third thread waits for its end: that its streams are at their end
 * does not say so, nor the other way round, for a process that it started may hold them open.
 */
final class WorkerProcess {

    /**
     * What a pipe surely takes without anyone reading: half of Linux's default. What is sent and not yet answered stays
     * below it, so that a listener that sends to any worker never waits for that worker.
     */
    private static final int PIPE_BYTES = 32 << 10;

    /** How long a worker that has closed its stdout may take to end before it is killed. */
    private static final long ENDING_MILLIS = 2_000;

    /** How long a worker that broke the protocol may take to end by itself, which would explain it. */
    private static final long EXPLAINING_MILLIS = 100;

    /**
     * A death by a signal that gives time for shutdown hooks is told so much later: others may have had the same signal,
     * and what one of them had must not be dealt to the next, who would be said to have died of it.
     */
    private static final long SETTLING_MILLIS = 30;

    /** How long to wait for the end of a dead worker's messages. */
    private static final long REMAINING_MILLIS = 1_000;

    /** Called by the worker's own threads; one call at a time for each worker. */
    interface Listener {
        void received(WorkerProcess worker, Message message);

        /** The worker has ended and every message it sent was received. Called once, and last. */
        void ended(WorkerProcess worker, Ending ending);
    }

    /**
     * How a worker ended.
     *
     * @param exitValue as {@link Process#exitValue()} has it
     * @param cause in a few words
     * @param lastWords the last lines that it printed
     * @param crashLog what its JVM wrote when it crashed
     * @param nanos when it ended, see {@link System#nanoTime}
     */
    record Ending(int exitValue, String cause, List<String> lastWords, Optional<Path> crashLog, long nanos) {}

    private final int id;
    private final Process process;
    private final OutputStream stdin;
    private final Chatter chatter;
    private final Listener listener;
    private final Sweeper sweeper;
    private final long oomKillsBefore = OomKills.count();
    private final Thread conversation;
    private final Thread burial;

    /** Why the worker was ended by us; null if it was not. */
    private volatile String verdict;

    private volatile boolean isDying;

    // What is sent: guarded by sendLock.
    private final Object sendLock = new Object();
    private final ByteWriter frames = new ByteWriter();
    /** Sizes of what was sent, up to the next message that the worker answers. */
    private final ArrayDeque<Integer> unanswered = new ArrayDeque<>();

    private int unansweredBytes;
    private int unansweredPrefix;
    private int queued;
    private BlockingQueue<byte[]> queue;

    private WorkerProcess(int id, Process process, Chatter chatter, Sweeper sweeper, Listener listener) {
        this.id = id;
        this.process = process;
        this.stdin = process.getOutputStream();
        this.chatter = chatter;
        this.sweeper = sweeper;
        this.listener = listener;
        this.conversation = Thread.ofPlatform().daemon().name("worker-" + id).unstarted(this::listen);
        this.burial =
                Thread.ofPlatform().daemon().name("worker-" + id + "-burial").unstarted(this::bury);
    }

    /**
     * Starts a worker and the threads that listen to it.
     *
     * @param id its place in the pool, from 0
     * @throws IOException when the process cannot be started
     */
    static WorkerProcess start(int id, List<String> command, Sweeper sweeper, Chatter.Sink sink, Listener listener)
            throws IOException {
        Process process = EarlyWorkers.process(command);
        var chatter = new Chatter("[worker " + id + ", pid " + process.pid() + "] ", process.getErrorStream(), sink);
        var worker = new WorkerProcess(id, process, chatter, sweeper, listener);
        try {
            chatter.start();
            worker.conversation.start();
            worker.burial.start();
        } catch (OutOfMemoryError e) {
            process.destroyForcibly();
            throw new IOException("there is no thread to listen to it: " + e.getMessage(), e);
        }
        return worker;
    }

    int id() {
        return id;
    }

    long pid() {
        return process.pid();
    }

    /**
     * Sends messages, all at once, without waiting for the worker to read them. What is sent to a worker that has died is
     * dropped: its end is reported to the listener in any case.
     */
    void send(Message... messages) {
        synchronized (sendLock) {
            frames.clear();
            for (Message message : messages) {
                int start = frames.size();
                message.encode(frames);
                unansweredPrefix += frames.size() - start;
                if (isAnswered(message)) {
                    unanswered.add(unansweredPrefix);
                    unansweredPrefix = 0;
                }
            }
            unansweredBytes += frames.size();
            if (unansweredBytes <= PIPE_BYTES && queued == 0) {
                write(frames.array(), frames.size());
            } else {
                enqueue(frames.toByteArray());
            }
        }
    }

    private static boolean isAnswered(Message message) {
        return message instanceof Message.Work || message instanceof Message.Merge || message instanceof Message.Load;
    }

    private void write(byte[] bytes, int length) {
        try {
            stdin.write(bytes, 0, length);
            stdin.flush();
        } catch (IOException e) {
            // The worker is gone; the thread that listens to it will say so.
        }
    }

    private void enqueue(byte[] bytes) {
        if (queue == null) {
            queue = new LinkedBlockingQueue<>();
            Thread.ofPlatform().daemon().name("worker-" + id + "-writer").start(this::writeQueued);
        }
        queued++;
        queue.add(bytes);
    }

    private void writeQueued() {
        try {
            while (process.isAlive() || !queue.isEmpty()) {
                byte[] bytes = queue.poll(1, TimeUnit.SECONDS);
                if (bytes != null) {
                    write(bytes, bytes.length);
                    synchronized (sendLock) {
                        queued--;
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void answered() {
        synchronized (sendLock) {
            Integer size = unanswered.poll();
            unansweredBytes -= size == null ? 0 : size;
        }
    }

    private void listen() {
        // Not closed here: what the worker still writes must not fail before it is known why.
        var messages = new Message.Reader(new BufferedInputStream(process.getInputStream(), 64 << 10));
        try {
            for (Optional<Message> next = messages.next(); next.isPresent(); next = messages.next()) {
                if (!(next.get() instanceof Message.Ready)) {
                    answered();
                }
                listener.received(this, next.get());
            }
            endWithin(ENDING_MILLIS, "closed its stdout but did not end");
        } catch (EOFException e) {
            endWithin(ENDING_MILLIS, "broke the protocol: " + e.getMessage());
        } catch (WireException e) {
            endWithin(EXPLAINING_MILLIS, "broke the protocol: " + e.getMessage());
        } catch (IOException e) {
            endWithin(EXPLAINING_MILLIS, "could not be read: " + e.getMessage());
        } catch (OutOfMemoryError e) {
            endWithin(0, "sent more than the coordinator has memory for (" + e.getMessage() + ")");
        } catch (RuntimeException | Error e) { // from the listener: a message that makes no sense here
            endWithin(0, "said what it must not: " + e);
        }
    }

    /** Kills the worker for {@code cause}, unless it ends in time and so has a cause of its own. */
    private void endWithin(long millis, String cause) {
        try {
            if (!process.waitFor(millis, TimeUnit.MILLISECONDS)) {
                condemn(cause);
                kill();
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts this thread", e);
        }
    }

    private void bury() {
        try {
            int exitValue = process.waitFor();
            long endedNanos = System.nanoTime();
            sweeper.sweep(pid());
            if (verdict == null && ExitStatus.isPolite(exitValue)) {
                Thread.sleep(SETTLING_MILLIS);
            }
            conversation.join(REMAINING_MILLIS);
            List<String> lastWords = chatter.awaitEnd();
            Optional<Path> crashLog = Autopsy.crashLog(pid());
            String cause = verdict != null
                    ? verdict
                    : Autopsy.cause(exitValue, lastWords, crashLog, OomKills.count() - oomKillsBefore);
            listener.ended(this, new Ending(exitValue, cause, lastWords, crashLog, endedNanos));
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts this thread", e);
        }
    }

    /** Says why the worker is about to be ended by us; the first reason counts. Whatever it still sends is ignored. */
    synchronized void condemn(String cause) {
        if (verdict == null) {
            verdict = cause;
        }
    }

    boolean isCondemned() {
        return verdict != null;
    }

    /** Whether it can be given something to do. */
    boolean isFit() {
        return verdict == null && !isDying && process.isAlive();
    }

    /**
     * Finds out whether the worker has been killed and has not ended yet: that takes the kernel a tenth of a second for
     * half a GiB of memory, and until then the process seems to be alive.
     */
    void look() {
        isDying |= DyingProcess.is(pid());
    }

    /** Tells the worker that nothing more will come, so that it ends when it has done everything it was sent. */
    void dismiss() {
        try {
            stdin.close();
        } catch (IOException e) {
            // It is gone already.
        }
    }

    /** Asks the worker to end, which gives shutdown hooks of a job a chance. */
    void terminate() {
        process.toHandle().destroy(); // unlike the process's own method, this leaves its streams open
    }

    /** Ends the worker at once, whatever it is doing; then the processes that it started are ended too. */
    void kill() {
        process.toHandle().destroyForcibly();
    }

    /** Waits until the process has ended and the listener knows; never called by the listener itself. */
    void awaitEnd() throws InterruptedException {
        burial.join();
    }
}
