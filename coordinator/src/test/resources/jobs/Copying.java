import io.github.forkless.common.dataset.Block;
import io.github.forkless.common.job.Job;
import io.github.forkless.common.job.Parameter;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Counts elements, in a worker that maps the dataset once more for itself alone and writes to some of its pages. */
public record Copying(
        @Parameter("the dataset") String file,
        @Parameter("bytes of it to copy") long bytes) implements Job<Long, Long> {
    private static MemorySegment copy;

    @Override
    public Long start() {
        return 0L;
    }

    @Override
    public Long accept(Long count, Block block) {
        if (copy == null) {
            try (FileChannel channel =
                    FileChannel.open(Path.of(file), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                copy = channel.map(FileChannel.MapMode.PRIVATE, 0, bytes, Arena.global());
                copy.fill((byte) 1);
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }
        return count + block.count();
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
