package io.github.forkless.coordinator;

import io.github.forkless.common.dataset.Block;
import io.github.forkless.common.job.Job;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Counts how often each element was seen, in a large partial. Says so at its first merge, and goes on when it may; then nothing is
 * to be read again. The result is of how many that was once. It is not within a test for the reason of {@link JournaledJobs}.
 *
 * @param merging a file that is made at the first merge; it goes on when there is one with ".on" behind it
 * @param bytes of a partial
 */
record Waiting(String merging, int bytes) implements Job<byte[], Long> {
    @Override
    public byte[] start() {
        return new byte[bytes];
    }

    @Override
    public byte[] accept(byte[] seen, Block block) {
        if (Files.exists(Path.of(merging + ".on"))) {
            throw new IllegalStateException("that was in the journal");
        }
        for (long i = 0; i < block.count(); i++) {
            seen[block.intAt(i)]++;
            seen[bytes - 1 - block.intAt(i)]++;
        }
        return seen;
    }

    @Override
    public byte[] merge(byte[] left, byte[] right) {
        if (Files.notExists(Path.of(merging))) {
            Signals.give(Path.of(merging));
        }
        Signals.await(Path.of(merging + ".on"));
        for (int i = 0; i < bytes; i++) {
            left[i] += right[i];
        }
        return left;
    }

    @Override
    public Long finish(byte[] seen) {
        long once = 0;
        for (byte times : seen) {
            once += times == 1 ? 1 : 0;
        }
        return once;
    }
}
