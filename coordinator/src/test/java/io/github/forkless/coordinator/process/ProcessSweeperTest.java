package io.github.forkless.coordinator.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.forkless.common.process.ProcessStat;
import io.github.forkless.worker.WorkerMain;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ProcessSweeperTest {
    /** No process has them: the sweeper knows nothing but marks. */
    private static final long WORKER = 8_000_001;

    private static final long NEXT_WORKER = 8_000_002;

    private PrivateFolder folder;
    private ProcessSweeper sweeper;
    private final List<Process> started = new ArrayList<>();

    @BeforeEach
    void startSweeper() throws IOException {
        folder = PrivateFolder.create();
        sweeper = new ProcessSweeper(folder);
        sweeper.watch(WORKER);
        sweeper.watch(NEXT_WORKER);
    }

    @AfterEach
    void endAll() {
        started.forEach(Process::destroyForcibly);
        sweeper.sweep(WORKER);
        sweeper.sweep(NEXT_WORKER);
        sweeper.close();
        folder.remove();
    }

    private String mark(String pool, long worker) {
        return pool + "/" + worker + ".";
    }

    private Process process(String variable, String value, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", "exec sleep 600", "sh"));
        command.addAll(List.of(arguments));
        var builder = new ProcessBuilder(command);
        builder.environment().remove(WorkerMain.MARK);
        builder.environment().put(variable, value);
        Process process = builder.start();
        started.add(process);
        return process;
    }

    @Test
    void onlyWhatBearsTheMarkOfTheWorkerIsEndedWithIt() throws Exception {
        String ours = mark(folder.nonce(), WORKER);
        String whole = WorkerMain.MARK + "=" + ours;
        Process child = process(WorkerMain.MARK, ours);
        List<Process> others = List.of(
                process("IDLE", "", whole),
                process("NOTES", "seen: " + whole),
                process("DUMP", "HOME=/\n" + whole + "\n"),
                process("X" + WorkerMain.MARK, ours),
                process(WorkerMain.MARK, mark("another" + folder.nonce(), WORKER)),
                process(WorkerMain.MARK, mark(folder.nonce() + "0", WORKER)),
                process(WorkerMain.MARK, mark(folder.nonce(), WORKER * 10)));
        Process childOfNext = process(WorkerMain.MARK, mark(folder.nonce(), NEXT_WORKER));

        sweeper.sweep(WORKER);
        assertThat(child.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(childOfNext.isAlive()).isTrue();

        sweeper.sweep(NEXT_WORKER); // when it is through with this, it is with the first
        assertThat(childOfNext.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(others).allMatch(Process::isAlive);
    }

    @Test
    void whatAKilledShellDidNotComeToIsEndedByAnother() throws Exception {
        Process child = process(WorkerMain.MARK, mark(folder.nonce(), WORKER));
        Process childOfNext = process(WorkerMain.MARK, mark(folder.nonce(), NEXT_WORKER));
        ProcessHandle shell = shell();
        signal("STOP", shell);
        sweeper.sweep(WORKER); // it cannot come to it
        signal("KILL", shell);
        shell.onExit().get(1, TimeUnit.MINUTES);

        sweeper.sweep(NEXT_WORKER);
        assertThat(child.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(childOfNext.waitFor(1, TimeUnit.MINUTES)).isTrue();
    }

    @Test
    void aStoppedShellIsGoneWhenAllIsOver() throws Exception {
        Process child = process(WorkerMain.MARK, mark(folder.nonce(), WORKER));
        ProcessHandle shell = shell();
        signal("STOP", shell);
        while (!ProcessStat.isStopped(shell.pid())) {
            Thread.onSpinWait();
        }
        sweeper.sweep(WORKER);
        sweeper.sweep(NEXT_WORKER);

        assertThat(sweeper.close()).isTrue();
        shell.onExit().get(1, TimeUnit.MINUTES);
        assertThat(child.waitFor(1, TimeUnit.MINUTES)).isTrue();
    }

    private ProcessHandle shell() {
        sweeper.sweep(0); // it has been started
        return ProcessHandle.current()
                .children()
                .filter(child -> arguments(child).contains("\0forkless-sweeper\0" + folder.path() + "\0"))
                .findFirst()
                .orElseThrow();
    }

    private static String arguments(ProcessHandle process) {
        try {
            return Files.readString(Path.of("/proc/" + process.pid() + "/cmdline"), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return ""; // it is gone
        }
    }

    private static void signal(String name, ProcessHandle process) throws Exception {
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .inheritIO()
                .start()
                .waitFor();
    }
}
