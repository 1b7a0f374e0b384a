package io.github.forkless.worker;

import io.github.forkless.common.dataset.Slice;
import io.github.forkless.common.wire.ByteWriter;
import io.github.forkless.common.wire.Message;
import io.github.forkless.common.wire.Message.Assignment;
import io.github.forkless.worker.Chaos.Fate;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/** A worker that does to itself what {@link Chaos} has in mind for it, and says so on stderr first. */
final class ChaoticWorker extends WorkerMain {
    private static final byte[] GARBAGE = "chaos was here\n".getBytes(StandardCharsets.US_ASCII);

    private final OutputStream answers;
    private final Chaos chaos;
    private final ByteWriter frame = new ByteWriter();

    /** What it is at; null where chaos does nothing. */
    private Assignment attempt;

    ChaoticWorker(InputStream requests, OutputStream answers, Chaos chaos) {
        super(requests, answers);
        this.answers = answers;
        this.chaos = chaos;
    }

    @Override
    Optional<Message> handle(Message request) {
        attempt = switch (request) {
            case Message.Work work -> work.assignment();
            case Message.Merge merge -> merge.assignment();
            default -> null;
        };
        switch (fate()) {
            case KILLED_BEFORE_THE_WORK -> signal("KILL");
            case KILLED_IN_THE_WORK -> {
                super.handle(begun(request));
                signal("KILL");
            }
            case STOPPED -> signal("STOP");
            case HANGING -> {
                sayLastWords();
                waitForTheEnd();
            }
            case SPARED, KILLED_IN_THE_ANSWER, KILLED_BEHIND_THE_ANSWER, GARBLED -> {}
        }
        return super.handle(request);
    }

    @Override
    void send(Message message) throws IOException {
        if (fate() != Fate.SPARED) {
            frame.clear();
            message.encode(frame);
        }
        switch (fate()) {
            case KILLED_IN_THE_ANSWER -> {
                answers.write(frame.array(), 0, (int) (1 + chaos.where(attempt, frame.size() - 1)));
                signal("KILL");
            }
            case KILLED_BEHIND_THE_ANSWER -> {
                super.send(message);
                signal("KILL");
            }
            case GARBLED -> {
                sayLastWords();
                int from = (int) chaos.where(attempt, frame.size());
                answers.write(frame.array(), 0, from);
                answers.write(GARBAGE);
                answers.write(frame.array(), from, frame.size() - from);
                waitForTheEnd(); // what it would do next depends on timing
            }
            case SPARED, KILLED_BEFORE_THE_WORK, KILLED_IN_THE_WORK, STOPPED, HANGING -> super.send(message);
        }
    }

    private Fate fate() {
        return attempt == null ? Fate.SPARED : chaos.fateOf(attempt);
    }

    /** A part of the slice, so that the worker dies in the middle of it. A merge, or a function, is done whole. */
    private Message begun(Message request) {
        if (!(request instanceof Message.Work work)) {
            return request;
        }
        Slice slice = attempt.slice();
        var part = new Slice(slice.from(), slice.from() + chaos.where(attempt, slice.length()));
        return new Message.Work(
                new Assignment(
                        attempt.run(),
                        attempt.task(),
                        attempt.attempt(),
                        attempt.firstSet(),
                        attempt.endSet(),
                        part,
                        attempt.finish()),
                work.parameters());
    }

    /** Does not return: a signal that a process sends itself through another takes a moment. */
    private void signal(String name) {
        sayLastWords();
        try {
            new ProcessBuilder("/bin/sh", "-c", "kill -" + name + " $PPID").start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        waitForTheEnd();
    }

    private void sayLastWords() {
        System.err.println(
                Chaos.LAST_WORDS + fate().words + " at task " + attempt.task() + ", attempt " + attempt.attempt());
    }

    private static void waitForTheEnd() {
        while (true) {
            LockSupport.park();
        }
    }
}
