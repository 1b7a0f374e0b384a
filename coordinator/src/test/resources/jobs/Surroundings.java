import io.github.forkless.common.dataset.Block;
import io.github.forkless.common.job.Job;

/** Answers with what its worker was started with. Uses a feature of Java that is a preview. */
public record Surroundings() implements Job<Long, String> {
    @Override
    public Long start() {
        return 0L;
    }

    @Override
    public Long accept(Long count, Block block) {
        return count + block.count();
    }

    @Override
    public Long merge(Long left, Long right) {
        return left + right;
    }

    @Override
    public String finish(Long count) {
        String size = count.longValue() instanceof byte few ? few + " elements" : "many elements";
        return size + " " + System.getProperty("greeting") + " " + System.getenv("REGION");
    }
}
