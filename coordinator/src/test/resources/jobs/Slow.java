import io.github.forkless.common.dataset.Block;
import io.github.forkless.common.job.Job;
import io.github.forkless.common.job.Parameter;
import java.nio.file.Files;
import java.nio.file.Path;

/** Adds up thirds of integers, which depends on the order, and takes its time; its partials can be large. */
public record Slow(
        @Parameter(value = "how long it takes for a block, in milliseconds", defaultValue = "0")
        long millis,

        @Parameter(value = "a file; when it is there, no block takes that long any more", defaultValue = "")
        String hurry,

        @Parameter(value = "how large a partial is beside the sum, in bytes", defaultValue = "0")
        int ballast)
        implements Job<Slow.Sum, Double> {

    record Sum(double thirds, byte[] ballast) {}

    @Override
    public Sum start() {
        return new Sum(0, new byte[ballast]);
    }

    @Override
    public Sum accept(Sum sum, Block block) {
        double thirds = sum.thirds;
        for (long i = 0; i < block.count(); i++) {
            thirds += block.intAt(i) / 3.0;
        }
        try {
            Thread.sleep(Files.exists(Path.of(hurry)) ? 0 : millis);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return new Sum(thirds, sum.ballast);
    }

    @Override
    public Sum merge(Sum left, Sum right) {
        return new Sum(left.thirds + right.thirds, left.ballast);
    }

    @Override
    public Double finish(Sum sum) {
        return sum.thirds;
    }
}
