package io.github.forkless.coordinator;

import io.github.forkless.common.wire.ByteWriter;
import io.github.forkless.common.wire.Message;
import io.github.forkless.common.wire.WireException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
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
 * worker busy happens without a change of threads.
 */
final class WorkerProcess {

    /**
     * What a pipe surely takes without anyone reading: half of Linux's default. What is sent and not yet answered stays
     * below it, so that a listener that sends to any worker never waits for that worker.
     */
    private static final int PIPE_BYTES = 32 << 10;

    /** How long a worker that has closed its stdout may take to end before it is killed. */
    private static final long ENDING_MILLIS = 2_000;

    /** Called by the worker's own threads; one call at a time for each worker. */
    interface Listener {
        void received(WorkerProcess worker, Message message);

        /** The worker has ended and every message it sent was received. Called once. */
        void ended(WorkerProcess worker, Ending ending);
    }

    /**
     * How a worker ended.
     *
     * @param exitValue as {@link Process#exitValue()} has it
     * @param cause in a few words
     * @param lastWords the last lines that it printed
     */
    record Ending(int exitValue, String cause, List<String> lastWords) {}

    private final int id;
    private final Process process;
    private final OutputStream stdin;
    private final Chatter chatter;
    private final Listener listener;
    private final Thread conversation;

    // What is sent: guarded by sendLock.
    private final Object sendLock = new Object();
    private final ByteWriter frame = new ByteWriter();
    /** Sizes of what was sent, up to the next message that the worker answers. */
    private final ArrayDeque<Integer> unanswered = new ArrayDeque<>();

    private int unansweredBytes;
    private int unansweredPrefix;
    private int queued;
    private BlockingQueue<byte[]> queue;

    private WorkerProcess(int id, Process process, Chatter chatter, Listener listener) {
        this.id = id;
        this.process = process;
        this.stdin = process.getOutputStream();
        this.chatter = chatter;
        this.listener = listener;
        this.conversation = Thread.ofPlatform().daemon().name("worker-" + id).unstarted(this::listen);
    }

    /**
     * Starts a worker and the threads that listen to it.
     *
     * @param id its place in the pool, from 0
     * @throws IOException when the process cannot be started
     */
    static WorkerProcess start(int id, List<String> command, Chatter.Sink sink, Listener listener) throws IOException {
        Process process = EarlyWorkers.process(command);
        var chatter = new Chatter("[worker " + id + ", pid " + process.pid() + "] ", process.getErrorStream(), sink);
        var worker = new WorkerProcess(id, process, chatter, listener);
        chatter.start();
        worker.conversation.start();
        return worker;
    }

    int id() {
        return id;
    }

    long pid() {
        return process.pid();
    }

    /**
     * Sends a message without waiting for the worker to read it. A message to a worker that has died is dropped: its
     * end is reported to the listener in any case.
     */
    void send(Message message) {
        synchronized (sendLock) {
            message.encode(frame);
            boolean fits = unansweredBytes + frame.size() <= PIPE_BYTES;
            unansweredBytes += frame.size();
            unansweredPrefix += frame.size();
            if (isAnswered(message)) {
                unanswered.add(unansweredPrefix);
                unansweredPrefix = 0;
            }
            if (fits && queued == 0) {
                write(frame.array(), frame.size());
            } else {
                enqueue(frame.toByteArray());
            }
        }
    }

    private static boolean isAnswered(Message message) {
        return switch (message) {
            case Message.Load _, Message.Work _, Message.Merge _ -> true;
            default -> false;
        };
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
        String broken = "";
        try (InputStream stdout = new BufferedInputStream(process.getInputStream(), 64 << 10)) {
            for (Optional<Message> next = Message.receive(stdout); next.isPresent(); next = Message.receive(stdout)) {
                if (!(next.get() instanceof Message.Ready)) {
                    answered();
                }
                listener.received(this, next.get());
            }
        } catch (WireException e) {
            broken = "broke the protocol: " + e.getMessage();
        } catch (IOException e) {
            broken = "could not be read: " + e.getMessage();
        } catch (RuntimeException e) { // from the listener: a message that makes no sense here
            broken = "said what it must not: " + e;
        }
        listener.ended(this, bury(broken));
    }

    private Ending bury(String broken) {
        try {
            if (!broken.isEmpty()) {
                kill();
            }
            boolean endedBySelf = process.waitFor(ENDING_MILLIS, TimeUnit.MILLISECONDS);
            if (!endedBySelf) {
                kill();
                process.waitFor();
            }
            List<String> lastWords = chatter.awaitEnd();
            String cause = !broken.isEmpty()
                    ? broken
                    : endedBySelf ? ExitStatus.describe(process.exitValue()) : "closed its stdout but did not end";
            return new Ending(process.exitValue(), cause, lastWords);
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts this thread", e);
        }
    }

    /** Ends the worker at once, whatever it is doing, and the processes that it started. */
    void kill() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    /** Waits until the process has ended and the listener knows; never called by the listener itself. */
    void awaitEnd() throws InterruptedException {
        conversation.join();
    }
}
