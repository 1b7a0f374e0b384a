package io.github.forkless.coordinator;

import io.github.forkless.common.dataset.Slice;
import io.github.forkless.common.wire.ByteSpan;
import io.github.forkless.common.wire.ByteWriter;
import io.github.forkless.common.wire.Message;
import java.io.FileOutputStream;
import java.io.IOException;

/** Runs in a worker, and speaks in its place. */
final class ForgedAnswer {
    /** Where a worker's answers go. */
    private static final String ANSWERS = "/dev/fd/4";

    /** Answers the first task of a {@code map} over one parameter without a dataset. */
    static void send(long run, byte[] content) throws IOException {
        var assignment = new Message.Assignment(run, 0, 1, 0, 1, new Slice(0, 0), true);
        var forged = new Message.Partial(assignment, 0, 0, -1, -1, ByteSpan.of(content));
        try (var answers = new FileOutputStream(ANSWERS)) {
            forged.send(answers, new ByteWriter());
        }
    }

    private ForgedAnswer() {}
}
