package io.github.forkless.coordinator.lab;

import io.github.forkless.coordinator.machine.Memory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * The machine that the experiments were made on: without it their figures say nothing.
 *
 * @param processors those that this process may use
 * @param model the processors' name; empty where it is not told
 * @param memoryBytes what this process can have of it
 * @param system kernel and version
 * @param java the JVM's version
 */
public record Shape(int processors, String model, long memoryBytes, String system, String java) {

    public static Shape here() {
        return new Shape(
                Runtime.getRuntime().availableProcessors(),
                field("/proc/cpuinfo", "model name"),
                Memory.read().totalBytes(),
                System.getProperty("os.name") + " " + System.getProperty("os.version"),
                System.getProperty("java.vendor.version", "") + " " + Runtime.version());
    }

    /** What stands behind the first {@code NAME:} of a file; empty if it does not. */
    private static String field(String file, String name) {
        try (Stream<String> lines = Files.lines(Path.of(file))) {
            return lines.filter(line -> line.startsWith(name))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse("");
        } catch (IOException e) {
            return "";
        }
    }
}
