package io.github.forkless.coordinator.machine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The files by which the kernel tells of the machine, below a root that tests put elsewhere. What is not there, or not
 * for us to read, is empty: containers hide some of them.
 */
record Kernel(Path root) {
    static final Kernel HERE = new Kernel(Path.of("/"));

    /** All of a file, without the line's end. */
    Optional<String> text(String path) {
        try {
            return Optional.of(Files.readString(root.resolve(path)).strip());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** The number in a file; empty also when it says {@code max}. */
    OptionalLong number(String path) {
        return text(path).map(Kernel::parsed).orElse(OptionalLong.empty());
    }

    private static OptionalLong parsed(String text) {
        try {
            return OptionalLong.of(Long.parseLong(text));
        } catch (NumberFormatException e) {
            return OptionalLong.empty();
        }
    }

    List<String> lines(String path) {
        return text(path).map(text -> text.lines().toList()).orElse(List.of());
    }

    /** What stands behind a name in a file of a line each: {@code Cpus_allowed_list: 0-3}. */
    Optional<String> field(String path, String name) {
        return lines(path).stream()
                .map(line -> " " + line) // in a node's meminfo the name is not the first
                .filter(line -> line.contains(" " + name + ":"))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst();
    }

    /** The same for {@code MemFree: 1024 kB}, in bytes. */
    OptionalLong bytes(String path, String name) {
        return field(path, name)
                .map(value -> parsed(value.replace(" kB", "")))
                .filter(OptionalLong::isPresent)
                .map(kilobytes -> OptionalLong.of(kilobytes.getAsLong() << 10))
                .orElse(OptionalLong.empty());
    }
}
