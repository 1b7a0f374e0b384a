package io.github.forkless.coordinator.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.forkless.coordinator.KeptWorkers;
import io.github.forkless.coordinator.PoolOptions;
import io.github.forkless.coordinator.daemon.Client;
import io.github.forkless.coordinator.daemon.Resident;
import io.github.forkless.coordinator.daemon.Residents;
import io.github.forkless.coordinator.files.CurrentFolder;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Commands, one after another, in a process that stays. What is kept between them belongs here. */
final class Serving implements Resident.Commands {
    private static final Set<String> OTHERS = Set.of("import", "lab", "daemon", "train", "serve");

    /** With these, code of users runs here, or this process is more to workers than who starts them. */
    private static final List<String> OPTIONS = List.of("--class-path", "--debug-", "--engine", "--numa");

    /** Names of what the launcher has open, or is. */
    private static final List<String> PROCESS_FILES = List.of("/dev/fd", "/dev/std", "/dev/tty", "/proc/");

    private static final Path ROOT = Path.of("/");

    private static KeptWorkers keptWorkers;

    private static Client client;

    private boolean isSpoilt;

    /** Does not return. */
    static void start(String[] args) {
        int code = ExitCode.OK;
        try {
            int descriptor = Resident.reserveDescriptor();
            System.setProperty("forkless.stdout", Integer.toString(descriptor));
            Path folder = Path.of(args[1]);
            var log = new PrintStream(new FileOutputStream(Residents.log(folder).toFile(), true), true, UTF_8);
            Main.stays = true;
            keptWorkers = new KeptWorkers(log::println);
            Resident.serve(folder, descriptor, Duration.ofMillis(Long.parseLong(args[2])), new Serving());
        } catch (IOException e) {
            System.err.println(e);
            code = ExitCode.FAILED;
        }
        Runtime.getRuntime().halt(code);
    }

    @Override
    public Optional<String> obstacle(Client asking, String[] arguments) {
        if (arguments.length == 0 || OTHERS.contains(arguments[0])) {
            return Optional.of("it is no command of a run");
        }
        if (arguments[0].equals("jobs") && arguments[arguments.length - 1].endsWith(".java")) {
            return Optional.of("it loads code of a user");
        }
        return Arrays.stream(arguments)
                .filter(argument -> needsOwnProcess(argument) || leadsToDevice(asking.folder(), argument))
                .findFirst()
                .map(argument -> "it has the argument " + argument);
    }

    private static boolean needsOwnProcess(String argument) {
        return OPTIONS.stream().anyMatch(argument::startsWith)
                || PROCESS_FILES.stream().anyMatch(argument::contains);
    }

    /** A link to the command's own descriptors, or to a device that is not the same for every process. */
    private static boolean leadsToDevice(Path folder, String argument) {
        try {
            Path file = folder.resolve(argument.substring(argument.indexOf('=') + 1))
                    .toRealPath();
            return file.startsWith("/proc") || file.startsWith("/dev") && !file.startsWith("/dev/shm");
        } catch (IOException | InvalidPathException e) {
            return false; // it is no file
        }
    }

    @Override
    public int run(Client asking, String[] arguments) {
        Main.upNanos = System.nanoTime();
        client = asking;
        StandardStreams.changeTo(asking);
        int code = Main.run(arguments);
        isSpoilt |= Main.ranOutOfMemory;
        return code;
    }

    /** With as many workers as there are to be. */
    @Override
    public String[] practice(Path numbers) {
        return new String[] {numbers.toString()};
    }

    /** Workers that stand ready for code of users are in the folder of a command, whose file system could not be unmounted. */
    @Override
    public void rest() {
        prepareWorkers();
    }

    private static void prepareWorkers() {
        try {
            keptWorkers.prepare(Runtime.getRuntime().availableProcessors(), ROOT);
        } catch (IOException e) {
            // The next command starts its own, and says why it cannot.
        }
    }

    @Override
    public boolean areSpoilt() {
        return isSpoilt;
    }

    @Override
    public void close() {
        keptWorkers.close();
    }

    /**
     * Has workers stay for the next command. Code of users finds the folder and the environment of its command: workers that
     * are ready are none for it if these are others. Built-in jobs need neither, and workers for them keep no file system busy.
     */
    static PoolOptions keepWorkers(PoolOptions options, boolean isOfUser, boolean reuses) {
        PoolOptions kept = options.withKeptWorkers(keptWorkers);
        if (reuses) {
            kept = kept.withReuseWorkers();
        }
        return isOfUser
                ? kept.withEnvironment(client.environment()).withWorkingFolder(CurrentFolder.absolute(Path.of("")))
                : kept.withWorkingFolder(ROOT);
    }
}
