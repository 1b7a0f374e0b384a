package io.github.forkless.coordinator.process;

import io.github.forkless.common.process.ProgressFile;
import io.github.forkless.common.wire.ByteSpan;
import io.github.forkless.common.wire.ByteWriter;
import io.github.forkless.common.wire.ContentFile;
import io.github.forkless.common.wire.Message;
import io.github.forkless.common.wire.WireException;
import io.github.forkless.coordinator.engine.OutOfMemory;
import io.github.forkless.coordinator.engine.Worker;
import io.github.forkless.coordinator.engine.WorkerEnd;
import io.github.forkless.coordinator.engine.WorkerProgress;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * One child JVM, seen from the coordinator: what it is told, what it says, what it prints, how it ends.
 *
 * <p>Both of its output streams are drained at all times, each by a thread of its own, so that it never waits for us.
 * The thread that reads its messages calls the {@link Listener}, and so whatever the listener does next to keep the
 * worker busy happens without a change of threads. A third thread waits for its end: that its streams are at their end
 * does not say so, nor the other way round, for a process that it started may hold them open.
 */
final class WorkerProcess implements Worker {

    /**
     * What any pipe takes without anyone reading, however little the kernel has left for this user: one page. What is sent
     * and not yet answered stays below it, or goes through a thread of its own, so that a listener that sends to any worker
     * never waits for that worker.
     */
    static final int PIPE_BYTES = 4 << 10;

    /** How long a worker that has closed its stdout may take to end before it is killed. */
    private static final long ENDING_MILLIS = 2_000;

    /** How long a worker that broke the protocol may take to end by itself, which would explain it. */
    private static final long EXPLAINING_MILLIS = 100;

    /**
     * An end by a signal that gives time for shutdown hooks is told so much later: others may have had the same signal, and
     * should be known to have it before they are dealt anything.
     */
    private static final long SETTLING_MILLIS = 30;

    /** How long nothing may come from an ended worker before nothing more is expected. */
    private static final long SILENCE_MILLIS = 1_000;

    /** Stands behind the last request. */
    private static final Message[] DISMISSAL = {};

    private final int place;
    private final Process process;
    private final OutputStream requests;
    private final CountedStream answers;
    private final WorkerOutput output;
    private final PrivateFolder folder;
    private final ProcessSweeper sweeper;
    private long oomKillsBefore = OomKills.count();
    private final Thread reader;
    private final Thread endWatcher;

    private Listener listener;

    /** Why the worker was ended by us; null if it was not. */
    private volatile String rejection;

    private volatile boolean isDying;

    /** Whether the reader is at a message: it has read it in part, or the listener has it. */
    private volatile boolean isAtMessage;

    // What is sent: guarded by sendLock.
    private final Object sendLock = new Object();
    private final ByteWriter frames = new ByteWriter();
    /** Sizes of what was sent, up to the next message that the worker answers. */
    private final ArrayDeque<Long> unanswered = new ArrayDeque<>();

    private long unansweredBytes;
    private long unansweredPrefix;
    private int queued;
    private BlockingQueue<Message[]> queue;
    /** How many answers have come. */
    private long answered;

    /** @param sink takes what the worker prints, line by line, each with the worker's name in front */
    WorkerProcess(int place, Process process, PrivateFolder folder, ProcessSweeper sweeper, Consumer<String> sink) {
        this.place = place;
        this.process = process;
        this.requests = process.getOutputStream();
        this.answers = new CountedStream(process.getInputStream());
        this.output = new WorkerOutput(name(Integer.toString(place)), process.getErrorStream(), sink);
        this.folder = folder;
        this.sweeper = sweeper;
        this.reader = Thread.ofPlatform().daemon().name("worker-" + place).unstarted(this::read);
        this.endWatcher =
                Thread.ofPlatform().daemon().name("worker-" + place + "-end").unstarted(this::watchEnd);
    }

    /** Starts the threads of this worker that need no listener. */
    void start() throws IOException {
        try {
            output.start();
        } catch (OutOfMemoryError e) {
            process.destroyForcibly();
            throw new IOException("there is no thread to listen to it: " + e.getMessage(), e);
        }
    }

    @Override
    public void listen(Listener listener) {
        this.listener = listener;
        try {
            reader.start(); // first, as the other waits for it
            endWatcher.start();
        } catch (OutOfMemoryError e) { // there can be no thread
            process.destroyForcibly();
            reject("there is no thread to listen to it: " + e.getMessage());
            listener.ended(this, end(OptionalInt.empty(), List.of(), Optional.empty(), System.nanoTime()));
        }
    }

    /** It has another pool, and perhaps another place there, which no message names. */
    void move(String place, Consumer<String> sink) {
        output.move(name(place), sink);
        oomKillsBefore = OomKills.count();
    }

    private String name(String place) {
        return "[worker " + place + ", pid " + process.pid() + "] ";
    }

