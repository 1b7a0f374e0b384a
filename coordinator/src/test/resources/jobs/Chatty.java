import io.github.forkless.common.dataset.Block;
import io.github.forkless.common.job.Job;
import java.io.IOException;

/** Counts elements, prints wherever it can, and tries to read stdin. */
public record Chatty(int lines) implements Job<Long, Long> {

    @Override
    public Long start() {
        return 0L;
    }

    @Override
    public Long accept(Long count, Block block) {
        try {
            System.out.println("to System.out");
            System.err.println("to System.err");
            System.out.println("System.in has " + System.in.read());
            new ProcessBuilder("echo", "from a child").inheritIO().start().waitFor();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
        for (int i = 0; i < lines; i++) {
            System.out.println("line " + i + " " + "x".repeat(80));
        }
        System.out.print("an unfinished line");
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
