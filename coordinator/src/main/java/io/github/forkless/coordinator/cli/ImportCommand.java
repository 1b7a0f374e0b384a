package io.github.forkless.coordinator.cli;

import io.github.forkless.common.wire.ImportMessage.Read;
import io.github.forkless.coordinator.cli.Arguments.Argument;
import io.github.forkless.coordinator.generate.DatasetWriter;
import io.github.forkless.coordinator.generate.Existing;
import io.github.forkless.coordinator.process.ImportProcess;
import io.github.forkless.coordinator.result.Recording;
import io.github.forkless.coordinator.result.Recording.Totals;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** {@code coordinator import FILE TABLE.arrow}. */
final class ImportCommand implements Command {
    private final Arguments arguments = new Arguments("import", "Makes a table of a Parquet, CSV or Arrow file.");
    private final Argument<Path> source = arguments.parameter(
            "FILE", true, Parsers::file, "the file to read: Parquet; CSV in UTF-8; Arrow, compressed or a stream");
    private final Argument<Path> table =
            arguments.parameter("TABLE", true, Parsers::file, "the file to write, which is read in place: NAME.arrow");
    private final Argument<List<Assignment>> types = arguments.options(
            "--as",
            "COLUMN=TYPE",
            "",
            Parsers::assignment,
            "of CSV: what a column is: int64 float64 bool date timestamp timestamp_ns text dictionary int8 int16 int32"
                    + " float32; may be repeated (default: found in the first rows)");
    private final Argument<String> header = arguments.option(
            "--header",
            "yes|no",
            ImportCommand::yesOrNo,
            "of CSV: whether the first line has the columns' names (default: if it has no number, date or empty"
                    + " field)");
    private final Argument<String> delimiter = arguments.option(
            "--delimiter",
            "C",
            ImportCommand::delimiter,
            "of CSV: what is between fields; tab is one, too (default: the most frequent of , ; | and tab in the first"
                    + " line)");
    private final Argument<String> quote = arguments.option(
            "--quote", "C", ImportCommand::quote, "of CSV: what may be around a field, or none (default: \")");
    private final Argument<String> nullText = arguments.option(
            "--null",
            "TEXT",
            text -> text,
            "of CSV: stands for no value if it is not in quotes, as an empty field does");
    private final Argument<Long> memory = arguments.optionOr(
            "2G",
            "--memory",
            "S",
            Parsers::count,
            "how large the heap of the process that reads may grow (default: ${DEFAULT-VALUE})");
    private final Argument<Duration> timeout = arguments.optionOr(
            "2m",
            "--timeout",
            "T",
            Parsers::time,
            "end that process when it has read nothing for so long (default: ${DEFAULT-VALUE})");
    private final Argument<Boolean> force = arguments.flag("--force", "replace TABLE if it exists");

    private String answer;

    @Override
    public Arguments arguments() {
        return arguments;
    }

    @Override
    public int run() throws InterruptedException {
        var output = new PrintStream[] {System.err};
        var reading = new ImportProcess(
                source.get(), options(), memory.get(), timeout.get(), line -> output[0].println(line));
        try (Progress progress = progress(reading)) {
            if (progress != null) {
                output[0] = progress.workerOutput();
            }
            DatasetWriter.write(
                    table.get(),
                    force.or(false) ? Existing.REPLACED : Existing.REFUSED,
                    (_, hidden) -> answer = reading.writeTo(hidden));
        }
        System.out.println(answer);
        return ExitCode.OK;
    }

    /** For a terminal; else null. */
    private static Progress progress(ImportProcess reading) {
        if (!StandardStreams.isErrTerminal() || StandardStreams.isTerminalDumb()) {
            return null;
        }
        long began = System.nanoTime();
        return new Progress(Recording.NONE, 0, true) {
            @Override
            Totals totals() {
                Read read = reading.read();
                long nanos = System.nanoTime() - began;
                return new Totals(1, 1, 1, 0, 0, 0, read.bytes(), 0, read.of(), read.bytes(), 0, 0, nanos);
            }
        };
    }

    /** Those that were typed, as the importer takes them. */
    private List<String> options() {
        List<String> options = new ArrayList<>();
        Assignment.byName("--as", types.or(List.of()))
                .forEach((column, type) -> options.addAll(List.of("--as", column + "=" + type)));
        add("--header", header, options);
        add("--delimiter", delimiter, options);
        add("--quote", quote, options);
        add("--null", nullText, options);
        return options;
    }

    private static void add(String name, Argument<String> argument, List<String> options) {
        argument.value().ifPresent(value -> options.addAll(List.of(name, value)));
    }

    private static String yesOrNo(String text) {
        if (!text.equals("yes") && !text.equals("no")) {
            throw new IllegalArgumentException("'" + text + "' is neither yes nor no");
        }
        return text;
    }

    private static String delimiter(String text) {
        return text.equals("tab") || text.equals("\\t") ? "\t" : letter(text);
    }

    private static String quote(String text) {
        return text.equals("none") ? "" : letter(text);
    }

    private static String letter(String text) {
        if (text.length() != 1 || text.charAt(0) > '~' || text.charAt(0) < '\t' || "\n\r".contains(text)) {
            throw new IllegalArgumentException("'" + text + "' is not one letter of ASCII");
        }
        return text;
    }
}
