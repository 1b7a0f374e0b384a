import io.github.forkless.common.dataset.Block;
import io.github.forkless.common.job.Job;

/** How many processors a worker's JVM sees. */
public record Processors() implements Job<Integer, Integer> {
    @Override
    public Integer start() {
        return Runtime.getRuntime().availableProcessors();
    }

    @Override
    public Integer accept(Integer processors, Block block) {
        return processors;
    }

    @Override
    public Integer merge(Integer left, Integer right) {
        return Math.max(left, right);
    }

    @Override
    public Integer finish(Integer processors) {
        return processors;
    }
}
