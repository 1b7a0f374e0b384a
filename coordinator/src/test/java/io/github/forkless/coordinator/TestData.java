package io.github.forkless.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.forkless.common.job.DataFunction;
import io.github.forkless.worker.WorkerMain;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.function.IntUnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Datasets, signals between processes, and who is left: what tests with real workers need. */
public final class TestData {

    /** A raw file of {@code count} int32 elements. */
    public static Path ints(Path file, int count, IntUnaryOperator element) {
        ByteBuffer bytes = ByteBuffer.allocate(count * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < count; i++) {
            bytes.putInt(element.applyAsInt(i));
        }
        try {
            return Files.write(file, bytes.array());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The pids of this JVM's workers. */
    static Set<Long> workers() {
        return ProcessHandle.current()
                .children()
                .filter(child -> isA(child, WorkerMain.class.getName()))
                .map(ProcessHandle::pid)
                .collect(Collectors.toSet());
    }

    /** Whether a process was started with this among its arguments. */
    static boolean isA(ProcessHandle process, String argument) {
        try {
            return Files.readString(Path.of("/proc/" + process.pid() + "/cmdline"), StandardCharsets.ISO_8859_1)
                    .contains("\0" + argument + "\0");
        } catch (IOException e) {
            return false; // it is gone
        }
    }

    static void assertNoWorkerIsLeft() {
        assertThat(workers()).as("workers left behind").isEmpty();
    }

    /** Says to whoever awaits {@code signal}, in whatever process, that it may go on. */
    public static void give(Path signal) {
        Signals.give(signal);
    }

    public static void await(Path signal) {
        Signals.await(signal);
    }

    /** Who calls it is there as a file of its pid's name; it returns when so many workers are. */
    static DataFunction<Integer, Integer> untilAllArePresent(String folder, int workers) {
        return (_, n) -> {
            Path self = Path.of(folder, Long.toString(ProcessHandle.current().pid()));
            if (Files.notExists(self)) { // a worker may be dealt several
                Files.createFile(self);
            }
            while (present(Path.of(folder)).size() < workers) {
                Thread.sleep(5);
            }
            return n;
        };
    }

    /** Waits until a pool has so many workers, which may start one after another, and returns their pids. */
    static Set<Long> awaitWorkers(WorkerPool pool, int workers, Path folder) throws IOException {
        Path present = Files.createTempDirectory(folder, "present");
        pool.map(IntStream.range(0, workers).boxed().toList(), untilAllArePresent(present.toString(), workers));
        return present(present);
    }

    /** The pids of the workers that are there. */
    static Set<Long> present(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> Long.valueOf(file.getFileName().toString()))
                    .collect(Collectors.toSet());
        }
    }

    private TestData() {}
}
