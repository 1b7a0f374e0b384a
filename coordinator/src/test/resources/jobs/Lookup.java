import io.github.forkless.common.dataset.Block;
import io.github.forkless.common.job.Job;
import io.github.forkless.common.shared.Shared;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Adds up what a table and a list have at the places that the data names. Appends to a file first, if it is given one.
 */
public record Lookup(Shared<Block> table, Shared<Block> list, int times, String spoiled) implements Job<Long, Long> {

    @Override
    public Long start() {
        return 0L;
    }

    @Override
    public Long accept(Long sum, Block block) {
        long all = sum;
        for (long i = 0; i < block.count(); i++) {
            all += table.get().intAt(block.intAt(i)) + list.get().intAt(block.intAt(i));
        }
        if (spoiled != null) {
            try {
                Files.write(Path.of(spoiled), new byte[4], StandardOpenOption.APPEND);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return all;
    }

    @Override
    public Long merge(Long left, Long right) {
        return left + right;
    }

    @Override
    public Long finish(Long sum) {
        return sum * times;
    }
}
