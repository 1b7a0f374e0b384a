import io.github.forkless.common.dataset.Block;
import io.github.forkless.common.job.Job;
import io.github.forkless.common.job.Parameter;

/** How many of the numbers are multiples of one. The smallest job: a record with four methods. */
public record Multiples(@Parameter("counted are multiples of this") int of) implements Job<Long, Long> {

    @Override
    public Long start() {
        return 0L;
    }

    @Override
    public Long accept(Long count, Block block) {
        long n = count;
        for (long i = 0; i < block.count(); i++) {
            n += block.intAt(i) % of == 0 ? 1 : 0;
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
