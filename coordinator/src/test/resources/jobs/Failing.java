import io.github.forkless.common.dataset.Block;
import io.github.forkless.common.job.Job;
import io.github.forkless.common.job.Parameter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Counts elements, and fails at one of them. */
public record Failing(
        @Parameter(value = "the element", defaultValue = "0")
        long at,

        @Parameter(value = "throw, or die", defaultValue = "throw")
        String way,

        @Parameter(value = "what it says then", defaultValue = "on purpose")
        String words,

        @Parameter(value = "a file: who removes it fails; always if empty", defaultValue = "")
        String once)
        implements Job<Long, Long> {

    @Override
    public Long start() {
        return 0L;
    }

    @Override
    public Long accept(Long count, Block block) {
        if (at >= block.start() && at < block.start() + block.count() && isMyTurn()) {
            if (way.equals("throw")) {
                throw new IllegalArgumentException(words);
            }
            System.err.println(words);
            System.err.flush();
            Runtime.getRuntime().halt(9);
        }
        return count + block.count();
    }

    private boolean isMyTurn() {
        try {
            return once.isEmpty() || Files.deleteIfExists(Path.of(once));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public Long merge(Long left, Long right) {
        return left + right;
    }

    @Override
    public Long finish(Long count) {
        return count;
    }
}
