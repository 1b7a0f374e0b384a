package io.github.forkless.coordinator.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Appends records to a journal on a thread of its own, so that nobody waits for the disk: whatever has gathered while
 * the last records were forced to disk is written and forced together.
 *
 * <p>It ends at the first failure: a disk that has lost one write may have lost others.
 * The file is then cut behind the last record that is surely on disk.
 */
final class JournalWriter {
    /** So much may wait for the disk before there should be no more. */
    private static final long BEHIND_BYTES = 8 << 20;

    private static final int BUFFER_BYTES = 256 << 10;

    private final FileChannel channel;
    private final Consumer<String> onFailure;
    private final Thread thread;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
    /** Only the thread's: what is written, and forced. */
    private long end;

    // Guarded by this object's monitor.
    private final ArrayDeque<JournalRecord> queue = new ArrayDeque<>();
    /** What is in the queue, or taken from it and not yet on disk. */
    private long waitingBytes;

    private boolean closed;
    private Optional<String> failure = Optional.empty();
    private Runnable onCaughtUp = () -> {};

    /**
     * @param end where the last record ends; everything before is on disk
     * @param onFailure told once, by the writing thread, why no more is written
     */
    JournalWriter(FileChannel channel, long end, Consumer<String> onFailure) {
        this.channel = channel;
        this.end = end;
        this.onFailure = onFailure;
        this.thread = Thread.ofPlatform().daemon().name("journal").start(this::writeAll);
    }

    /** Takes a record, which will soon be on disk. Does not wait. */
    synchronized void append(JournalRecord entry) {
        if (!closed && failure.isEmpty()) {
            queue.add(entry);
            waitingBytes += bytes(entry);
            notifyAll();
        }
    }

    private static long bytes(JournalRecord entry) {
        return JournalRecord.HEADER_BYTES
                + (entry instanceof JournalRecord.Done done ? done.piece().content().length : 0);
    }

    /** Whether so much waits for the disk that it is better to wait too. */
    synchronized boolean isBehind() {
        return waitingBytes > BEHIND_BYTES;
    }

    /** @param action done, by the writing thread, whenever {@link #isBehind} is over */
    synchronized void onCaughtUp(Runnable action) {
        onCaughtUp = action;
    }

    /** Waits until everything appended before is on disk, or never will be; returns why in that case. */
    synchronized Optional<String> awaitWritten() throws InterruptedException {
        while (waitingBytes > 0) {
            wait();
        }
        return failure;
    }

    /** Has the thread write what there is, and then waits for its end, even when interrupted. */
    void close() {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void writeAll() {
        try (channel) {
            long forcedTo = end;
            try {
                for (List<JournalRecord> batch = next(); !batch.isEmpty(); batch = next()) {
                    for (JournalRecord entry : batch) {
                        write(entry, forcedTo);
                    }
                    flush();
                    channel.force(false);
                    forcedTo = end;
                    written(batch);
                }
            } catch (Throwable e) { // whatever it is, those who wait must know
                fail(e, forcedTo);
            }
            awaitClosed(); // what is there may still be read
        } catch (IOException e) {
            // Everything is on disk, or was said not to be.
        }
    }

    private void fail(Throwable reason, long forcedTo) {
        Runnable action;
        synchronized (this) {
            failure = Optional.of(JournalException.reason(reason));
            queue.clear();
            waitingBytes = 0;
            action = onCaughtUp;
            notifyAll();
        }
        try {
            channel.truncate(forcedTo);
        } catch (IOException e) {
            // Then its end is torn, which is mended when it is opened next.
        }
        action.run(); // before anybody is told, who may wait
        onFailure.accept(failure.get());
    }

    private synchronized void awaitClosed() {
        while (!closed) {
            await();
        }
    }

    private void await() {
        try {
            wait();
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts this thread", e);
        }
    }

    /** What there is to write, once there is something; empty at the end. */
    private synchronized List<JournalRecord> next() {
        while (queue.isEmpty() && !closed) {
            await();
        }
        List<JournalRecord> batch = new ArrayList<>(queue);
        queue.clear();
        return batch;
    }

    private void written(List<JournalRecord> batch) {
        Runnable action = null;
        synchronized (this) {
            boolean wasBehind = isBehind();
            batch.forEach(entry -> waitingBytes -= bytes(entry));
            if (wasBehind && !isBehind()) {
                action = onCaughtUp;
            }
            notifyAll();
        }
        if (action != null) {
            action.run();
        }
    }

    private void write(JournalRecord entry, long forcedTo) throws IOException {
        byte[] payload = entry.payload();
        write(entry.header(payload, forcedTo));
        write(payload);
    }

    private void write(byte[] bytes) throws IOException {
        for (int at = 0; at < bytes.length; ) {
            if (!buffer.hasRemaining()) {
                flush();
            }
            int length = Math.min(buffer.remaining(), bytes.length - at);
            buffer.put(bytes, at, length);
            at += length;
        }
    }

    private void flush() throws IOException {
        buffer.flip();
        while (buffer.hasRemaining()) {
            end += channel.write(buffer, end);
        }
        buffer.clear();
    }
}
