package io.github.forkless.coordinator.cli;

import io.github.forkless.common.text.Text;
import io.github.forkless.coordinator.cli.Arguments.Argument;
import io.github.forkless.coordinator.report.AnswerFile;
import io.github.forkless.coordinator.report.ChromeTrace;
import io.github.forkless.coordinator.report.HtmlReport;
import io.github.forkless.coordinator.report.JsonAnswer;
import io.github.forkless.coordinator.report.LiveServer;
import io.github.forkless.coordinator.report.NoAnswer;
import io.github.forkless.coordinator.report.OutputFile;
import io.github.forkless.coordinator.report.Request;
import io.github.forkless.coordinator.report.RunFacts;
import io.github.forkless.coordinator.report.SharingProof;
import io.github.forkless.coordinator.report.TableAnswer;
import io.github.forkless.coordinator.report.TextAnswer;
import io.github.forkless.coordinator.result.InvalidRequestException;
import io.github.forkless.coordinator.result.Recording;
import io.github.forkless.coordinator.result.RunReport;
import io.github.forkless.coordinator.result.RunResult;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a run shows: its answer, and how that came about. */
final class OutputOptions {
    /** One for all options: each lambda costs the start. */
    private static final Arguments.Parser<Path> FILE = Parsers::file;

    private final Argument<Boolean> json;
    private final Argument<Boolean> csv;
    private final Argument<Boolean> tsv;
    private final Argument<Boolean> proveSharing;
    private final Argument<Boolean> progress;
    private final Argument<Boolean> noProgress;
    private final Argument<Boolean> quiet;
    private final Argument<Boolean> showSecrets;
    private final Argument<Path> output;
    private final Argument<Path> report;
    private final Argument<Path> trace;
    private final Argument<String> serve;

    /** These three are null if nobody asks for them. */
    private AnswerFile answerFile;

    private OutputFile reportFile;
    private OutputFile traceFile;

    /** What shows the run while it runs; null if nobody asks for that. */
    private LiveServer live;

    /** Adds them to what a command takes: two to the group of options that is begun, the rest in one of their own. */
    OutputOptions(Arguments arguments) {
        json = arguments.flag("--json", "print one JSON object instead of plain text");
        report = arguments.option(
                "--report",
                "FILE.html",
                FILE,
                "write a page that shows what every worker did when, for a browser (default: none)");
        arguments.group("Output:");
        output = arguments.option(
                "--output",
                "FILE",
                FILE,
                "write the answer to a file as well, in the format of its name: .arrow, .csv, .tsv, .json, or .npy for"
                        + " numbers (default: none)");
        csv = arguments.flag("--csv", "print a table of values between commas, with a line of names (RFC 4180)");
        tsv = arguments.flag("--tsv", "print the same with tabs between values; a tab within one is \\t");
        proveSharing = arguments.flag(
                "--prove-sharing",
                "show how the workers have mapped DATA, and end with exit code 1 unless they share one copy");
        progress = arguments.flag(
                "--progress", "print the progress every few seconds (default: in one line, if stderr is a terminal)");
        noProgress = arguments.flag("--no-progress", "print no progress");
        quiet = arguments.flag("--quiet", "print neither progress nor what workers print, but errors");
        trace = arguments.option(
                "--trace",
                "FILE.json",
                FILE,
                "write what every worker did when, for Perfetto or chrome://tracing (default: none)");
        serve = arguments.numberOrNone(
                "--serve",
                "PORT",
                "show the page of --report while the run is under way, to browsers of this machine, at an address that"
                        + " is printed; without a PORT, at one that is free (default: do not)");
        showSecrets = arguments.flag(
                "--show-secrets",
                "in --json, --report and --serve, show the values of -D options in the environment and of parameters"
                        + " with names like password (default: ***)");
    }

