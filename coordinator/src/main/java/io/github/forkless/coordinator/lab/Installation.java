package io.github.forkless.coordinator.lab;

import io.github.forkless.coordinator.machine.JvmEnvironment;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The commands of this program as a user types them, in a laboratory. A coordinator that stays is the laboratory's own. */
final class Installation {
    /** Ctrl-C is for the laboratory: a launcher whose resident coordinator goes with it would have another one started. */
    private static final String OWN_SESSION = "setsid";

    private static final String MAY_ASK = "FORKLESS_DAEMON";

    /** Where the folder of resident coordinators is; without its folder one ends. */
    private static final String RESIDENTS = "XDG_RUNTIME_DIR";

    private final Laboratory laboratory;
    private final Path launcher;

    /**
     * What a command printed.
     *
     * @param time from its start to its end
     */
    record Answer(String text, Duration time) {}

    Installation(Laboratory laboratory, Path launcher) {
        this.laboratory = laboratory;
        this.launcher = launcher;
    }

    /** The program {@code coordinator} whose first jar this class path begins with; empty if it is not there. */
    static Optional<Path> launcher() {
        Path jar = Path.of(System.getProperty("java.class.path").split(File.pathSeparator, 2)[0]);
        return Optional.of(jar.toAbsolutePath().resolve("../../bin/coordinator").normalize())
                .filter(Files::isExecutable);
    }

    Answer run(String... arguments) {
        return run(true, arguments);
    }

    /** In a process of its own. */
    Answer runAlone(String... arguments) {
        return run(false, arguments);
    }

    private Answer run(boolean mayAsk, String... arguments) {
        List<String> command = new ArrayList<>(List.of(OWN_SESSION, launcher.toString()));
        command.addAll(List.of(arguments));
        var builder = new ProcessBuilder(command);
        builder.environment().keySet().removeAll(JvmEnvironment.NAMES);
        builder.environment().remove(MAY_ASK);
        if (!mayAsk) {
            builder.environment().put(MAY_ASK, "no");
        }
        builder.environment().put(RESIDENTS, laboratory.folder().toString());
        builder.environment().put("TMPDIR", laboratory.folder().toString()); // what is left goes with it
        long begun = System.nanoTime();
        Process process = laboratory.start(builder);
        try {
            String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int exitCode = process.waitFor();
            Duration time = Duration.ofNanos(System.nanoTime() - begun);
            if (laboratory.isClosed()) {
                throw Laboratory.ending();
            }
            if (exitCode != 0) {
                throw new LabException(String.join(" ", command.subList(1, command.size())) + " ended with exit code "
                        + exitCode + "; its words:\n" + text
                        + process.errorReader().readAllAsString());
            }
            return new Answer(text, time);
        } catch (IOException e) {
            throw laboratory.isClosed()
                    ? Laboratory.ending()
                    : new LabException("a command cannot be listened to: " + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Laboratory.ending();
        } finally {
            laboratory.end(process.toHandle());
        }
    }
}
