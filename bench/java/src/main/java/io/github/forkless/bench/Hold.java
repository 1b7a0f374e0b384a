package io.github.forkless.bench;

import io.github.forkless.common.dataset.Block;
import io.github.forkless.common.job.Job;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Counts the bytes of a dataset, touching every page, and then waits for a file to be gone: every worker is in place,
 * with everything mapped, and can be looked at. That it has come so far is said by a file beside it, with {@code .held}
 * at the end of its name.
 *
 * @param until the file
 */
public record Hold(String until) implements Job<Long, Long> {
    private static final int PAGE = 4096;

    @Override
    public Long start() {
        return 0L;
    }

    @Override
    public Long accept(Long bytes, Block block) {
        long size = block.segment().byteSize();
        long touched = 0;
        for (long at = 0; at < size; at += PAGE) {
            touched += block.segment().get(ValueLayout.JAVA_BYTE, at) & 1;
        }
        return bytes + (touched < 0 ? touched : size); // it never is, but the loop has to stay
    }

    @Override
    public Long merge(Long left, Long right) {
        return left + right;
    }

    @Override
    public Long finish(Long bytes) {
        Path file = Path.of(until);
        try {
            Files.createFile(file.resolveSibling(file.getFileName() + ".held"));
            while (Files.exists(file)) {
                Thread.sleep(5);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return bytes;
    }
}
