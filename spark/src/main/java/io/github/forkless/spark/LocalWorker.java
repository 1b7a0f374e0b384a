package io.github.forkless.spark;

import io.github.forkless.common.dataset.DatasetException;
import io.github.forkless.common.dataset.FileIdentity;
import io.github.forkless.common.wire.ByteSpan;
import io.github.forkless.common.wire.ByteWriter;
import io.github.forkless.common.wire.Message;
import io.github.forkless.common.wire.Message.Assignment;
import io.github.forkless.common.wire.Message.FailureKind;
import io.github.forkless.coordinator.engine.Worker;
import io.github.forkless.coordinator.engine.WorkerEnd;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** A worker in an executor, for the Spark tasks that carry its messages: one at a time. */
final class LocalWorker implements Worker.Listener {
    private final Worker worker;
    private final HostFiles files;
    private final HostFiles.Opened opened;

    /** What it says: messages, and at last its end. */
    private final BlockingQueue<Object> said = new LinkedBlockingQueue<>();

    /** Why datasets cannot be used here, by their numbers. */
    private final Map<Integer, DatasetException> unusable = new HashMap<>();

    /** What the worker knows of shared files on this host. */
    private final Map<Path, FileIdentity> told = new HashMap<>();

    private long exchanges;
    /** Null until it has. */
    private WorkerEnd end;

    LocalWorker(Worker worker, HostFiles files) {
        this.worker = worker;
        this.files = files;
        this.opened = files.opened();
        worker.listen(this);
    }

    @Override
    public void received(Worker from, Message message) {
        said.add(inMemory(message));
    }

    /** A file of answers is deleted when this has returned, and no other host could read it. */
    private static Message inMemory(Message message) {
        return message instanceof Message.Partial partial && !(partial.content() instanceof ByteSpan)
                ? new Message.Partial(
                        partial.assignment(),
                        partial.startedNanos(),
                        partial.busyNanos(),
                        partial.minorFaults(),
                        partial.majorFaults(),
                        ByteSpan.of(partial.content().toArray()))
                : message;
    }

    @Override
    public void ended(Worker ended, WorkerEnd how) {
        said.add(how);
    }

    /** How many it has had. */
    long exchanges() {
        return exchanges;
    }

    /** Sends what has come, and waits for all answers, or for its end. */
    Exchange.Reply exchange(Exchange exchange) throws InterruptedException {
        List<Message> answers = new ArrayList<>();
        int awaited = exchanges++ == 0 ? 1 : 0; // it says that it is ready
        Optional<DatasetException> missing = provide(exchange.shared());
        var messages = new Message.Reader(new ByteArrayInputStream(exchange.bytes()));
        for (Optional<Message> next = next(messages); next.isPresent(); next = next(messages)) {
            Optional<Message> refusal = send(next.get(), exchange, missing);
            if (refusal.isPresent()) {
                await(awaited, answers); // of what was sent before
                answers.add(refusal.get());
            }
            awaited += next.get().isAnswered() ? 1 : 0;
        }
        await(awaited, answers);
        if (exchange.isLast() && end == null) {
            worker.dismiss();
            await(Integer.MAX_VALUE, answers);
        }
        return new Exchange.Reply(encoded(checked(answers)), System.nanoTime(), end == null ? null : travelling(end));
    }

    private Optional<DatasetException> provide(Exchange.SharedFiles shared) {
        try {
            files.provide(shared).forEach((file, identity) -> {
                if (!identity.equals(told.put(file, identity))) {
                    worker.send(new Message.SharedHere(file, identity));
                }
            });
            return Optional.empty();
        } catch (DatasetException e) {
            return Optional.of(e);
        }
    }

    private static Optional<Message> next(Message.Reader messages) {
        try {
            return messages.next();
        } catch (IOException e) {
            throw new IllegalStateException("what the coordinator has sent cannot be read", e);
        }
    }

    /** Returns what to answer to a message that the worker is not sent. */
    private Optional<Message> send(Message message, Exchange exchange, Optional<DatasetException> missing) {
        if (message instanceof Message.Open open) {
            try {
                worker.send(opened.open(open, exchange.fingerprints().get(open.number())));
            } catch (DatasetException e) {
                unusable.put(open.number(), e);
            }
            return Optional.empty();
        }
        if (message instanceof Message.Close close) {
            opened.close(close.number());
            unusable.remove(close.number());
        } else if (message instanceof Message.Load load
                && (missing.isPresent() || unusable.containsKey(load.dataset()))) {
            DatasetException why = missing.orElseGet(() -> unusable.get(load.dataset()));
            return Optional.of(failed(load.run(), Optional.empty(), why));
        }
        worker.send(message);
        return Optional.empty();
    }

    private static Message failed(long run, Optional<Assignment> assignment, DatasetException why) {
        return new Message.Failed(
                run, assignment, FailureKind.DATA, -1, DatasetException.class.getName(), why.getMessage(), "");
    }

    private void await(int count, List<Message> answers) throws InterruptedException {
        while (answers.size() < count && end == null) {
            Object next = said.take();
            if (next instanceof WorkerEnd how) {
                end = how;
            } else {
                answers.add((Message) next);
            }
        }
    }

    /** What was made of a file that is no longer what it was is no answer. */
    private List<Message> checked(List<Message> answers) {
        try {
            opened.requireUnchanged();
            return answers;
        } catch (DatasetException e) {
            List<Message> checked = new ArrayList<>();
            for (Message answer : answers) {
                checked.add(
                        answer instanceof Message.Partial partial
                                ? failed(partial.assignment().run(), Optional.of(partial.assignment()), e)
                                : answer);
            }
            return checked;
        }
    }

    private static List<byte[]> encoded(List<Message> messages) {
        List<byte[]> encoded = new ArrayList<>();
        for (Message message : messages) {
            var out = new ByteWriter();
            message.encode(out);
            encoded.add(out.toByteArray());
        }
        return encoded;
    }

    private static Exchange.End travelling(WorkerEnd end) {
        return new Exchange.End(
                end.exitValue().orElse(Exchange.End.NO_EXIT_VALUE),
                end.cause(),
                end.lastWords(),
                end.progress().begun(),
                end.progress().item());
    }

    /** Ends it at once. */
    void end() {
        worker.reject("was told to end");
        worker.terminate();
        worker.kill();
    }
}
