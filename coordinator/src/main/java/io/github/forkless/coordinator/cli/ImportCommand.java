package io.github.forkless.coordinator.cli;

import io.github.forkless.coordinator.cli.Arguments.Argument;
import io.github.forkless.coordinator.generate.Existing;
import io.github.forkless.coordinator.importer.CsvImport;
import io.github.forkless.coordinator.importer.CsvOptions;
import io.github.forkless.coordinator.importer.CsvType;
import io.github.forkless.coordinator.result.InvalidRequestException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;

/** {@code coordinator import FILE.csv TABLE.arrow}. */
final class ImportCommand implements Command {
    private static final long TELL_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private final Arguments arguments = new Arguments("import", "Makes a table, an Arrow file, of a CSV file.");
    private final Argument<Path> source =
            arguments.parameter("CSV", true, Parsers::file, "the file to read: fields with a delimiter, in UTF-8");
    private final Argument<Path> table =
            arguments.parameter("TABLE", true, Parsers::file, "the file to write: FILE.arrow");
    private final Argument<List<Assignment>> types = arguments.options(
            "--as",
            "COLUMN=TYPE",
            "",
            Parsers::assignment,
            "what a column is: " + CsvType.labels() + "; may be repeated (default: found in the first rows)");
    private final Argument<Boolean> header = arguments.option(
            "--header",
            "yes|no",
            ImportCommand::yesOrNo,
            "whether the first line has the columns' names (default: if it has no number, date or empty field)");
    private final Argument<Byte> delimiter = arguments.option(
            "--delimiter",
            "C",
            ImportCommand::delimiter,
            "what is between fields; tab is one, too (default: the most frequent of , ; | and tab in the first line)");
    private final Argument<Byte> quote = arguments.optionOr(
            "\"",
            "--quote",
            "C",
            ImportCommand::quote,
            "what may be around a field, or none (default: ${DEFAULT-VALUE})");
    private final Argument<String> nullText = arguments.option(
            "--null", "TEXT", text -> text, "stands for no value if it is not in quotes, as an empty field does");
    private final Argument<Boolean> force = arguments.flag("--force", "replace TABLE if it exists");

    @Override
    public Arguments arguments() {
        return arguments;
    }

    @Override
    public int run() throws Exception {
        var options = new CsvOptions(types(), header.value(), delimiter.value(), quote.get(), nullText.or(""));
        boolean isTold = StandardStreams.isErrTerminal() && !StandardStreams.isTerminalDumb();
        var csv = new CsvImport(source.get(), options, isTold ? progress(Files.size(source.get())) : _ -> {});
        try {
            csv.writeTo(table.get(), force.or(false) ? Existing.REPLACED : Existing.REFUSED);
        } finally {
            if (isTold) {
                StandardStreams.unfilteredErr().print("\r\033[K");
            }
        }
        System.out.println(csv.rows() + " rows: " + String.join(", ", csv.columns()));
        return ExitCode.OK;
    }

    private Map<String, CsvType> types() {
        Map<String, CsvType> byName = new LinkedHashMap<>();
        Assignment.byName("--as", types.or(List.of())).forEach((name, type) -> byName.put(name, type(type)));
        return byName;
    }

    private static CsvType type(String text) {
        try {
            return CsvType.valueOf(text.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new InvalidRequestException("--as: no type " + text + "; there are " + CsvType.labels());
        }
    }

    private static Boolean yesOrNo(String text) {
        if (!text.equals("yes") && !text.equals("no")) {
            throw new IllegalArgumentException("'" + text + "' is neither yes nor no");
        }
        return text.equals("yes");
    }

    private static Byte delimiter(String text) {
        return text.equals("tab") || text.equals("\\t") ? (Byte) (byte) '\t' : letter(text);
    }

    private static Byte quote(String text) {
        return text.equals("none") ? (Byte) (byte) 0 : letter(text);
    }

    private static Byte letter(String text) {
        if (text.length() != 1 || text.charAt(0) > '~' || text.charAt(0) < '\t' || "\n\r".contains(text)) {
            throw new IllegalArgumentException("'" + text + "' is not one letter of ASCII");
        }
        return (byte) text.charAt(0);
    }

    private static LongConsumer progress(long size) {
        long[] last = {System.nanoTime()};
        return read -> {
            long now = System.nanoTime();
            if (now - last[0] > TELL_NANOS) {
                last[0] = now;
                StandardStreams.unfilteredErr().print("\r" + 100 * read / Math.max(1, size) + "%\033[K");
            }
        };
    }
}
