package io.github.forkless.coordinator;

import io.github.forkless.common.dataset.Slice;
import io.github.forkless.common.wire.ByteSpan;
import io.github.forkless.common.wire.ByteWriter;
import io.github.forkless.common.wire.Content;
import io.github.forkless.common.wire.ContentFile;
import io.github.forkless.common.wire.Message;
import io.github.forkless.worker.WorkerMain;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;

/** Runs in a worker, and speaks in its place. */
final class ForgedAnswer {
    /** Where a worker's answers go. */
    private static final String ANSWERS = "/dev/fd/4";

    /** Answers the first task of a {@code map} over one parameter without a dataset. */
    static void send(long run, byte[] content) throws IOException {
        send(new Message.Assignment(run, 0, 1, 0, 1, new Slice(0, 0), true), ByteSpan.of(content));
    }

    private static void send(Message.Assignment assignment, Content content) throws IOException {
        var forged = new Message.Partial(assignment, 0, 0, -1, -1, content);
        try (var answers = new FileOutputStream(ANSWERS)) {
            forged.send(answers, new ByteWriter());
        }
    }

    /** What is done to a file before it is told of. */
    interface Fraud {
        void commit(Path file) throws IOException;
    }

    /**
     * Answers a task with what is in a file.
     *
     * @param shared the folder for what is shared
     * @param answer which one of this worker the file is for
     */
    static void sendInFile(Message.Assignment task, Path shared, long answer, Fraud fraud) throws IOException {
        String pool = System.getenv(WorkerMain.MARK).split("/")[0];
        byte[] random = new byte[1000];
        new Random(5).nextBytes(random);
        Content content = ContentFile.write(shared.resolve(".contents." + pool), answer, ByteSpan.of(random));
        fraud.commit(((ContentFile) content).path());
        send(task, content);
    }

    private ForgedAnswer() {}
}