    /** Whether it has printed anything, as far as is known, since it was moved. */
    boolean hasPrinted() {
        return output.hasPrinted();
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
    public void send(Message... messages) {
        synchronized (sendLock) {
            if (largeBytes(messages)
                    > PIPE_BYTES) { // not copied for the writer: a parameter may be as large as the data
                for (Message message : messages) {
                    account(message, message.largeBytes());
                }
                enqueue(messages);
                return;
            }
            frames.clear();
            for (Message message : messages) {
                int start = frames.size();
                message.encode(frames);
                account(message, frames.size() - start);
            }
            if (unansweredBytes <= PIPE_BYTES && queued == 0) {
                write(frames.array(), frames.size());
            } else {
                enqueue(messages);
            }
        }
    }

    private static long largeBytes(Message[] messages) {
        long bytes = 0;
        for (Message message : messages) {
            bytes += message.largeBytes();
        }
        return bytes;
    }

    private void account(Message message, long bytes) {
        unansweredBytes += bytes;
        unansweredPrefix += bytes;
        if (message.isAnswered()) {
            unanswered.add(unansweredPrefix);
            unansweredPrefix = 0;
        }
    }

    private void write(byte[] bytes, int length) {
        try {
            requests.write(bytes, 0, length);
            requests.flush();
        } catch (IOException e) {
            // The worker is gone; the thread that waits for its end will say so.
        }
    }

    private void enqueue(Message[] messages) {
        if (queue == null) {
            queue = new LinkedBlockingQueue<>();
            Thread.ofPlatform().daemon().name("worker-" + place + "-writer").start(this::writeQueued);
        }
        queued++;
        queue.add(messages);
    }

    private void writeQueued() {
        var room = new ByteWriter();
        try {
            while (process.isAlive() || !queue.isEmpty()) {
                Message[] messages = queue.poll(1, TimeUnit.SECONDS);
                if (messages == DISMISSAL) {
                    closeRequests();
                    return;
                }
                if (messages != null) {
                    write(messages, room);
                    synchronized (sendLock) {
                        queued--;
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void write(Message[] messages, ByteWriter room) {
        try {
            for (Message message : messages) {
                message.send(requests, room);
            }
            room.clear(); // which gives back what a large message took
        } catch (IOException e) {
            // The worker is gone; the thread that waits for its end will say so.
        } catch (OutOfMemoryError e) { // the worker would wait for it for ever
            reject("could not be sent what it is to do: " + OutOfMemory.at("encoding it", e));
            kill();
        } catch (Throwable e) {
            reject("could not be sent what it is to do: " + e);
            kill();
        }
    }

    private void answered(Message answer) {
        synchronized (sendLock) {
            Long size = unanswered.poll();
            unansweredBytes -= size == null ? 0 : size;
            answered = answer instanceof Message.Ready ? 0 : answered + 1; // another pool counts anew
        }
    }

    /** Where the content of an answer is, if that is much: of the last one that came, or of the next. */
    private Path contentFile(int behindLast) {
        synchronized (sendLock) {
            return ContentFile.path(folder.contents(), pid(), answered + behindLast);
        }
    }

    private void read() {
        // Not closed here: what the worker still writes must not fail before it is known why.
        var messages = Message.Reader.ofAnswers(new BufferedInputStream(answers, 64 << 10));
        boolean isUp = false;
        try {
            for (Optional<Message> next = messages.next(); next.isPresent(); next = messages.next()) {
                isAtMessage = true;
                if (isUp) {
                    answered(next.get());
                }
                isUp = true;
                receive(next.get());
                isAtMessage = false;
            }
            endWithin(ENDING_MILLIS, "closed its stdout but did not end");
        } catch (EOFException e) {
            endWithin(ENDING_MILLIS, "broke the protocol: " + e.getMessage());
        } catch (WireException e) {
            endWithin(EXPLAINING_MILLIS, "broke the protocol: " + e.getMessage());
        } catch (IOException e) {
            endWithin(EXPLAINING_MILLIS, "could not be read: " + e.getMessage());
        } catch (OutOfMemoryError e) {
            endWithin(0, OutOfMemory.atReceiving(e));
        } catch (Throwable e) { // from the listener: a message that makes no sense here
            endWithin(0, "said what it must not: " + e);
        } finally {
            isAtMessage = false;
        }
    }

    private void receive(Message message) {
        if (message instanceof Message.Partial partial && !(partial.content() instanceof ByteSpan)) {
            receive(partial, (ContentFile) partial.content());
        } else {
            listener.received(this, message);
        }
    }

    /** It is only looked at: others merge it. */
    private void receive(Message.Partial partial, ContentFile file) {
        Path expected = contentFile(0);
        try {
            if (partial.assignment().finish()) {
                throw new WireException("a result is said to be in " + file.path() + ", and has to come as it is");
            }
            if (!file.path().equals(expected)) {
                throw new WireException("an answer is said to be in " + file.path() + ", and belongs into " + expected);
            }
            file.requireWhole();
            listener.received(this, partial);
        } finally {
            if (!file.isKept()) {
                ContentFile.delete(expected);
            }
        }
    }

    /** Kills the worker for {@code cause}, unless it ends in time and so has a cause of its own. */
    private void endWithin(long millis, String cause) {
        try {
            if (!process.waitFor(millis, TimeUnit.MILLISECONDS)) {
                reject(cause);
                kill();
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts this thread", e);
        }
    }

    private void watchEnd() {
        OptionalInt exitValue = OptionalInt.empty();
        List<String> lastWords = List.of();
        Optional<Path> crashLog = Optional.empty();
        long endedNanos = 0;
        try {
            exitValue = OptionalInt.of(process.waitFor());
            endedNanos = System.nanoTime();
            sweeper.sweep(pid());
            if (rejection == null && ExitStatus.isPolite(exitValue.getAsInt())) {
                Thread.sleep(SETTLING_MILLIS);
            }
            awaitLastMessage();
            deleteUnsaid();
            lastWords = output.awaitEnd();
            crashLog = folder.crashLog(pid());
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts this thread", e);
        } finally { // whatever happened, the listener is told
            listener.ended(this, end(exitValue, lastWords, crashLog, endedNanos));
        }
    }

    /**
     * Waits until the last message of the ended worker was received, however long the listener takes. The end of the
     * stream does not say so: a process that the worker started may hold it open.
     */
    private void awaitLastMessage() throws InterruptedException {
        long before;
        do {
            before = answers.bytesRead;
        } while (!reader.join(Duration.ofMillis(SILENCE_MILLIS)) && (isAtMessage || answers.bytesRead != before));
    }

    /** Deletes the answer that it has perhaps put into a file, and not told of. */
    private void deleteUnsaid() {
        boolean wasAtRest;
        synchronized (sendLock) {
            wasAtRest = unanswered.isEmpty();
        }
        if (!wasAtRest) {
            ContentFile.delete(contentFile(1));
        }
    }

    /** Counts what was read: asking the stream for what is left would wait for the thread that reads it. */
    private static final class CountedStream extends FilterInputStream {
        private volatile long bytesRead;

        CountedStream(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            int read = super.read();
            count(read < 0 ? 0 : 1);
            return read;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int read = super.read(bytes, offset, length);
            count(Math.max(0, read));
            return read;
        }

        /** Called by the reader alone. */
        private void count(int more) {
            bytesRead += more;
        }
    }

    private WorkerEnd end(OptionalInt exitValue, List<String> lastWords, Optional<Path> crashLog, long endedNanos) {
        String cause = rejection != null
                ? rejection
                : exitValue.isEmpty()
                        ? "ended, and nobody knows how"
                        : ExitCause.of(exitValue.getAsInt(), lastWords, crashLog, OomKills.count() - oomKillsBefore);
        WorkerProgress progress = ProgressFile.take(folder.path(), pid())
                .map(it -> new WorkerProgress(it.begun(), it.item()))
                .orElse(WorkerProgress.UNKNOWN);
        return new WorkerEnd(exitValue, cause, lastWords, crashLog, endedNanos, progress);
    }

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

    @Override
    public boolean isFit() {
        return rejection == null && !isDying && process.isAlive();
    }

    /** A process that was killed takes a tenth of a second to end for half a GiB of memory, and seems to be alive until then. */
    @Override
    public void checkFitness() {
        if (DyingProcess.is(pid())) {
            isDying = true;
        }
    }

    /** Behind all that waits to be written. */
    @Override
    public void dismiss() {
        synchronized (sendLock) {
            if (queued == 0) {
                closeRequests();
            } else {
                queued++;
                queue.add(DISMISSAL);
            }
        }
    }

    private void closeRequests() {
        try {
            requests.close();
        } catch (IOException e) {
            // It is gone already.
        }
    }

    @Override
    public void terminate() {
        process.toHandle().destroy(); // unlike the process's own method, this leaves its streams open
    }

    /** The processes that the worker started are ended too, when it has. */
    @Override
    public void kill() {
        if (!process.toHandle().destroyForcibly() && process.isAlive()) {
            giveUpLastWords();
            process.toHandle().destroyForcibly();
        }
    }

    /**
     * To see that a process is still the one that it was, the JDK opens a file of it. Where no descriptor is left, it kills nobody
     * and only returns false: here is one.
     */
    private void giveUpLastWords() {
        try {
            process.getErrorStream().close();
        } catch (IOException e) {
            // It is as good as closed.
        }
    }

    @Override
    public boolean awaitEnd(Duration patience) throws InterruptedException {
        return endWatcher.join(patience);
    }
}
