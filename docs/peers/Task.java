import io.github.forkless.common.dataset.Block;
import io.github.forkless.common.job.Job;
import java.io.FileOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The work of task.py as a job of Forkless: adds up numbers, and misbehaves in the fifth of eight tasks. */
public record Task() implements Job<Long, Long> {
    private static final int FATAL = 4;
    private static final int ELEMENTS = 32 << 10; // of a task: one block
    private static final String DEED = System.getenv("DEED");
    private static final long PID = ProcessHandle.current().pid();

    static { // what a worker does before its first task
        note("starts", PID);
        if (DEED.equals("unable")) {
            System.err.println("no licence for this machine");
            System.exit(1);
        }
    }

    @Override
    public Long start() {
        return 0L;
    }

    @Override
    public Long accept(Long sum, Block block) {
        long task = block.start() / ELEMENTS;
        if (task == FATAL && isDue()) {
            misbehave();
        }
        long total = sum;
        for (long i = 0; i < block.count(); i++) {
            total += block.intAt(i);
        }
        note("done", task);
        return total;
    }

    @Override
    public Long merge(Long left, Long right) {
        return left + right;
    }

    @Override
    public Long finish(Long sum) {
        return sum;
    }

    private static boolean isDue() {
        try {
            if (System.getenv("ONCE") != null) {
                Files.delete(Path.of("once"));
            }
            return true;
        } catch (NoSuchFileException e) {
            return false;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void misbehave() {
        try {
            switch (DEED) {
                case "kill" -> run("kill", "-KILL", Long.toString(PID));
                case "exit" -> System.exit(0);
                case "crash" -> MemorySegment.ofAddress(8).reinterpret(8).get(ValueLayout.JAVA_LONG, 0);
                case "hang" -> {
                    while (PID > 0) {
                        Thread.onSpinWait();
                    }
                }
                case "print" -> {
                    System.out.println("printed by the task");
                    try (var out = new FileOutputStream("/dev/fd/1")) {
                        out.write("written to file descriptor 1\n".getBytes());
                    }
                    run("echo", "printed by a child");
                }
                case "wait" -> {
                    note("reached", PID);
                    while (Files.notExists(Path.of("go"))) {
                        Thread.sleep(10);
                    }
                }
                default -> {}
            }
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void run(String... command) throws IOException, InterruptedException {
        new ProcessBuilder(command).inheritIO().start().waitFor();
    }

    private static void note(String name, long what) {
        try {
            Files.writeString(Path.of(name), what + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
