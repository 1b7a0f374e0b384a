package io.github.forkless.coordinator;

import io.github.forkless.common.dataset.Block;
import io.github.forkless.common.job.Job;
import io.github.forkless.common.job.Parameter;
import io.github.forkless.worker.WorkerMain;
import java.io.FileOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * Sums integers, and does something terrible on the way.
 *
 * @param at the element at which it does, where the moment is in the middle of the data; negative for never
 * @param once a file: who removes it does the terrible thing, so that it happens once; empty for always
 */
record Misbehaving(
        Way way,
        Moment moment,
        @Parameter(defaultValue = "0") long at,
        @Parameter(defaultValue = "") String once) implements Job<Long, Long> {

    /** What it does. */
    enum Way {
        EXIT_0,
        EXIT_7,
        HALT,
        SIGKILL,
        SIGTERM,
        SIGSEGV,
        HEAP,
        STACK,
        THROW,
        HANG,
        SIGSTOP,
        GARBAGE,
        HALF_A_FRAME,
        PRINT,
        CHILD,
        KILL_OTHERS,
        KILL_ALL
    }

    /** When it does. */
    enum Moment {
        LOAD,
        START,
        ACCEPT,
        MERGE,
        FINISH,
        IDLE
    }

    Misbehaving {
        if (moment == Moment.LOAD) {
            misbehave(way, once);
        }
    }

    @Override
    public Long start() {
        if (moment == Moment.START) {
            misbehave(way, once);
        }
        return 0L;
    }

    @Override
    public Long accept(Long sum, Block block) {
        long total = sum;
        if (at >= block.start() && at < block.start() + block.count()) {
            if (moment == Moment.ACCEPT) {
                misbehave(way, once);
            } else if (moment == Moment.IDLE) {
                Thread.ofPlatform().daemon().start(() -> misbehaveSoon(way, once));
            }
        }
        for (long i = 0; i < block.count(); i++) {
            total += block.intAt(i);
        }
        return total;
    }

    @Override
    public Long merge(Long left, Long right) {
        if (moment == Moment.MERGE) {
            misbehave(way, once);
        }
        return left + right;
    }

    @Override
    public Long finish(Long sum) {
        if (moment == Moment.FINISH) {
            misbehave(way, once);
        }
        return sum;
    }

    private static void misbehaveSoon(Way way, String once) {
        try {
            Thread.sleep(20);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        misbehave(way, once);
    }

    private static void misbehave(Way way, String once) {
        try {
            if (!once.isEmpty()) {
                Files.delete(Path.of(once));
            }
        } catch (NoSuchFileException e) {
            return; // done already
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        try {
            misbehave(way);
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @SuppressWarnings("restricted") // that is the point
    static void misbehave(Way way) throws IOException, InterruptedException {
        long self = ProcessHandle.current().pid();
        switch (way) {
            case EXIT_0 -> System.exit(0);
            case EXIT_7 -> System.exit(7);
            case HALT -> Runtime.getRuntime().halt(9);
            case SIGKILL -> signal("KILL", self);
            case SIGTERM -> signal("TERM", self);
            case SIGSEGV -> MemorySegment.ofAddress(8).reinterpret(8).get(ValueLayout.JAVA_LONG, 0);
            case HEAP -> {
                List<long[]> hoard = new ArrayList<>();
                while (!hoard.contains(new long[0])) {
                    hoard.add(new long[1 << 18]);
                }
            }
            case STACK -> misbehave(way);
            case THROW -> throw new IllegalArgumentException("on purpose");
            case HANG -> {
                while (self > 0) { // LimitsIT has a loop that keeps a processor busy
                    LockSupport.parkNanos(Long.MAX_VALUE);
                }
            }
            case SIGSTOP -> signal("STOP", self);
            case GARBAGE -> print("/dev/fd/4", "printf was here\n");
            case HALF_A_FRAME -> {
                print("/dev/fd/4", "FKLS\1\23");
                Runtime.getRuntime().halt(9);
            }
            case PRINT -> {
                System.out.println("out");
                System.err.println("err");
                print("/dev/fd/1", "x".repeat(200_000) + "\n");
                new ProcessBuilder("echo", "child").inheritIO().start().waitFor();
            }
            case CHILD -> {
                new ProcessBuilder("sleep", "1000").inheritIO().start();
                Runtime.getRuntime().halt(9);
            }
            case KILL_OTHERS ->
                ofTheCoordinator().filter(process -> process.pid() != self).forEach(ProcessHandle::destroyForcibly);
            case KILL_ALL ->
                signal("KILL", ofTheCoordinator().mapToLong(ProcessHandle::pid).toArray());
        }
    }

    /** All workers and the sweeper, and nothing that other tests have started in the coordinator's JVM. */
    private static Stream<ProcessHandle> ofTheCoordinator() {
        return ProcessHandle.current().parent().stream()
                .flatMap(ProcessHandle::children)
                .filter(process ->
                        TestData.isA(process, WorkerMain.class.getName()) || TestData.isA(process, "forkless-sweeper"));
    }

    private static void signal(String name, long... pids) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("kill", "-" + name));
        for (long pid : pids) {
            command.add(Long.toString(pid));
        }
        new ProcessBuilder(command).inheritIO().start().waitFor();
        Thread.sleep(60_000); // until the signal comes
    }

    private static void print(String file, String text) throws IOException {
        try (var out = new FileOutputStream(file)) {
            out.write(text.getBytes(StandardCharsets.ISO_8859_1));
        }
    }
}
