package io.github.forkless.coordinator.cli;

import io.github.forkless.common.dataset.DatasetException;
import io.github.forkless.common.dataset.UnknownTypeException;
import io.github.forkless.coordinator.files.ShutdownHook;
import io.github.forkless.coordinator.generate.GenerateException;
import io.github.forkless.coordinator.journal.JournalException;
import io.github.forkless.coordinator.lab.LabException;
import io.github.forkless.coordinator.process.EarlyWorkers;
import io.github.forkless.coordinator.result.InvalidRequestException;
import io.github.forkless.coordinator.result.RunFailedException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine;
import picocli.CommandLine.ExecutionException;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** The command line: {@code coordinator [run] [options] DATA} and its sister commands. */
public final class Main {
    /** When this JVM came to our code, or was asked for this command. */
    static long upNanos = System.nanoTime();

    /** Whether this process is a resident coordinator, which stays when its command has ended. */
    static boolean stays;

    static boolean ranOutOfMemory;

    private static final Set<String> COMMANDS =
            Set.of("run", "generate", "import", "info", "jobs", "lab", "daemon", "train");

    /** Those that people type, in the order in which they are shown. */
    private static final List<String> SHOWN = List.of("run", "generate", "import", "info", "jobs", "lab", "daemon");

    /** No line of a help is as long, in columns. */
    private static final int UNBROKEN = 4096;

    private static final Set<String> ABOUT_ALL = Set.of("-h", "--help", "-V", "--version");

    public static void main(String[] args) {
        if (args.length > 0 && args[0].equals("serve")) {
            Serving.start(args);
        }
        // Not System.exit, which looks for a logger that might want to know: 15 ms. Everything is closed.
        Runtime.getRuntime().halt(run(args));
    }

    /** Runs a command to its end. */
    static int run(String[] args) {
        StandardStreams.open();
        Locale.setDefault(Locale.ROOT); // digits, and what is lower case, are the same for all
        keepPicocliFromSearching();
        int code;
        try {
            code = understands(args) ? execute(args) : ExitCode.USAGE;
        } catch (OutOfMemoryError e) {
            System.err.println("coordinator: ran out of memory (" + e.getMessage()
                    + "); use fewer --procs or --tasks, raise the limits of this shell, or give the coordinator's JVM"
                    + " more with FORKLESS_JAVA_OPTS=-Xmx2G");
            code = ExitCode.FAILED;
            ranOutOfMemory = true;
        } catch (IllegalStateException e) {
            if (!ShutdownHook.haveBegun()) {
                throw e;
            }
            code = ExitCode.FAILED;
        }
        if (code != ExitCode.OK && ShutdownHook.haveBegun()) {
            awaitEnd(); // the exit code says which signal it was
        }
        EarlyWorkers.endRest();
        PrintStream answer = StandardStreams.answer();
        answer.flush();
        if (answer.checkError() && StandardStreams.isReaderGone()) {
            code = code == ExitCode.OK ? ExitCode.READER_GONE : code;
        } else if (answer.checkError()) {
            System.err.println("coordinator: the answer could not be written to stdout");
            code = Math.max(code, ExitCode.FAILED);
        }
        return code;
    }

    /** The JVM ends when its hooks are done, whatever its threads do. */
    private static void awaitEnd() {
        while (true) {
            LockSupport.park();
        }
    }

    /**
     * Arguments came through the locale that is in force, which the launcher makes one of UTF-8 where the system has any. Through
     * another one, names and patterns with other letters than ASCII's come as something else, or as question marks.
     */
    private static boolean understands(String[] args) {
        String charset = System.getProperty("sun.jnu.encoding");
        if ("UTF-8".equals(charset) || Arrays.stream(args).allMatch(Main::isAscii)) {
            return true;
        }
        System.err.println(
                "coordinator: an argument has letters beyond ASCII, and this system has no locale of UTF-8 to read"
                        + " them by: " + charset
                        + " is in force; install C.UTF-8, or set LC_ALL to one that 'locale -a' shows");
        return false;
    }

    private static boolean isAscii(String text) {
        return text.chars().allMatch(c -> c < 128);
    }

    /**
     * Picocli would look for Groovy in every jar, and prepare to read a dozen kinds of dates and connections, none of which is
     * wanted here.
     */
    private static void keepPicocliFromSearching() {
        System.setProperty("picocli.disable.closures", "true");
        System.setProperty("picocli.converters.excludes", ".*");
    }

    private static int execute(String[] given) {
        // What the launcher has heeded may stand before a command, too.
        String[] args = given.length > 1 && given[0].equals("--no-daemon") && COMMANDS.contains(given[1])
                ? Arrays.copyOfRange(given, 1, given.length)
                : given;
        String first = args.length == 0 ? "" : args[0];
        if (ABOUT_ALL.contains(first)) {
            return new CommandLine(all()).setExecutionStrategy(Main::help).execute(args);
        }
        boolean isNamed = COMMANDS.contains(first);
        String name = isNamed ? first : "run"; // which need not be typed
        String[] options = isNamed ? Arrays.copyOfRange(args, 1, args.length) : args;
        if (name.equals("run") && !stays && usesChildJvms(options)) {
            EarlyWorkers.start(workersIn(options));
        }
        // The one command alone: picocli takes its time over each one that it is told of.
        Command command = command(name);
        return new CommandLine(command.arguments().spec())
                .setCommandName("coordinator " + name)
                .setExecutionStrategy(parsed -> run(command, parsed))
                .setParameterExceptionHandler(Main::explainUsage)
                .setExecutionExceptionHandler((failure, failed, _) -> explain(failure, failed, command))
                .execute(options);
    }