    /**
     * Finds out before any work is done whether what is asked for can be had.
     *
     * @param files that the run uses beside these
     * @throws InvalidRequestException if it cannot
     */
    void check(NamedFiles files) {
        if (progress.or(false) && (noProgress.or(false) || quiet.or(false))) {
            throw new InvalidRequestException("--progress contradicts --no-progress and --quiet; choose one");
        }
        if (json.or(false) && csv.or(false) || tsv.or(false) && (json.or(false) || csv.or(false))) {
            throw new InvalidRequestException("--json, --csv and --tsv are three forms of one answer; choose one");
        }
        if (output.value().isPresent()) {
            answerFile = new AnswerFile("--output", output.get());
        }
        reportFile = file("--report", report);
        traceFile = file("--trace", trace);
        for (OutputFile file : files()) {
            files.writes(file.option(), file.path());
            file.requireWritable();
        }
        if (serve.value().isPresent()) {
            live = LiveServer.open(port(serve.get()));
        }
    }

    private static OutputFile file(String option, Argument<Path> path) {
        return path.value().isPresent() ? new OutputFile(option, path.get()) : null;
    }

    /**
     * The same when it is known which job is run.
     *
     * @throws InvalidRequestException if its answer cannot be had as it is asked for
     */
    void check(String job, Map<String, String> parameters) {
        if (answerFile != null) {
            answerFile.requireHolds(job, parameters);
        }
    }

    private static int port(String text) {
        try {
            return Parsers.wholeNumber(text);
        } catch (IllegalArgumentException e) {
            throw new InvalidRequestException(
                    "--serve " + text + ": " + e.getMessage() + "; a port is from 1 to 65535");
        }
    }

    /** Begins to show the run, if that is asked for; what it returns, or null, is to be closed when all else is done. */
    LiveServer serve(Request request) {
        if (live != null) {
            live.start(request, showSecrets.or(false));
            System.err.println("coordinator: this run is shown at " + live.address());
        }
        return live;
    }

    /** Opens pipes, which may have to wait for a reader. */
    void open() throws InterruptedException {
        for (OutputFile file : files()) {
            file.open(notice -> System.err.println("coordinator: " + notice));
        }
    }

    private List<OutputFile> files() {
        List<OutputFile> files = new ArrayList<>();
        if (answerFile != null) {
            files.add(answerFile.file());
        }
        if (reportFile != null) {
            files.add(reportFile);
        }
        if (traceFile != null) {
            files.add(traceFile);
        }
        return files;
    }

    boolean provesSharing() {
        return proveSharing.or(false);
    }

    private boolean wantsAttempts() {
        return report.value().isPresent()
                || trace.value().isPresent()
                || serve.value().isPresent();
    }

    private boolean wantsFacts() {
        boolean isInFile = output.value().isPresent() && AnswerFile.hasFacts(output.get());
        return json.or(false) || isInFile || proveSharing.or(false) || wantsAttempts();
    }

    /** Tells how far a run is, if anybody is to be told; null if not. */
    Progress progress(Recording recording, int procs) {
        return wantsProgress() ? new Progress(recording, procs, isTerminal()) : null;
    }

    /** Where workers' lines go. */
    PrintStream workerOutput(Progress shown) {
        if (quiet.or(false)) {
            return new PrintStream(OutputStream.nullOutputStream());
        }
        return shown == null ? System.err : shown.workerOutput();
    }

    /** Says something on stderr that is no error. */
    void warn(Progress shown, String line) {
        workerOutput(shown).println("coordinator: " + line);
    }

    private boolean wantsProgress() {
        return !noProgress.or(false) && !quiet.or(false) && (progress.or(false) || isTerminal());
    }

    /** Whether stderr is a terminal that understands where a line begins. */
    private static boolean isTerminal() {
        return StandardStreams.isErrTerminal() && !StandardStreams.isTerminalDumb();
    }

    /** As much as these options need, from the start of this process on. */
    Recording recording() {
        if (!wantsFacts()) {
            return quiet.or(false) ? Recording.NONE : Recording.ofTotals();
        }
        Recording recording = wantsAttempts() ? Recording.ofAttempts() : Recording.ofLives();
        recording.reached(Recording.Moment.STARTED, Recording.startedNanos(StandardStreams.pid()));
        recording.reached(Recording.Moment.UP, Main.upNanos);
        return recording;
    }

