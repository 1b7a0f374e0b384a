package io.github.forkless.coordinator.threads;

import io.github.forkless.common.text.Throwables;
import io.github.forkless.common.wire.ByteWriter;
import io.github.forkless.common.wire.Message;
import io.github.forkless.coordinator.engine.Worker;
import io.github.forkless.coordinator.engine.WorkerEnd;
import io.github.forkless.coordinator.engine.WorkerProgress;
import io.github.forkless.worker.InProcessWorker;
import io.github.forkless.worker.SharedMappings;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * One thread that does tasks, seen from the coordinator. The thread itself calls the {@link Listener}.
 *
 * <p>A thread cannot be ended from outside. One that is to end is interrupted; if it goes on for a little while longer all
 * the same, it is given up: the listener is told that the worker has ended, and what the thread still does is nobody's
 * business any more.
 */
final class ThreadWorker implements Worker {
    /** Stands behind the last request. */
    private static final Message[] DISMISSAL = {};

    /** The kernel's number of the calling thread stands at the end of what this links to. */
    private static final Path SELF = Path.of("/proc/thread-self");

    /** How long a thread may take to react to being interrupted. */
    private static final long REACTION_MILLIS = 100;

    private final int place;
    private final SharedMappings mappings;
    private final ClassLoader loader;
    private final ScheduledExecutorService givingUp;
    private final Thread thread;
    private final CompletableFuture<Long> number = new CompletableFuture<>();
    private final CompletableFuture<Listener> listener = new CompletableFuture<>();
    private final BlockingQueue<Message[]> requests = new LinkedBlockingQueue<>();
    private final CountDownLatch reported = new CountDownLatch(1);

    /** Null while the thread makes it. */
    private volatile InProcessWorker worker;
    /** Why the worker was ended by us; null if it was not. */
    private volatile String rejection;
    /** Whether the thread is to end, whatever it is doing. */
    private volatile boolean isEnding;

    /** Held while the listener is called; never taken by the methods that the listener calls. */
    private final Object listenerLock = new Object();

    private boolean isReported;

    private ThreadWorker(int place, SharedMappings mappings, ClassLoader loader, ScheduledExecutorService givingUp) {
        this.place = place;
        this.mappings = mappings;
        this.loader = loader;
        this.givingUp = givingUp;
        this.thread = Thread.ofPlatform().daemon().name("worker-" + place).unstarted(this::live);
        thread.setContextClassLoader(loader);
    }

    /** Returns when its thread is there. */
    static ThreadWorker start(
            int place, SharedMappings mappings, ClassLoader loader, ScheduledExecutorService givingUp) {
        var worker = new ThreadWorker(place, mappings, loader, givingUp);
        worker.thread.start();
        worker.number.join();
        return worker;
    }

    // ---- the thread's side

    private void live() {
        number.complete(kernelNumber());
        String cause = "was told to end";
        try (var made = new InProcessWorker(mappings, loader)) {
            worker = made;
            answer(new Message.Ready(System.nanoTime()));
            work(made);
        } catch (OutOfMemoryError e) {
            cause = "ran out of memory (" + e.getMessage() + "), which the threads of this JVM share";
        } catch (Throwable e) { // of a message that cannot be written or makes no sense; what a job throws is an answer
            cause = "could not go on: " + Throwables.line(e);
        } finally {
            report(cause);
        }
    }

    private void work(InProcessWorker doing) throws IOException {
        while (!isEnding) {
            Message[] next = nextRequests();
            if (next == DISMISSAL) {
                return;
            }
            for (int i = 0; i < next.length && !isEnding; i++) {
                doing.handle(received(next[i])).ifPresent(this::answer);
                doing.endRequest();
            }
        }
    }

    private Message[] nextRequests() {
        try {
            return requests.take();
        } catch (InterruptedException e) { // to end; a job that interrupts the threads that it finds gains nothing
            return new Message[0];
        }
    }

    private void answer(Message message) {
        Message received = received(message);
        Listener told = listener.join();
        synchronized (listenerLock) {
            if (!isEnding && !isReported) {
                told.received(this, received);
            }
        }
    }

    /** The message as it would come from another process: a copy that shares nothing. */
    private static Message received(Message sent) {
        var pieces = new Pieces();
        try {
            sent.send(pieces, new ByteWriter());
            return new Message.Reader(pieces.input()).next().orElseThrow();
        } catch (IOException e) {
            throw new IllegalStateException("what was just written cannot be read", e);
        }
    }

    /** What was written, in as many arrays: it may be more than one can hold. */
    private static final class Pieces extends OutputStream {
        private final List<InputStream> written = new ArrayList<>();

        @Override
        public void write(int b) {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            written.add(new ByteArrayInputStream(Arrays.copyOfRange(bytes, offset, offset + length)));
        }

        InputStream input() {
            return new SequenceInputStream(Collections.enumeration(written));
        }
    }

    private static long kernelNumber() {
        try {
            return Long.parseLong(Files.readSymbolicLink(SELF).getFileName().toString());
        } catch (IOException | NumberFormatException e) { // no Linux
            return Thread.currentThread().threadId();
        }
    }

    // ---- its end

    private void report(String cause) {
        Listener told = listener.join();
        synchronized (listenerLock) {
            if (isReported) {
                return;
            }
            isReported = true;
            InProcessWorker last = worker;
            var progress = last == null ? WorkerProgress.UNKNOWN : new WorkerProgress(last.begun(), last.item());
            try {
                told.ended(
                        this,
                        new WorkerEnd(
                                OptionalInt.empty(),
                                rejection != null ? rejection : cause,
                                List.of(),
                                Optional.empty(),
                                System.nanoTime(),
                                progress));
            } finally {
                reported.countDown();
            }
        }
    }

    @Override
    public void terminate() {
        isEnding = true;
        thread.interrupt();
    }

    @Override
    public void kill() {
        terminate();
        if (reported.getCount() > 0) {
            givingUp.schedule(() -> report("did not react to an interrupt"), REACTION_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    @Override
    public void dismiss() {
        requests.add(DISMISSAL);
    }

    @Override
    public boolean awaitEnd(Duration patience) throws InterruptedException {
        return reported.await(TimeUnit.NANOSECONDS.convert(patience), TimeUnit.NANOSECONDS);
    }

    // ---- the scheduler's side

    @Override
    public int place() {
        return place;
    }

    @Override
    public long pid() {
        return number.join();
    }

    @Override
    public void listen(Listener listener) {
        this.listener.complete(listener);
    }

    @Override
    public void send(Message... messages) {
        requests.add(messages);
    }

    @Override
    public boolean isFit() {
        return rejection == null && !isEnding && thread.isAlive();
    }

    /** Nothing ends a thread from outside. */
    @Override
    public void checkFitness() {}

    @Override
    public synchronized void reject(String reason) {
        if (rejection == null) {
            rejection = reason;
        }
    }

    @Override
    public boolean isRejected() {
        return rejection != null;
    }
}
