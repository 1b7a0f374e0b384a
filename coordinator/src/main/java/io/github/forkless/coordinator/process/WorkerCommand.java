package io.github.forkless.coordinator.process;

import io.github.forkless.coordinator.files.TemporaryFiles;
import io.github.forkless.coordinator.machine.JvmEnvironment;
import io.github.forkless.coordinator.machine.ProgramClassPath;
import io.github.forkless.coordinator.result.InvalidRequestException;
import io.github.forkless.worker.WorkerMain;
import java.io.File;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TimeZone;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The command line of a worker's JVM. Everything that a worker's JVM is told stands here, with its reason. */
final class WorkerCommand {

    /** Many small JVMs on one machine: each with few threads and little memory of its own. */
    private static final List<String> SMALL_JVM = List.of(
            "-XX:-UsePerfData", // no file in /tmp for each
            "-Djdk.reflect.useNativeAccessorOnly=true", // 10 ms less to start; method handles would be spun otherwise
            "-XX:+UseCountedLoopSafepoints", // a job deep in a loop must not keep an orphan from ending,
            "-XX:LoopStripMiningIter=1000", // at no cost that could be measured
            "-XX:+ExitOnOutOfMemoryError", // a worker without memory is replaced, not nursed
            "-XX:-DumpReplayDataOnError"); // a crash leaves its log where we look for it, and nothing in this folder

    /** No threads for collecting: workers are parallel already. */
    private static final String COLLECTOR = "-XX:+UseSerialGC";

    /** What Chronicle Bytes needs of JDK 25, for jobs that use it, to work without a warning. */
    private static final List<String> CHRONICLE = List.of(
            "--add-opens=java.base/java.lang.reflect=ALL-UNNAMED",
            "--add-exports=java.base/jdk.internal.ref=ALL-UNNAMED",
            "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow");

    /** Things that Chronicle's static initializers would do otherwise. */
    private static final List<String> QUIET_CHRONICLE = List.of(
            "-Dproject.build.directory=/dev/null", // create a folder named target in /tmp
            "-Dsystem.properties=/dev/null", // read system properties from a file in the working directory
            "-Dbackground.releaser=false"); // keep a thread running

    /** Where a class path has no logger, Chronicle's attempt to log would be answered with a warning on stderr. */
    private static final List<String> NO_LOGGER = List.of(
            "-Dslf4j.provider=org.slf4j.helpers.NOP_FallbackServiceProvider", "-Dslf4j.internal.verbosity=WARN");

    /** Up to this many workers have the heap that a JVM chooses itself. */
    private static final int UNLIMITED_HEAPS = 3;

    /** Of the memory, for the largest heaps of all workers together. */
    private static final double HEAPS_PERCENTAGE = 75;

    /** Where a worker opens what it is asked through, and answers through: see {@link WorkerMain}. */
    private static final String DESCRIPTORS = "/dev/fd";

    private static final int FIRST_PART = 16;

    private static final String LOGGER_SERVICE = "META-INF/services/org.slf4j.spi.SLF4JServiceProvider";

    /** Where the launcher keeps the AOT caches for its JVM; not set in a program that embeds the library. */
    private static final String AOT_FOLDER = "forkless.aot";