    /**
     * Prints an answer, and what else was asked for. The workers are there yet.
     *
     * @return the exit code
     */
    int print(Request request, RunResult result) throws IOException {
        RunReport report = result.report();
        List<Object> results = NoAnswer.in(result.results(), report);
        int code = report.isComplete() ? ExitCode.OK : ExitCode.FAILED;
        if (!wantsFacts()) {
            printText(request, results);
            printOnly(request, report);
            return writeAnswer(request, results, Optional.empty(), Optional.empty()) ? code : ExitCode.FAILED;
        }
        var facts = RunFacts.ofAnswer(request, report, showSecrets.or(false));
        Optional<SharingProof> sharing =
                proveSharing.or(false) ? Optional.of(SharingProof.of(facts)) : Optional.empty();
        if (json.or(false)) {
            JsonAnswer.print(StandardStreams.answer(), results, facts, sharing);
        } else {
            printText(request, results);
        }
        request.recording().reached(Recording.Moment.PRINTED);
        printOnly(request, report);
        if (sharing.isPresent()) {
            sharing.get()
                    .lines(request.dataset().orElseThrow().path().toString())
                    .forEach(line -> System.err.println("coordinator: " + line));
            code = sharing.get().holds() ? code : ExitCode.FAILED;
        }
        boolean isAnswerWritten = writeAnswer(request, results, Optional.of(facts), sharing);
        return writeFiles(results, facts, sharing) && isAnswerWritten ? code : ExitCode.FAILED;
    }

    private boolean writeAnswer(
            Request request, List<Object> results, Optional<RunFacts> facts, Optional<SharingProof> sharing) {
        try {
            if (answerFile != null) {
                answerFile.write(request.sets(), results, facts, sharing);
            }
            return true;
        } catch (IOException e) {
            System.err.println("coordinator: " + e.getMessage());
            return false;
        }
    }

    private void printText(Request request, List<Object> results) throws IOException {
        if (csv.or(false)) {
            TableAnswer.csv(request.sets(), results).print(StandardStreams.answer());
        } else if (tsv.or(false)) {
            TableAnswer.tsv(request.sets(), results).print(StandardStreams.answer());
        } else {
            TextAnswer.print(StandardStreams.answer(), request.sets(), results);
        }
    }

    /** Writes what was asked for of a run that has no answer, without that. The workers are there yet. */
    void tell(Request request, RuntimeException failure) throws IOException {
        if (json.or(false) || wantsAttempts()) {
            var facts = RunFacts.ofFailure(
                    request, failure, OptionNames.inCommand("" + failure.getMessage()), showSecrets.or(false));
            if (json.or(false)) {
                JsonAnswer.print(StandardStreams.answer(), List.of(), facts, Optional.empty());
            }
            writeFiles(List.of(), facts, Optional.empty());
        }
    }

    /** Tells all who want to know more than the answer. A file that cannot be written costs the other nothing. */
    private boolean writeFiles(List<Object> results, RunFacts facts, Optional<SharingProof> sharing) {
        if (live != null) {
            StandardStreams.answer().flush(); // the end may be waited for
            live.ended(results, facts, sharing);
        }
        boolean isReported = isWritten(reportFile, out -> HtmlReport.writeRun(out, results, facts, sharing));
        return isWritten(traceFile, out -> ChromeTrace.write(out, facts)) && isReported;
    }

    private static boolean isWritten(OutputFile file, OutputFile.Content content) {
        try {
            if (file != null) {
                file.write(content);
            }
            return true;
        } catch (IOException e) {
            System.err.println("coordinator: " + e.getMessage());
            return false;
        }
    }

    private static void printOnly(Request request, RunReport report) {
        report.only()
                .ifPresent(only -> System.err.println(Text.format(
                        "coordinator: not complete: the answer is that of %s %d to %d alone",
                        request.dataset().orElseThrow().layout().unit(), only.from(), only.to() - 1)));
    }
}
