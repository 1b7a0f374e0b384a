import io.github.forkless.common.dataset.Block;
import io.github.forkless.common.job.Job;
import io.github.forkless.common.job.Parameter;

/** In how many rows of a table of numbers each is greater than the one on its left. A row is a record: no block cuts it. */
public record Rising(@Parameter("numbers in a row") int columns) implements Job<Long, Long> {

    @Override
    public int recordLength() {
        return columns;
    }

    @Override
    public Long start() {
        return 0L;
    }

    @Override
    public Long accept(Long count, Block block) {
        long n = count;
        for (long row = 0; row < block.count(); row += columns) {
            boolean rises = true;
            for (int i = 1; i < columns; i++) {
                rises &= block.intAt(row + i - 1) < block.intAt(row + i);
            }
            n += rises ? 1 : 0;
        }
        return n;
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
