import io.github.forkless.common.dataset.Block;
import io.github.forkless.common.job.Job;
import io.github.forkless.common.job.Parameter;

/** Counts elements, and takes its process down when it meets a certain one, as native code with a bug does. */
public record Picky(@Parameter("the element that it cannot stand") int at) implements Job<Long, Long> {

    @Override
    public Long start() {
        return 0L;
    }

    @Override
    public Long accept(Long count, Block block) {
        for (long i = 0; i < block.count(); i++) {
            if (block.intAt(i) == at) {
                Runtime.getRuntime().halt(86);
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
