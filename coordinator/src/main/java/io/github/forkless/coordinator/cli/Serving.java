package io.github.forkless.coordinator.cli;

import io.github.forkless.coordinator.daemon.Client;
import io.github.forkless.coordinator.daemon.Resident;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Commands, one after another, in a process that stays. What is kept between them belongs here. */
final class Serving implements Resident.Commands {
    private static final Set<String> OTHERS = Set.of("import", "lab", "daemon", "train", "serve");

    /** With these, code of users runs, or workers are started in another way. */
    private static final List<String> OPTIONS =
            List.of("--class-path", "--jvm-option", "--env", "--debug-", "--engine", "--pin", "--numa");

    /** Names of what the launcher has open, or is. */
    private static final List<String> PROCESS_FILES = List.of("/dev/fd", "/dev/std", "/dev/tty", "/proc/");

    private boolean isSpoilt;

    /** Does not return. */
    static void start(String[] args) {
        int code = ExitCode.OK;
        try {
            int descriptor = Resident.reserveDescriptor();
            System.setProperty("forkless.stdout", Integer.toString(descriptor));
            Resident.serve(Path.of(args[1]), descriptor, Duration.ofMillis(Long.parseLong(args[2])), new Serving());
        } catch (IOException e) {
            System.err.println(e);
            code = ExitCode.FAILED;
        }
        Runtime.getRuntime().halt(code);
    }

    @Override
    public Optional<String> obstacle(String[] arguments) {
        if (arguments.length == 0 || OTHERS.contains(arguments[0])) {
            return Optional.of("it is no command of a run");
        }
        return Arrays.stream(arguments)
                .filter(Serving::needsOwnProcess)
                .findFirst()
                .map(argument -> "it has the argument " + argument);
    }

    private static boolean needsOwnProcess(String argument) {
        return argument.endsWith(".java")
                || OPTIONS.stream().anyMatch(argument::startsWith)
                || PROCESS_FILES.stream().anyMatch(argument::contains);
    }

    @Override
    public int run(Client client, String[] arguments) {
        Main.upNanos = System.nanoTime();
        StandardStreams.changeTo(client);
        int code = Main.run(arguments);
        isSpoilt |= Main.ranOutOfMemory;
        return code;
    }

    @Override
    public boolean areSpoilt() {
        return isSpoilt;
    }
}
