import io.github.forkless.common.dataset.Block;
import io.github.forkless.common.job.Job;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Sums integers. Who removes the file {@code once} takes memory until something ends it.
 *
 * @param once the path of a file
 */
record Hoard(String once) implements Job<Long, Long> {
    @Override
    public Long start() {
        return 0L;
    }

    @Override
    public Long accept(Long sum, Block block) {
        try {
            if (Files.deleteIfExists(Path.of(once))) {
                hoard();
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        long total = sum;
        for (long i = 0; i < block.count(); i++) {
            total += block.intAt(i);
        }
        return total;
    }

    private static void hoard() {
        while (true) {
            Arena.global().allocate(1 << 20).fill((byte) 1); // the heap has a limit of its own
        }
    }

    @Override
    public Long merge(Long left, Long right) {
        return left + right;
    }

    @Override
    public Long finish(Long sum) {
        return sum;
    }
}