    /**
     * @throws IOException when a class path that is too long for an argument cannot be written to {@code folder}, or a worker
     *     could not open its descriptors
     */
    static List<String> of(WorkerSettings settings, PrivateFolder folder) throws IOException {
        requireDescriptors(new File(DESCRIPTORS));
        JvmEnvironment environment = JvmEnvironment.ofThisProcess();
        List<String> jvmOptions = new ArrayList<>();
        List<String> users = settings.jvmOptions();
        Optional<ProgramCache> programCache = Optional.empty();
        if (!environment.choosesCollector() && (users.isEmpty() || !JvmEnvironment.chooseCollector(users))) {
            jvmOptions.add(COLLECTOR);
        }
        if (settings.debugPort().isPresent()) { // quiet: the coordinator says where it waits
            jvmOptions.add("-agentlib:jdwp=transport=dt_socket,server=y,suspend=y,quiet=y,address=127.0.0.1:"
                    + settings.debugPort().getAsInt());
        } else if (!environment.choosesArchive()
                && (users.isEmpty()
                        || !JvmEnvironment.chooseArchive(users))) { // a debugger and an archive do not go together
            if (settings.aotCaches().isPresent() && !isLaunched()) {
                programCache = ProgramCache.in(settings.aotCaches().get());
            }
            if (programCache.isPresent()) {
                programCache.get().make();
                addCache(programCache.get().file(), jvmOptions);
            } else if (isLaunched()) {
                addCache(Path.of(System.getProperty(AOT_FOLDER), "worker.aot"), jvmOptions);
            }
        }
        jvmOptions.add(folder.crashLogOption());
        jvmOptions.add("-Djava.io.tmpdir=" + TemporaryFiles.folder()); // for jobs, as for this program
        addHeap(settings, environment, jvmOptions);
        if (!isLaunched()) {
            addDefaults(settings.environment(), jvmOptions);
        }
        jvmOptions.addAll(users);
        List<String> command = command(
                settings.nestedPools(),
                jvmOptions,
                programCache.isPresent()
                        ? programCache.get().classPath() + File.pathSeparator + classPath()
                        : classPath(),
                settings.classPath(),
                settings.workingFolder().isPresent(),
                folder);
        settings.chaos().ifPresent(chaos -> command.add(chaos.toString()));
        return command;
    }

    /** Once for all workers, as each would fail by itself. */
    static void requireDescriptors(File folder) throws IOException {
        if (!folder.isDirectory()) {
            throw new IOException(
                    "there is no " + folder + ", through which workers open the pipes to this process; mount /proc, and"
                            + " link /dev/fd to /proc/self/fd");
        }
    }

    /**
     * A JVM takes a quarter of the memory that there is for the largest heap that it may have, and a 16th of that to begin
     * with. More than three would have more than there is; so each gets its share of what three have. The JVM knows the
     * memory of the machine and the limit of its control group, and nothing has to be looked up at the start.
     */
    private static void addHeap(WorkerSettings settings, JvmEnvironment environment, List<String> jvmOptions) {
        if (settings.memory().isPresent()) {
            environment.imposedHeap().ifPresent(WorkerCommand::refuse);
            jvmOptions.add("-Xmx" + settings.memory().getAsLong());
        } else if (settings.procs() > UNLIMITED_HEAPS) {
            double percentage = HEAPS_PERCENTAGE / settings.procs();
            jvmOptions.add("-XX:MaxRAMPercentage=" + percentage);
            jvmOptions.add("-XX:InitialRAMPercentage=" + percentage / FIRST_PART);
        }
    }

    /**
     * The locale and the time zone of the program that embeds the library, which may have chosen others than those of its
     * environment. Those of the command line itself were not chosen by the user.
     */
    private static void addDefaults(WorkerEnvironment environment, List<String> jvmOptions) {
        if (!environment.choosesLocale()) {
            addLocale("", Locale.getDefault(), jvmOptions);
            for (Locale.Category category : Locale.Category.values()) {
                if (!Locale.getDefault(category).equals(Locale.getDefault())) {
                    String suffix = "." + category.name().toLowerCase(Locale.ROOT);
                    addLocale(suffix, Locale.getDefault(category), jvmOptions);
                }
            }
        }
        TimeZone zone = TimeZone.getDefault();
        if (!environment.choosesTimeZone() && TimeZone.getTimeZone(zone.getID()).hasSameRules(zone)) {
            jvmOptions.add("-Duser.timezone=" + zone.getID());
        }
    }

    private static void addLocale(String suffix, Locale locale, List<String> jvmOptions) {
        jvmOptions.add("-Duser.language" + suffix + "=" + locale.getLanguage());
        jvmOptions.add("-Duser.script" + suffix + "=" + locale.getScript());
        jvmOptions.add("-Duser.country" + suffix + "=" + locale.getCountry());
        jvmOptions.add("-Duser.variant" + suffix + "=" + locale.getVariant());
    }

