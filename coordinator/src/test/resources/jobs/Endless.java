import io.github.forkless.common.dataset.Block;
import io.github.forkless.common.job.Job;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Spins in a loop in which a JVM, if it may, takes no notice of what goes on around it. */
public record Endless(String gate) implements Job<Double, Double> {

    @Override
    public Double start() {
        return 0.0;
    }

    @Override
    public Double accept(Double sum, Block block) {
        double total = sum;
        for (int i = 0; i < 3; i++) {
            total = spin(total, 100_000); // compiled before the loop that matters
        }
        try {
            Files.createFile(Path.of(gate, "waiting-" + ProcessHandle.current().pid()));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        while (true) {
            total = spin(total, Integer.MAX_VALUE);
        }
    }

    private static double spin(double start, int times) {
        double x = start;
        for (int i = 0; i < times; i++) {
            x = Math.sqrt(x + i);
        }
        return x;
    }

    @Override
    public Double merge(Double left, Double right) {
        return left + right;
    }

    @Override
    public Double finish(Double sum) {
        return sum;
    }
}
