import io.github.forkless.common.dataset.Block;
import io.github.forkless.common.job.Job;
import io.github.forkless.common.job.Parameter;

/**
 * Counts elements, or bytes of text, in units; there are none of no size.
 *
 * @param note is not looked at
 */
public record Divide(
        long unit, @Parameter(defaultValue = "") String note) implements Job<Long, Long> {

    @Override
    public Long start() {
        return 0L;
    }

    @Override
    public Long accept(Long count, Block block) {
        return count + block.count() / unit;
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