    private static void refuse(String imposedHeap) {
        throw new InvalidRequestException(
                imposedHeap + " in the environment has the last word on the heaps of JVMs, so that"
                        + " PoolOptions.withWorkerMemory has none; unset it, or do without the latter");
    }

    /** A worker that writes {@code cache} when it ends. */
    static List<String> training(Path cache, String classPath, PrivateFolder folder) throws IOException {
        return command(
                0,
                List.of(
                        COLLECTOR,
                        "-XX:AOTCacheOutput=" + cache,
                        "-XX:+UnlockDiagnosticVMOptions",
                        // Classes, but no profiles: compiling early what these say is hot takes longer than it saves.
                        "-XX:-AOTRecordTraining",
                        // Nor code: it is this processor's, and JDK 25 does not look whether another one can run it.
                        "-XX:-AOTAdapterCaching",
                        "-XX:-AOTStubCaching"),
                classPath,
                List.of(),
                false,
                folder);
    }

    private static List<String> command(
            int nestedPools,
            List<String> jvmOptions,
            String ownClassPath,
            List<Path> extraClassPath,
            boolean isElsewhere,
            PrivateFolder folder)
            throws IOException {
        var command = new ArrayList<String>(WorkerMain.shellPrefix(folder.nonce(), nestedPools));
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        if (!isLaunched() && !Files.isExecutable(java)) {
            throw new IOException("there is no " + java + " to start workers with; if jlink or jpackage has made this"
                    + " runtime, make it without --strip-native-commands, which is one of jpackage's defaults: jpackage"
                    + " --jlink-options '--strip-debug --no-man-pages --no-header-files'");
        }
        command.add(java.toString());
        command.addAll(SMALL_JVM);
        command.addAll(CHRONICLE);
        command.addAll(QUIET_CHRONICLE);
        if (!hasLogger(extraClassPath)) {
            command.addAll(NO_LOGGER);
        }
        command.addAll(jvmOptions); // behind those that a user may set in another way
        String classPath = Stream.concat(
                        Stream.of(ownClassPath), extraClassPath.stream().map(Path::toString))
                .collect(Collectors.joining(File.pathSeparator));
        if (isElsewhere) { // names that are not from the root are from this process's folder
            classPath = Stream.of(classPath.split(File.pathSeparator, -1))
                    .map(entry -> Path.of(entry).toAbsolutePath().toString())
                    .collect(Collectors.joining(File.pathSeparator));
        }
        if (ArgumentFile.isNeededFor(classPath)) {
            command.add(ArgumentFile.write(folder, List.of("-cp", classPath)));
        } else {
            command.addAll(List.of("-cp", classPath));
        }
        command.add(WorkerMain.class.getName());
        command.add(Long.toString(ProcessHandle.current().pid()));
        command.add(folder.path().toString());
        command.add(folder.contents().toString());
        return command;
    }

    private static boolean isLaunched() {
        return System.getProperty(AOT_FOLDER) != null;
    }

    /** That of this process. */
    static String classPath() throws IOException {
        return isLaunched() ? System.getProperty("java.class.path") : ProgramClassPath.get();
    }

    private static void addCache(Path cache, List<String> jvmOptions) {
        if (Files.exists(cache)) {
            jvmOptions.add("-XX:AOTCache=" + cache);
            jvmOptions.add("-Xlog:aot*=off"); // one that does not fit is as good as none: not worth a word on stderr
            jvmOptions.add("-Xlog:cds*=off");
        }
    }

    /** Jobs may log through SLF4J to a provider of their own. What the launcher starts has none, and opens no jar to see. */
    private static boolean hasLogger(List<Path> extraClassPath) {
        if (!isLaunched() && ClassLoader.getSystemResource(LOGGER_SERVICE) != null) {
            return true;
        }
        if (extraClassPath.isEmpty()) {
            return false;
        }
        URL[] urls = ProgramClassPath.urls(extraClassPath);
        try (var loader = new URLClassLoader(urls)) {
            return loader.findResource(LOGGER_SERVICE) != null;
        } catch (IOException e) {
            return false;
        }
    }

    private WorkerCommand() {}
}
