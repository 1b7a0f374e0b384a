package io.github.forkless.coordinator.cli;

import io.github.forkless.common.text.Printable;
import io.github.forkless.common.text.Text;
import io.github.forkless.coordinator.cli.Arguments.Argument;
import io.github.forkless.coordinator.daemon.Residents;
import io.github.forkless.coordinator.daemon.Residents.Found;
import io.github.forkless.coordinator.generate.Sizes;
import io.github.forkless.coordinator.result.InvalidRequestException;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;

/** {@code coordinator daemon start|status|stop}. */
final class DaemonCommand implements Command {
    private final Arguments arguments = new Arguments(
            "daemon", "Starts a coordinator that stays and answers further commands at once; see docs/daemon.md.");
    private final Argument<String> action = arguments.parameter("ACTION", true, text -> text, "start, status or stop");
    private final Argument<Duration> idle = arguments.optionOr(
            "15m", "--idle", "D", Parsers::time, "how long it stays without a command (default: ${DEFAULT-VALUE})");

    @Override
    public Arguments arguments() {
        return arguments;
    }

    @Override
    public int run() throws Exception {
        Optional<Found> resident = Residents.find();
        switch (action.get()) {
            case "start" -> {
                Found started;
                try {
                    started = Residents.start(idle.get());
                } catch (IOException e) {
                    System.err.println("coordinator: " + Printable.line(message(e)));
                    return ExitCode.FAILED;
                }
                System.out.println("resident coordinator, pid " + started.pid()
                        + (resident.isPresent() ? ", was there already" : ""));
            }
            case "status", "stop" -> {
                if (resident.isEmpty()) {
                    System.out.println("no resident coordinator");
                    return ExitCode.FAILED;
                }
                if (action.get().equals("status")) {
                    show(resident.get());
                } else {
                    System.out.println(
                            "resident coordinator, pid " + resident.get().pid()
                                    + (Residents.stop(resident.get())
                                            ? ", ended"
                                            : ", ends after the command that it answers"));
                }
            }
            default ->
                throw new InvalidRequestException("daemon " + action.get() + ": give one of start, status and stop");
        }
        return ExitCode.OK;
    }

    private static String message(IOException failure) {
        return failure instanceof FileSystemException file && file.getReason() != null
                ? file.getFile() + ": " + file.getReason()
                : failure.getMessage();
    }

    private static void show(Found resident) throws IOException {
        ProcessHandle process = ProcessHandle.of(resident.pid()).orElseThrow();
        List<ProcessHandle> all =
                Stream.concat(Stream.of(process), process.descendants()).toList();
        List<String> runs = resident.runs();
        long workers = 0;
        long bytes = 0;
        var datasets = new TreeSet<String>();
        List<String> others = mapped(Path.of("/proc", Long.toString(resident.pid()))); // the C library's, too
        for (ProcessHandle each : all) {
            Path proc = Path.of("/proc", Long.toString(each.pid()));
            bytes += pss(proc);
            if (each.pid() != resident.pid() && isJava(each)) {
                workers++;
                datasets.addAll(mapped(proc));
            }
        }
        System.out.println("pid       " + resident.pid()
                + resident.client()
                        .map(pid -> ", answers the command of pid " + pid)
                        .orElse(resident.isPractising() ? ", practises" : ", waits"));
        process.info().startInstant().ifPresent(since -> System.out.println("since     " + since));
        if (runs.size() > 2) { // it may not have been able to write them
            System.out.println("runs      " + runs.get(0) + ", and " + runs.get(1) + " commands that it did not answer"
                    + (runs.get(2).isEmpty() ? "" : ", the last because " + Printable.line(runs.get(2))));
        }
        datasets.removeAll(others);
        System.out.println("workers   " + workers);
        System.out.println("datasets  " + Printable.line(datasets.isEmpty() ? "none" : String.join(", ", datasets)));
        System.out.println("memory    " + Text.format("%s (PSS)", Sizes.format(bytes)));
    }

    private static boolean isJava(ProcessHandle process) {
        return process.info()
                .command()
                .filter(command -> command.endsWith("/java"))
                .isPresent();
    }

    /** Proportional: what several share counts once. 0 for a process that has just ended. */
    private static long pss(Path proc) {
        try (Stream<String> lines = Files.lines(proc.resolve("smaps_rollup"))) {
            return lines.filter(line -> line.startsWith("Pss:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) << 10)
                    .sum();
        } catch (IOException e) {
            return 0;
        }
    }

    /** What a process has mapped to read together with others, and is none of its JVM's files. */
    private static List<String> mapped(Path proc) {
        try (Stream<String> lines = Files.lines(proc.resolve("maps"))) {
            return lines.filter(line -> line.contains(" r--s ") && line.indexOf('/') > 0)
                    .map(line -> line.substring(line.indexOf('/')))
                    .filter(name -> !name.startsWith(System.getProperty("java.home")) && !name.endsWith(".jar"))
                    .distinct()
                    .toList();
        } catch (IOException e) {
            return List.of();
        }
    }
}
