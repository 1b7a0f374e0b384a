import io.github.forkless.common.dataset.Block;
import io.github.forkless.common.job.OrderedJob;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads everything, multiplies the sum, and waits at the end until the gate is open. */
public record GateAtEnd(int times, String gate) implements OrderedJob<Long, Long> {

    @Override
    public Long start() {
        return 0L;
    }

    @Override
    public Long accept(Long sum, Block block) {
        long total = sum;
        for (long i = 0; i < block.count(); i++) {
            total += block.integerAt(i);
        }
        return total;
    }

    @Override
    public Long finish(Long sum) {
        try {
            Path folder = Path.of(gate);
            Files.createFile(folder.resolve("waiting-" + ProcessHandle.current().pid()));
            while (Files.notExists(folder.resolve("open"))) {
                Thread.sleep(5);
            }
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return sum * times;
    }
}
