package io.github.forkless.coordinator.process;

import io.github.forkless.coordinator.result.InvalidRequestException;
import java.util.List;
import java.util.Set;

/** Options that a user gives the JVMs of workers. What contradicts the pool's own is refused. */
public final class WorkerJvmOptions {
    /** The words after them belong to them. */
    private static final Set<String> WITH_VALUE = Set.of(
            "--add-modules",
            "--add-reads",
            "--add-exports",
            "--add-opens",
            "--limit-modules",
            "--enable-native-access",
            "--module-path",
            "-p",
            "--upgrade-module-path",
            "--patch-module");

    /** Those with which a JVM runs another program than ours, or none. */
    private static final Set<String> OTHER_PROGRAM = Set.of(
            "-jar",
            "-m",
            "--module",
            "--source",
            "-version",
            "--version",
            "-help",
            "--help",
            "-h",
            "-?",
            "-X",
            "--help-extra",
            "--dry-run",
            "--list-modules",
            "-d",
            "--describe-module",
            "--validate-modules",
            "--disable-@files");

    private WorkerJvmOptions() {}

    /**
     * The same options.
     *
     * @throws InvalidRequestException for one that is none, or that contradicts what the pool needs
     */
    public static List<String> checked(List<String> options) {
        for (int i = 0; i < options.size(); i++) {
            String option = options.get(i);
            if (WITH_VALUE.contains(option)) {
                i++;
                if (i == options.size()) {
                    throw refused(option, "needs a value; give it as '" + option + "=VALUE', or as the next option");
                }
            } else {
                check(option);
            }
        }
        return options;
    }

    private static void check(String option) {
        String name = option.startsWith("--") ? option.replaceFirst("=.*", "") : option;
        if (!option.startsWith("-") || option.indexOf('\0') >= 0) {
            throw refused(option, "is no option of a JVM; each begins with a hyphen, such as -Xss64m");
        }
        if (OTHER_PROGRAM.contains(name)) {
            throw refused(option, "would have the JVM run another program than a worker; leave it out");
        }
        if (Set.of("-cp", "-classpath", "--class-path").contains(name)) {
            throw refused(option, "takes the place of the pool's class path; use PoolOptions.withClassPath");
        }
        if (startsWithAny(option, "-Xmx", "-mx", "-XX:MaxHeapSize=", "-XX:MaxRAM")) {
            throw refused(option, "limits the heap, which the pool does; use PoolOptions.withWorkerMemory");
        }
        if (startsWithAny(option, "-XX:-ExitOnOutOfMemoryError", "-XX:+CrashOnOutOfMemoryError")) {
            throw refused(option, "keeps a worker that is out of memory from being replaced; leave it out");
        }
        if (option.startsWith("-Duser.dir=")) {
            throw refused(
                    option, "changes what relative names mean, and not the folder a worker works in; leave it out");
        }
        if (option.startsWith("-XX:ErrorFile=")) {
            throw refused(option, "puts a crash's log where the pool does not find it; leave it out");
        }
    }

    private static InvalidRequestException refused(String option, String reason) {
        return new InvalidRequestException("the JVM option '" + option + "' " + reason);
    }

    private static boolean startsWithAny(String option, String... starts) {
        return List.of(starts).stream().anyMatch(option::startsWith);
    }
}
