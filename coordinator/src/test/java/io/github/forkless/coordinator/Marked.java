package io.github.forkless.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.forkless.testing.Patience;
import io.github.forkless.testing.ProcessVariables;
import io.github.forkless.worker.WorkerMain;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The processes that bear the mark of a coordinator: its workers, and all that their jobs started. */
public final class Marked {

    public static void assertNoneIsLeft(Duration within) throws IOException, InterruptedException {
        assertNoneIsLeft(ProcessHandle.current().pid(), within);
    }

    public static void assertNoneIsLeft(long coordinator, Duration within) throws IOException, InterruptedException {
        Patience.awaits(within, () -> of(coordinator).isEmpty());
        assertThat(of(coordinator)).as("left of coordinator %d", coordinator).isEmpty();
    }

    public static List<Long> of(long coordinator) throws IOException {
        String mark = WorkerMain.MARK + "=forkless-" + coordinator + "-";
        List<Long> pids = new ArrayList<>();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : processes) {
                long pid = Long.parseLong(process.getFileName().toString());
                if (ProcessVariables.of(pid).contains(mark)) {
                    pids.add(pid);
                }
            }
        }
        return pids;
    }

    private Marked() {}
}
