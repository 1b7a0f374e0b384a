package io.github.forkless.coordinator.cli;

import io.github.forkless.common.dataset.DatasetException;
import io.github.forkless.common.dataset.UnknownTypeException;
import io.github.forkless.coordinator.EarlyWorkers;
import io.github.forkless.coordinator.InvalidRequestException;
import io.github.forkless.coordinator.RunFailedException;
import io.github.forkless.coordinator.generate.GenerateException;
import java.io.PrintWriter;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;

/** The command line: {@code coordinator [run] [options] DATA} and its sister commands. */
@Command(
        name = "coordinator",
        description = "Runs a job over a dataset that worker processes share through memory.",
        synopsisSubcommandLabel = "[run] [OPTIONS] DATA | COMMAND",
        subcommands = {RunCommand.class, GenerateCommand.class, InfoCommand.class, JobsCommand.class, TrainCommand.class},
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        footer = {
            "",
            "Most used:",
            "  coordinator --procs 4 data.bin                  the built-in job for the data's kind",
            "  coordinator --procs 4 --generate 128M data.bin  write the dataset first, unless it exists",
            "  coordinator --job wc access.log                 another job"
        })
final class Main {
    /** What may stand first and is not the beginning of a run. */
    private static final Set<String> NOT_A_RUN =
            Set.of("run", "generate", "info", "jobs", "train", "-h", "--help", "-V", "--version");

    public static void main(String[] args) {
        String[] command = withCommand(args);
        if (command[0].equals("run")) {
            EarlyWorkers.start(workersIn(command));
        }
        int code = commandLine().execute(command);
        EarlyWorkers.endRest();
        System.out.flush();
        if (System.out.checkError()) {
            System.err.println("coordinator: the answer could not be written to stdout");
            code = Math.max(code, ExitCode.FAILED);
        }
        System.exit(code);
    }

    static CommandLine commandLine() {
        return new CommandLine(new Main())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler(Main::explainUsage)
                .setExecutionExceptionHandler((failure, command, _) -> explain(failure, command));
    }

    /** {@code run} need not be typed. */
    private static String[] withCommand(String[] args) {
        if (args.length > 0 && NOT_A_RUN.contains(args[0])) {
            return args;
        }
        String[] withRun = new String[args.length + 1];
        withRun[0] = "run";
        System.arraycopy(args, 0, withRun, 1, args.length);
        return withRun;
    }

    /** How many workers a run will want, as far as can be told at a glance; what is amiss is found later. */
    private static int workersIn(String[] args) {
        int processors = Runtime.getRuntime().availableProcessors();
        String procs = Integer.toString(processors);
        for (int i = 0; i < args.length; i++) {
            if (args[i].equals("--help") || args[i].equals("-h")) {
                return 0;
            } else if (args[i].equals("--procs") && i + 1 < args.length) {
                procs = args[i + 1];
            } else if (args[i].startsWith("--procs=")) {
                procs = args[i].substring("--procs=".length());
            }
        }
        return procs.matches("[0-9]{1,4}") ? Math.min(Integer.parseInt(procs), processors) : 0;
    }

    private static int explainUsage(ParameterException failure, String[] args) {
        CommandLine command = failure.getCommandLine();
        PrintWriter err = command.getErr();
        err.println("coordinator: " + failure.getMessage());
        if (!CommandLine.UnmatchedArgumentException.printSuggestions(failure, err)) {
            err.println("Try 'coordinator --help', or 'coordinator run --help' for all options of a run.");
        }
        return ExitCode.USAGE;
    }

    private static int explain(Exception failure, CommandLine command) {
        int code = switch (failure) {
            case UnknownTypeException _, InvalidRequestException _ -> ExitCode.USAGE;
            case DatasetException _ -> ExitCode.DATA;
            case RunFailedException _, GenerateException _ -> ExitCode.FAILED;
            default -> {
                failure.printStackTrace(command.getErr());
                yield ExitCode.FAILED;
            }
        };
        command.getErr().println("coordinator: " + failure.getMessage());
        if (failure instanceof RunFailedException failed) {
            failed.failures().stream()
                    .filter(f -> !f.trace().isEmpty())
                    .forEach(f -> command.getErr().print(f.trace()));
            command.getErr().flush();
        }
        return code;
    }

    private Main() {}
}
