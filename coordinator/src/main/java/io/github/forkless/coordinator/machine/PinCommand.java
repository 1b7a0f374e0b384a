package io.github.forkless.coordinator.machine;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The tool that starts a process where it is to be kept. What is set before a JVM starts holds for all of its threads, and
 * the JVM makes as few of them as suit the processors that it finds.
 */
public final class PinCommand {
    private final Path tool;
    private final String option;

    private PinCommand(Path tool, String option) {
        this.tool = tool;
        this.option = option;
    }

    /**
     * taskset or numactl, whichever is there.
     *
     * @param path the folders in which programs are, as in the variable PATH
     */
    public static Optional<PinCommand> find(String path) {
        return find(path, "taskset", "-c").or(() -> find(path, "numactl", "-C"));
    }

    private static Optional<PinCommand> find(String path, String name, String option) {
        for (String folder : path.split(File.pathSeparator)) {
            Path tool = Path.of(folder, name);
            if (!folder.isEmpty() && Files.isExecutable(tool)) {
                return Optional.of(new PinCommand(tool, option));
            }
        }
        return Optional.empty();
    }

    /** What a command has to begin with to be run there. */
    public List<String> prefix(Place place) {
        return List.of(tool.toString(), option, place.cpuList());
    }
}
