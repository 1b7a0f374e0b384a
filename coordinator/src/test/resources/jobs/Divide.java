import io.github.forkless.common.dataset.Block;
import io.github.forkless.common.job.Job;
import io.github.forkless.common.job.Parameter;

/**
 * Counts elements, or bytes of text, in units; there are none of no size.
 *
 * @param at where it divides: accept, merge or finish
 * @param note is not looked at
 */
public record Divide(
        long unit,
        @Parameter(defaultValue = "accept") String at,
        @Parameter(defaultValue = "") String note) implements Job<Long, Long> {

    @Override
    public Long start() {
        return 0L;
    }

    @Override
    public Long accept(Long count, Block block) {
        return count + (at.equals("accept") ? block.count() / unit : block.count());
    }

    @Override
    public Long merge(Long left, Long right) {
        return at.equals("merge") ? (left + right) / unit : left + right;
    }

    @Override
    public Long finish(Long count) {
        return at.equals("finish") ? count / unit : count;
    }
}
