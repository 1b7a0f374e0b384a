import io.github.forkless.common.dataset.Block;
import io.github.forkless.common.job.Job;

/** The largest heap that a worker's JVM may have, in bytes. */
public record LargestHeap() implements Job<Long, Long> {
    @Override
    public Long start() {
        return Runtime.getRuntime().maxMemory();
    }

    @Override
    public Long accept(Long heap, Block block) {
        return heap;
    }

    @Override
    public Long merge(Long left, Long right) {
        return Math.max(left, right);
    }

    @Override
    public Long finish(Long heap) {
        return heap;
    }
}
