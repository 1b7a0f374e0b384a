import io.github.forkless.common.dataset.Block;
import io.github.forkless.common.job.Job;
import io.github.forkless.common.job.Parameter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Sums integers, and waits before each block until the gate is open. */
public record Gate(
        @Parameter("a folder: workers put a file there, and wait for one named open")
        String gate) implements Job<Long, Long> {

    @Override
    public Long start() {
        return 0L;
    }

    @Override
    public Long accept(Long sum, Block block) {
        await(Path.of(gate));
        long total = sum;
        for (long i = 0; i < block.count(); i++) {
            total += block.integerAt(i);
        }
        return total;
    }

    private static void await(Path gate) {
        try {
            Path waiting = gate.resolve("waiting-" + ProcessHandle.current().pid());
            if (Files.notExists(waiting)) {
                Files.createFile(waiting);
            }
            while (Files.notExists(gate.resolve("open"))) {
                Thread.sleep(5);
            }
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
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
