package io.github.forkless.coordinator.report;

import io.github.forkless.common.text.Secrets;
import io.github.forkless.coordinator.files.CurrentFolder;
import io.github.forkless.coordinator.machine.Memory;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Where a run takes place, and what makes another like it.
 *
 * @param version of Forkless
 * @param java the JVM and its version
 * @param system the operating system and its version
 * @param processors those that this process may use
 * @param memoryBytes what this process can have of the machine's
 * @param folder the working directory
 * @param command the command and its arguments; empty of a program, whose own may be anybody's
 * @param variables the environment variables that matter to a run
 */
record Environment(
        String version,
        String java,
        String system,
        int processors,
        long memoryBytes,
        String folder,
        List<String> command,
        Map<String, String> variables) {

    private static final List<String> VARIABLES = List.of("JAVA_HOME", "LANG", "LC_ALL", "TMPDIR");

    /** Their values are options of a JVM. */
    private static final List<String> OPTIONS =
            List.of("FORKLESS_JAVA_OPTS", "JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS");

    /**
     * @param arguments of the command line; empty of a program
     * @param showsSecrets whether values that may be passwords are to be in it
     */
    static Environment of(Optional<List<String>> arguments, boolean showsSecrets) {
        var variables = new TreeMap<String, String>();
        for (String name : VARIABLES) {
            if (System.getenv(name) != null) {
                variables.put(name, System.getenv(name));
            }
        }
        for (String name : OPTIONS) {
            String options = System.getenv(name);
            if (options != null) {
                variables.put(name, showsSecrets ? options : Secrets.hiddenInJvmOptions(options));
            }
        }
        List<String> command = new ArrayList<>();
        if (arguments.isPresent()) {
            command.add(launcher());
            command.addAll(showsSecrets ? arguments.get() : Secrets.hiddenInArguments(arguments.get()));
        }
        String version = Environment.class.getPackage().getImplementationVersion();
        return new Environment(
                version == null ? "(not packaged)" : version,
                System.getProperty("java.vm.name") + " " + Runtime.version(),
                System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
                        + System.getProperty("os.arch"),
                Runtime.getRuntime().availableProcessors(),
                Memory.read().totalBytes(),
                CurrentFolder.absolute(Path.of("")).toString(),
                command,
                variables);
    }

    /** The launcher in the folder that our jars are in; its mere name where there is none. */
    private static String launcher() {
        String first = System.getProperty("java.class.path").split(File.pathSeparator, 2)[0];
        Path lib = Path.of(first).toAbsolutePath().getParent();
        Path launcher = lib == null ? Path.of("coordinator") : lib.resolveSibling("bin/coordinator");
        return Files.isExecutable(launcher) ? launcher.toString() : "coordinator";
    }
}
