package io.github.forkless.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.forkless.testing.Patience;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A standalone cluster of Spark's: a master and workers, processes on this machine that have loopback addresses of their own. */
final class SparkCluster {
    private static final Duration START = Duration.ofSeconds(20);
    private static final Pattern MASTER = Pattern.compile("Starting Spark master at (spark://\\S+)");
    private static final String EXECUTOR = "CoarseGrainedExecutorBackend";

    private final Path folder;
    private final List<Process> processes = new ArrayList<>();
    private String master;

    /**
     * @param folder an empty one
     * @param overlay what the last host sees in place of the folder {@code data} in {@code folder}; its {@code /dev/shm} is then its
     *     own, too
     */
    SparkCluster(Path folder, int hosts, Optional<Path> overlay) throws IOException, InterruptedException {
        this.folder = folder;
        Path jars = Files.createDirectories(folder.resolve("jars"));
        for (Path from : List.of(spark(), home().resolve("lib"))) {
            try (Stream<Path> files = Files.list(from)) {
                for (Path jar : (Iterable<Path>) files.filter(SparkCluster::isOfSpark)::iterator) {
                    Files.createSymbolicLink(jars.resolve(jar.getFileName()), jar);
                }
            }
        }
        Files.createDirectories(data());
        startMaster();
        for (int i = 0; i < hosts; i++) {
            startWorker(i, i == hosts - 1 ? overlay : Optional.empty());
        }
    }

    static Path home() {
        return Path.of(System.getProperty("forkless.home")).normalize();
    }

    static Path spark() {
        return home().resolve("lib").resolve("spark");
    }

    private static boolean isOfSpark(Path jar) {
        String name = jar.getFileName().toString();
        return name.endsWith(".jar")
                && (!jar.getParent().equals(home().resolve("lib")) && !name.startsWith("forkless-")
                        || name.startsWith("slf4j-api")
                        || name.startsWith("jackson-core"));
    }

    /** Where datasets are, as all hosts call it. */
    Path data() {
        return folder.resolve("data");
    }

    static String host(int number) {
        return "127.0.0." + (number + 1);
    }

    String master() {
        return master;
    }

    private void startMaster() throws IOException, InterruptedException {
        Path log =
                start("master", List.of(), "org.apache.spark.deploy.master.Master", "--host", host(0), "--port", "0");
        assertThat(Patience.awaits(
                        START, () -> MASTER.matcher(Files.readString(log)).find()))
                .as(Files.readString(log))
                .isTrue();
        Matcher found = MASTER.matcher(Files.readString(log));
        assertThat(found.find()).isTrue();
        master = found.group(1);
    }

    private void startWorker(int number, Optional<Path> overlay) throws IOException, InterruptedException {
        List<String> prefix = overlay.isEmpty()
                ? List.of()
                : List.of(
                        "unshare",
                        "--mount",
                        "sh",
                        "-c",
                        "mount --bind \"$0\" \"$1\" && mount -t tmpfs tmpfs /dev/shm && shift && exec \"$@\"",
                        overlay.get().toString(),
                        data().toString());
        Path log = start(
                "worker-" + number,
                prefix,
                "org.apache.spark.deploy.worker.Worker",
                "--host",
                host(number),
                "--cores",
                "2",
                "--memory",
                "2g",
                "--work-dir",
                folder.resolve("work-" + number).toString(),
                master);
        assertThat(Patience.awaits(START, () -> Files.readString(log).contains("Successfully registered with master")))
                .as(Files.readString(log))
                .isTrue();
    }

    private Path start(String name, List<String> prefix, String type, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(prefix);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "@" + spark().resolve("java-options"),
                "-Dforkless.spark.log=info",
                "-Dspark.worker.cleanup.enabled=false",
                "-Xmx256m",
                "-cp",
                spark().resolve("*") + ":" + folder.resolve("jars") + "/*",
                type));
        command.addAll(List.of("--webui-port", "0"));
        command.addAll(List.of(arguments));
        Path log = folder.resolve(name + ".log");
        var builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .directory(folder.toFile());
        builder.environment()
                .putAll(Map.of(
                        "SPARK_HOME", folder.toString(),
                        "SPARK_SCALA_VERSION", "2.13",
                        "SPARK_LOCAL_IP", host(0)));
        processes.add(builder.start());
        return log;
    }

    /** The JVMs of executors that are running. */
    static List<ProcessHandle> executors(String mark) {
        return ProcessHandle.allProcesses()
                .filter(process -> commandLine(process).contains(EXECUTOR) && has(process, mark))
                .toList();
    }

    List<ProcessHandle> executors() {
        return executors(folder.toString());
    }

    private static String commandLine(ProcessHandle process) {
        return read(process, "cmdline");
    }

    private static boolean has(ProcessHandle process, String mark) {
        return read(process, "environ").contains(mark);
    }

    private static String read(ProcessHandle process, String what) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(process.pid()), what), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return ""; // it has ended
        }
    }

    /** Ends all, and sees that nothing is left: what the cluster has started has its folder in its environment. */
    void stop() throws InterruptedException {
        for (Process process : processes.reversed()) {
            process.destroy();
        }
        for (Process process : processes) {
            process.waitFor();
        }
        assertThat(Patience.awaits(
                        Duration.ofSeconds(10),
                        () -> ProcessHandle.allProcesses().noneMatch(process -> has(process, folder.toString()))))
                .as("processes of the cluster are left")
                .isTrue();
    }
}
