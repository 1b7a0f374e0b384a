package io.github.forkless.coordinator.daemon;

import io.github.forkless.coordinator.machine.Cgroup;
import io.github.forkless.worker.WorkerMain;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What a command depends on beside its arguments and its files, and cannot be taken on by a process that runs already: whose it
 * is, what it may do and use. A coordinator answers only commands whose surroundings are its own, for they are those of its
 * workers too.
 *
 * @param parts each by its name
 */
record Surroundings(Map<String, String> parts) {
    /** What this program, a JVM and the C library heed. Others are heard by jobs alone, and those of users run elsewhere. */
    private static final Set<String> VARIABLES = Set.of(
            "XDG_RUNTIME_DIR",
            "TMPDIR",
            "TZ",
            "TZDIR",
            "LANG",
            "LANGUAGE",
            "LOCPATH",
            "GLIBC_TUNABLES",
            "FORKLESS_JAVA_OPTS",
            WorkerMain.MARK,
            WorkerMain.NESTED_POOLS);

    private static final List<String> PREFIXES = List.of("LC_", "JAVA_", "JDK_", "_JAVA_", "LD_", "MALLOC_");

    /** The launcher chooses it, and says which it has chosen. */
    static final String CHOSEN_LOCALE = "LC_ALL";

    /** Of {@code /proc/PID/status}. */
    private static final List<String> STATUS = List.of(
            "Umask",
            "Uid",
            "Gid",
            "Groups",
            "NoNewPrivs",
            "Seccomp",
            "CapInh",
            "CapPrm",
            "CapEff",
            "CapBnd",
            "CapAmb",
            "Cpus_allowed",
            "Mems_allowed");

    private static final List<String> NAMESPACES = List.of("cgroup", "ipc", "mnt", "net", "pid", "time", "user", "uts");

    /** A JVM raises its own soft limit of these to the hard one. */
    private static final String OPEN_FILES = "Max open files";

    /** Columns of {@code /proc/PID/limits}. */
    private static final int SOFT = 26;

    private static final int HARD = 47;

    /** Bytes as characters: no name is lost, whatever its charset. */
    private static final Charset BYTES = StandardCharsets.ISO_8859_1;

    private static final int NICENESS = 16;
    private static final int SCHEDULING_POLICY = 38;

    /** @throws IOException if the process is not there, or not this user's to look at */
    static Surroundings of(long pid) throws IOException {
        Path proc = Path.of("/proc", Long.toString(pid));
        var parts = new TreeMap<String, String>();
        environment(pid, BYTES).forEach((name, value) -> {
            if (VARIABLES.contains(name)
                    || !name.equals(CHOSEN_LOCALE) && PREFIXES.stream().anyMatch(name::startsWith)) {
                parts.put("the variable " + name, value);
            }
        });
        parts.put(
                "the root folder",
                Files.readAttributes(proc.resolve("root"), "unix:dev,ino").toString());
        for (String namespace : NAMESPACES) {
            Path link = proc.resolve("ns").resolve(namespace);
            if (Files.isSymbolicLink(link)) {
                parts.put(
                        "the namespace " + namespace,
                        Files.readSymbolicLink(link).toString());
            }
        }
        parts.put("the limits of control groups", Cgroup.limits(pid).toString());
        parts.put("oom_score_adj", text(proc.resolve("oom_score_adj")));
        String stat = text(proc.resolve("stat"));
        // The fields behind the name of the program, which is in parentheses and may hold any character.
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        parts.put("the niceness", fields[NICENESS]);
        parts.put("the scheduling policy", fields[SCHEDULING_POLICY]);
        text(proc.resolve("status")).lines().forEach(line -> {
            String name = line.substring(0, Math.max(0, line.indexOf(':')));
            if (STATUS.contains(name)) {
                parts.put(name, line.substring(line.indexOf('\t') + 1));
            }
        });
        text(proc.resolve("limits"))
                .lines()
                .skip(1)
                .forEach(line -> parts.put(
                        "the limit " + line.substring(0, SOFT).strip(),
                        line.substring(line.startsWith(OPEN_FILES) ? HARD : SOFT)
                                .strip()));
        return new Surroundings(parts);
    }

    /** Of a process when it was started. */
    static Map<String, String> environment(long pid, Charset charset) throws IOException {
        var variables = new TreeMap<String, String>();
        Path all = Path.of("/proc", Long.toString(pid), "environ");
        for (String variable : new String(Files.readAllBytes(all), charset).split("\0")) {
            int equals = variable.indexOf('=');
            if (equals > 0) {
                variables.putIfAbsent(variable.substring(0, equals), variable.substring(equals + 1));
            }
        }
        return variables;
    }

    /** The name of one thing that differs. */
    Optional<String> differenceFrom(Surroundings other) {
        return Stream.concat(parts.keySet().stream(), other.parts.keySet().stream())
                .filter(name -> !parts.getOrDefault(name, "").equals(other.parts.getOrDefault(name, "")))
                .findFirst();
    }

    private static String text(Path file) throws IOException {
        return Files.readString(file, BYTES);
    }
}