    /** Only what was asked for is loaded. */
    private static Command command(String name) {
        return switch (name) {
            case "run" -> new RunCommand();
            case "generate" -> new GenerateCommand();
            case "import" -> new ImportCommand();
            case "info" -> new InfoCommand();
            case "jobs" -> new JobsCommand();
            case "lab" -> new LabCommand();
            case "daemon" -> new DaemonCommand();
            case "train" -> new TrainCommand();
            default -> throw new IllegalArgumentException("no command " + name);
        };
    }

    private static int run(Command command, ParseResult parsed) {
        if (parsed.isUsageHelpRequested() || parsed.isVersionHelpRequested()) {
            command.arguments().showGroups();
            return help(parsed);
        }
        try {
            return command.run();
        } catch (Exception e) {
            throw new ExecutionException(parsed.commandSpec().commandLine(), e.toString(), e);
        }
    }

    /** Prints what was asked for, as wide as the terminal, and in colours where it has any. */
    private static int help(ParseResult parsed) {
        CommandLine command = parsed.commandSpec().commandLine();
        command.setColorScheme(CommandLine.Help.defaultColorScheme(Ansi.OFF));
        if (!parsed.isUsageHelpRequested()) {
            return CommandLine.executeHelpRequest(parsed);
        }
        boolean isPlain = StandardStreams.isTerminalDumb() || StandardStreams.variable("NO_COLOR") != null;
        Ansi colours = StandardStreams.isOutTerminal() && !isPlain ? Ansi.ON : Ansi.OFF;
        command.setUsageHelpWidth(UNBROKEN);
        String help = command.getUsageMessage(colours);
        PrintStream out = StandardStreams.isOutTerminal() ? StandardStreams.unfilteredOut() : System.out;
        out.println(WrappedText.of(help, StandardStreams.outColumns()));
        return ExitCode.OK;
    }

    /** The whole program, for its help. */
    static CommandSpec all() {
        var arguments =
                new Arguments("coordinator", "Runs a job over a dataset that worker processes share through memory.");
        CommandSpec all = arguments.spec();
        all.usageMessage()
                .synopsisSubcommandLabel("[run] [OPTIONS] DATA | COMMAND")
                .footer(
                        "",
                        "Most used:",
                        "  coordinator --procs 4 data.bin                  the job for the kind of data",
                        "  coordinator --procs 4 --generate 128M data.bin  write it first, if not there",
                        "  coordinator --job wc access.log                 another job",
                        "",
                        "'coordinator run --help' shows all options of a run.");
        for (String name : SHOWN) {
            all.addSubcommand(name, command(name).arguments().spec());
        }
        return all;
    }

    /** How many workers a run will want, as far as can be told at a glance; what is amiss is found later. */
    private static int workersIn(String[] args) {
        String procs = Integer.toString(Runtime.getRuntime().availableProcessors());
        for (int i = 0; i < args.length; i++) {
            if (args[i].equals("--help") || args[i].equals("-h")) {
                return 0;
            } else if (args[i].startsWith("--pin")
                    || args[i].startsWith("--numa")
                    || args[i].startsWith("--debug-")
                    || args[i].startsWith("--jvm-option")
                    || args[i].startsWith("--env")) {
                return 0; // they are to start elsewhere, or in another way
            } else if (args[i].equals("--procs") && i + 1 < args.length) {
                procs = args[i + 1];
            } else if (args[i].startsWith("--procs=")) {
                procs = args[i].substring("--procs=".length());
            }
        }
        return procs.matches("[0-9]{1,4}") ? Integer.parseInt(procs) : 0;
    }

    /** Whether the workers are such as can be started early. */
    static boolean usesChildJvms(String[] args) {
        for (int i = 0; i < args.length; i++) {
            if (args[i].equals("--engine")) {
                return i + 1 < args.length && args[i + 1].equals("processes");
            } else if (args[i].startsWith("--engine=")) {
                return args[i].equals("--engine=processes");
            }
        }
        return true;
    }

    private static int explainUsage(ParameterException failure, String[] args) {
        CommandLine command = failure.getCommandLine();
        PrintWriter err = command.getErr();
        err.println("coordinator: " + failure.getMessage());
        if (CommandLine.UnmatchedArgumentException.printSuggestions(failure, err)) {
            return ExitCode.USAGE;
        }
        Optional<String> meant = failure instanceof CommandLine.UnmatchedArgumentException unmatched
                ? Spelling.nearest(
                        unmatched.getUnmatched().getFirst(),
                        command.getCommandSpec().optionsMap().keySet())
                : Optional.empty();
        if (meant.isPresent()) {
            err.println("Did you mean " + meant.get() + "?");
        } else {
            err.println("Try 'coordinator --help', or 'coordinator run --help' for all options of a run.");
        }
        return ExitCode.USAGE;
    }

    private static int explain(Exception failure, CommandLine command, Command failed) {
        if (ShutdownHook.haveBegun()) { // which is why it failed, and nothing that the user has to know
            return ExitCode.FAILED;
        }
        int code = switch (failure) {
            case UnknownTypeException _, InvalidRequestException _, JournalException _ -> ExitCode.USAGE;
            case DatasetException _ -> ExitCode.DATA;
            case RunFailedException _, GenerateException _, LabException _ -> ExitCode.FAILED;
            default -> {
                failure.printStackTrace(command.getErr());
                yield ExitCode.FAILED;
            }
        };
        command.getErr().println("coordinator: " + OptionNames.inCommand(failure.getMessage()));
        if (failure instanceof RunFailedException run) {
            run.failures().stream()
                    .filter(f -> !f.trace().isEmpty())
                    .forEach(f -> command.getErr().print(f.trace()));
            failed.again(failure)
                    .ifPresent(
                            again -> command.getErr().println("coordinator: to see it again in one worker: " + again));
            command.getErr().flush();
        }
        return code;
    }

    private Main() {}
}
