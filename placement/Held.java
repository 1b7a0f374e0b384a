import io.github.forkless.common.dataset.Block;
import io.github.forkless.common.job.Job;
import io.github.forkless.common.job.Parameter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads every page, begins when the file {@code begin} is there, and ends when {@code end} is: to be looked at between. */
public record Held(
        @Parameter("nobody begins before this file is there; with .PID behind it: who waits for it") String begin,
        @Parameter("created when everything has been read") String done,
        @Parameter("nobody ends before this file is there") String end) implements Job<Long, Long> {

    @Override
    public Long start() {
        create(begin + "." + ProcessHandle.current().pid());
        await(begin);
        return 0L;
    }

    @Override
    public Long accept(Long sum, Block block) {
        long bytes = block.segment().byteSize();
        for (long at = 0; at < bytes; at += 1024) {
            sum += block.segment().get(java.lang.foreign.ValueLayout.JAVA_BYTE, at);
        }
        pause();
        return sum;
    }

    @Override
    public Long merge(Long left, Long right) {
        return left + right;
    }

    @Override
    public Long finish(Long sum) {
        create(done);
        await(end);
        return sum;
    }

    private static void create(String file) {
        try {
            Files.write(Path.of(file), new byte[0]);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void await(String file) {
        while (!Files.exists(Path.of(file))) {
            pause();
        }
    }

    private static void pause() {
        try {
            Thread.sleep(20);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
