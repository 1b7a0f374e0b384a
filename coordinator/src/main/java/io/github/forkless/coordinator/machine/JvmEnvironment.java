package io.github.forkless.coordinator.machine;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Options that every JVM takes from its environment. A worker's JVM heeds them like any other, so what we tell it must not
 * contradict them: a JVM takes one collector, and one archive of classes.
 *
 * @param variables those that are set
 */
public record JvmEnvironment(Map<String, String> variables) {
    /** All that there may be. */
    public static final List<String> NAMES = List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS");

    /** The one that a JVM reads after its command line. */
    private static final String LAST = "_JAVA_OPTIONS";

    /** Of this process, and so of those that it starts. */
    public static JvmEnvironment ofThisProcess() {
        var variables = new LinkedHashMap<String, String>();
        for (String name : NAMES) {
            String value = System.getenv(name);
            if (value != null) {
                variables.put(name, value);
            }
        }
        return new JvmEnvironment(variables);
    }

    public boolean choosesCollector() {
        return !variables.isEmpty() && chooseCollector(options());
    }

    /** Whether one of {@code options} has a JVM use another collector than its own choice. */
    public static boolean chooseCollector(List<String> options) {
        return options.stream().anyMatch(option -> option.startsWith("-XX:+Use") && option.endsWith("GC"));
    }

    public boolean choosesArchive() {
        return !variables.isEmpty() && chooseArchive(options());
    }

    /** Whether one of {@code options} says which archive of classes a JVM reads or writes. */
    public static boolean chooseArchive(List<String> options) {
        return options.stream()
                .anyMatch(option -> startsWithAny(
                        option,
                        "-Xshare:",
                        "-XX:AOT",
                        "-XX:Shared",
                        "-XX:DumpLoadedClassList=",
                        "-XX:ArchiveClassesAtExit="));
    }

    /** The setting, with its variable, by which a JVM's heap is as large as that says, whatever its command line says. */
    public Optional<String> imposedHeap() {
        return options(variables.getOrDefault(LAST, "")).stream()
                .filter(option -> startsWithAny(option, "-Xmx", "-mx", "-XX:MaxHeapSize="))
                .findFirst()
                .map(option -> LAST + "=" + option);
    }

    /** Whether a JVM says by this line, at its start, that it heeds one of them. */
    public boolean isAnnouncement(String line) {
        return !variables.isEmpty()
                && variables.entrySet().stream().anyMatch(variable -> {
                    String announcement = "Picked up " + variable.getKey() + ": " + variable.getValue();
                    return line.equals(announcement) || line.equals("NOTE: " + announcement);
                });
    }

    private List<String> options() {
        return variables.values().stream()
                .flatMap(value -> options(value).stream())
                .toList();
    }

    /** They stand between blanks, and some in quotes. */
    private static List<String> options(String value) {
        return Stream.of(value.split("\\s+"))
                .map(option -> option.replaceAll("^[\"']|[\"']$", ""))
                .toList();
    }

    private static boolean startsWithAny(String option, String... starts) {
        return Stream.of(starts).anyMatch(option::startsWith);
    }
}
