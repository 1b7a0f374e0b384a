package io.github.forkless.coordinator.cli;

import io.github.forkless.coordinator.files.Destination;
import io.github.forkless.coordinator.result.InvalidRequestException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The files that a command reads and writes, told apart by what is behind their names, be these links, other names of one file,
 * or descriptors. No output may be an input, or another output. Pipes and devices may be as many outputs as are wanted.
 */
final class NamedFiles {
    private final Map<Object, String> inputs = new HashMap<>();
    private final Map<Object, String> outputs = new HashMap<>();

    /** @param what it is, for errors: {@code the dataset} */
    void reads(String what, Path file) {
        key(file).ifPresent(key -> inputs.putIfAbsent(key, what));
    }

    /**
     * @param option that names it
     * @throws InvalidRequestException if it is in use already
     */
    void writes(String option, Path file) {
        Optional<Object> key = key(file);
        if (key.isPresent()) {
            String use = inputs.getOrDefault(key.get(), outputs.get(key.get()));
            if (use != null) {
                throw new InvalidRequestException(option + " " + file + ": that is " + use + "; give another file");
            }
            outputs.put(key.get(), "the file of " + option);
        }
    }

    /**
     * What is printed goes to wherever the shell has redirected it. For this to be said of other outputs, it comes first.
     *
     * @throws InvalidRequestException if that is an input
     */
    void prints() {
        Optional<Object> stdout = key(StandardStreams.outFile());
        if (stdout.isPresent()) {
            String use = inputs.get(stdout.get());
            if (use != null) {
                throw new InvalidRequestException("the answer goes to " + use
                        + " itself; redirect stdout to another file (a shell's > has emptied this one already)");
            }
            outputs.put(stdout.get(), "where stdout goes");
        }
        // Not compared with inputs: saying so would write to one. What is printed there changes it, which is noticed.
        key(StandardStreams.errFile()).ifPresent(stderr -> outputs.putIfAbsent(stderr, "where stderr goes"));
    }

    /** Of a file that exists its number, of one that does not its name; empty for what is no file, or cannot be looked at. */
    private static Optional<Object> key(Path file) {
        try {
            if (!Files.exists(file)) {
                return Optional.of(Destination.of(file));
            }
            var attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return attributes.isRegularFile() ? Optional.ofNullable(attributes.fileKey()) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty(); // who opens it says why
        }
    }
}
