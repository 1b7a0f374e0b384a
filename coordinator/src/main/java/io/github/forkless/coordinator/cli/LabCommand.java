package io.github.forkless.coordinator.cli;

import io.github.forkless.coordinator.cli.Arguments.Argument;
import io.github.forkless.coordinator.files.ShutdownHook;
import io.github.forkless.coordinator.files.TemporaryFiles;
import io.github.forkless.coordinator.generate.Sizes;
import io.github.forkless.coordinator.lab.Again;
import io.github.forkless.coordinator.lab.Calibration;
import io.github.forkless.coordinator.lab.Findings;
import io.github.forkless.coordinator.lab.Isolation;
import io.github.forkless.coordinator.lab.Judgement;
import io.github.forkless.coordinator.lab.Kernel;
import io.github.forkless.coordinator.lab.LabException;
import io.github.forkless.coordinator.lab.Laboratory;
import io.github.forkless.coordinator.lab.Scaling;
import io.github.forkless.coordinator.lab.Sharing;
import io.github.forkless.coordinator.machine.JvmEnvironment;
import io.github.forkless.coordinator.machine.Memory;
import io.github.forkless.coordinator.report.HtmlReport;
import io.github.forkless.coordinator.report.OutputFile;
import io.github.forkless.coordinator.result.InvalidRequestException;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;

/** {@code coordinator lab [EXPERIMENT]}: what sharing memory buys, measured here and now. */
final class LabCommand implements Command {
    /** Of a file of int32 that copies of fit into memory a few times over. */
    private static final long MAX_COUNT = 1L << 30;

    private static final long SHARING_COUNT = 16L << 20;
    private static final long SCALING_COUNT = 24L << 20;

    /** How often the same command is run. */
    private static final int AGAIN_TIMES = 20;

    /** What can be asked for. */
    enum Experiment {
        SHARING,
        SCALING,
        ISOLATION,
        AGAIN
    }

    private final Arguments arguments = new Arguments(
            "lab",
            "Experiments on this machine: what sharing memory between processes buys, and what isolation costs.");

    private final Argument<Experiment> experiment = arguments.parameter(
            "EXPERIMENT",
            false,
            Parsers::experiment,
            "sharing: one work in nine arrangements; scaling: more and more workers; isolation: what a job that"
                    + " misbehaves does to others; again: the same command again and again, with and without a"
                    + " coordinator that stays (default: all of them, in two to three minutes)");

    private final Argument<Long> count = arguments.option(
            "--count",
            "N[K|M|G]",
            Parsers::count,
            "how many int32 each job reads; K, M and G are powers of 1024 (default: 16M, for scaling 24M)");

    private final Argument<Integer> jobs = arguments.option(
            "--jobs",
            "N",
            Parsers::wholeNumber,
            "how many jobs read all of them (default: 100; without --count, as many as it takes for one thread to work"
                    + " ten times as long as workers start); of again, how often the command is run (default: 20)");

    private final Argument<Integer> procs = arguments.option(
            "--procs",
            "N",
            Parsers::wholeNumber,
            "worker processes or threads (default: the processors that this process may use; scaling goes up to"
                    + " twice as many)");

    private final Argument<Path> folder = arguments.optionOr(
            TemporaryFiles.folder().toString(),
            "--dir",
            "DIR",
            Parsers::file,
            "where the data is written, to be removed in the end (default: ${DEFAULT-VALUE})");

    private final Argument<Boolean> json =
            arguments.flag("--json", "print one JSON object instead of tables, when all is done");

    private final Argument<OutputFile> report = arguments.option(
            "--report",
            "FILE.html",
            text -> new OutputFile("--report", Parsers.file(text)),
            "write a page with charts and explanations, for a browser (default: none)");

    private final Findings findings = new Findings();
    private final LabTables tables = new LabTables(System.out);

    @Override
    public Arguments arguments() {
        return arguments;
    }

    @Override
    public int run() throws IOException, InterruptedException {
        requireWithin("--count", count.or(1L), MAX_COUNT);
        requireWithin("--jobs", jobs.or(1), 10_000);
        if (isWanted(Experiment.SHARING)) {
            requireRoomForCopies(count.or(SHARING_COUNT), workers());
        }
        MachineLimits.requireRoomFor(procs.or(1), OptionalLong.empty());
        requireInstallation();
        if (report.value().isPresent()) {
            var files = new NamedFiles();
            files.prints();
            files.writes(report.get().option(), report.get().path());
            report.get().requireWritable();
            report.get().open(notice -> System.err.println("coordinator: " + notice));
        }
        JvmEnvironment.ofThisProcess()
                .variables()
                .keySet()
                .forEach(variable -> System.err.println("coordinator: the JVMs that"
                        + " are compared are alike, and do not heed " + variable + "; the coordinator does"));
        var laboratory = Laboratory.open(folder.get());
        var ended = new CountDownLatch(1);
        var atShutdown = ShutdownHook.of("lab-end", () -> {
            laboratory.close();
            tellAtShutdown();
        });
        Runtime.getRuntime().addShutdownHook(atShutdown);
        try (laboratory) {
            measure(laboratory);
            findings.complete();
        } catch (LabException | IOException e) {
            if (isEnding(atShutdown)) {
                ended.await(); // for ever: what was found is printed by then, and the JVM is about to go
            }
            throw e;
        }
        if (isEnding(atShutdown)) {
            ended.await();
        }
        printJson();
        if (report.value().isPresent()) {
            report.get().write(this::writePage);
        }
        return ExitCode.OK;
    }

    private static boolean isEnding(Thread atShutdown) {
        try {
            Runtime.getRuntime().removeShutdownHook(atShutdown);
            return false;
        } catch (IllegalStateException e) {
            return true;
        }
    }

    private void measure(Laboratory laboratory) throws IOException, InterruptedException {
        int workers = workers();
        var calibration = new Calibration(laboratory, workers);
        if (!json.or(false)) {
            tables.machine(findings.machine());
        }
        if (isWanted(Experiment.SHARING)) {
            share(
                    laboratory,
                    new Sharing(count.or(SHARING_COUNT), jobs(calibration, Kernel.CHECKSUM, SHARING_COUNT), workers));
        }
        if (isWanted(Experiment.SCALING)) {
            scale(
                    laboratory,
                    new Scaling(
                            count.or(SCALING_COUNT),
                            jobs(calibration, Kernel.CHECKSUM, SCALING_COUNT),
                            jobs(calibration, Kernel.COUNT, SCALING_COUNT),
                            procs.or(2 * workers)));
        }
        if (isWanted(Experiment.ISOLATION)) {
            isolate(laboratory, new Isolation(Math.max(2, workers)));
        }
        if (isWanted(Experiment.AGAIN) && Again.installedLauncher().isPresent()) {
            int times =
                    experiment.value().isPresent() ? jobs.or(AGAIN_TIMES) : Math.min(AGAIN_TIMES, jobs.or(AGAIN_TIMES));
            repeat(laboratory, new Again(Again.installedLauncher().get(), count.or(SHARING_COUNT), times, workers));
        }
        show(() -> tables.verdict(Judgement.verdict(findings)));
    }

    /** Who says how much work there is to be has it so. */
    private int jobs(Calibration calibration, Kernel kernel, long elements) throws IOException, InterruptedException {
        return count.value().isPresent() || jobs.value().isPresent()
                ? jobs.or(Calibration.LEAST_JOBS)
                : calibration.jobs(kernel, elements);
    }

    private void share(Laboratory laboratory, Sharing sharing) throws IOException, InterruptedException {
        findings.begin(sharing);
        show(() -> tables.begin(sharing));
        sharing.measure(laboratory, measured -> {
            findings.sharing().add(measured);
            show(() -> tables.row(measured, findings.single()));
        });
        show(() -> {
            tables.notes(sharing, findings.sharing());
            Judgement.breakEven(findings).ifPresent(tables::say);
            tables.warnings(Judgement.ofSharing(findings));
        });
    }

    private void scale(Laboratory laboratory, Scaling scaling) throws IOException, InterruptedException {
        findings.begin(scaling);
        show(() -> tables.begin(scaling));
        scaling.measure(laboratory, measured -> {
            findings.scaling().add(measured);
            show(() -> tables.scalingRow(measured, findings.oneWorker(measured)));
        });
        show(() -> tables.warnings(Judgement.ofScaling(findings)));
    }

    private void isolate(Laboratory laboratory, Isolation isolation) {
        findings.begin(isolation);
        show(() -> tables.begin(isolation));
        isolation.measure(laboratory, consequence -> {
            boolean isFirst = findings.isolation().isEmpty()
                    || findings.isolation().getLast().misbehaviour() != consequence.misbehaviour();
            findings.isolation().add(consequence);
            show(() -> tables.row(consequence, isFirst));
        });
        show(() -> {
            tables.notesOnIsolation();
            tables.warnings(Judgement.ofIsolation(findings));
        });
    }

    private void repeat(Laboratory laboratory, Again again) throws IOException, InterruptedException {
        findings.begin(again);
        show(() -> tables.begin(again));
        again.measure(laboratory, repetition -> {
            findings.again().add(repetition);
            show(() -> tables.row(repetition, findings.again().getFirst()));
        });
        show(() -> {
            tables.notesOnAgain(findings.again().getLast());
            tables.warnings(Judgement.ofAgain(findings));
        });
    }

    private int workers() {
        return procs.or(Runtime.getRuntime().availableProcessors());
    }

    private boolean isWanted(Experiment one) {
        return experiment.or(one) == one;
    }

    /** Tables grow while measuring goes on: what is printed stays printed, whatever comes. */
    private void show(Runnable table) {
        if (!json.or(false)) {
            table.run();
            System.out.flush();
        }
    }

    private void printJson() throws IOException {
        if (json.or(false)) {
            LabJson.print(System.out, findings);
            System.out.flush();
        }
    }

    private void writePage(Writer out) throws IOException {
        HtmlReport.writeLab(out, page -> LabJson.write(page, findings));
    }

    private void tellAtShutdown() {
        try {
            printJson();
            if (report.value().isPresent()) {
                report.get().writeAtShutdown(this::writePage);
            }
            System.err.println("coordinator: stopped before the end; what was measured until then is told");
        } catch (IOException e) {
            System.err.println("coordinator: " + e.getMessage());
        }
    }

    /** The command itself is run. */
    private void requireInstallation() {
        if (isWanted(Experiment.AGAIN) && Again.installedLauncher().isEmpty()) {
            String why = "lab again: it runs bin/coordinator of this installation, and this program is not part of one;"
                    + " start it with bin/coordinator";
            if (experiment.value().isPresent()) {
                throw new InvalidRequestException(why);
            }
            System.err.println("coordinator: left out is " + why);
        }
    }

    /** Every worker of one of the arrangements has a copy of its own. */
    private static void requireRoomForCopies(long elements, int workers) {
        long needed = elements * Integer.BYTES * (workers + 1);
        long available = Memory.read().availableBytes();
        if (needed > available) {
            throw new InvalidRequestException(
                    "--count " + elements + ": the data, and a copy of it for each of " + workers
                            + " workers, are " + Sizes.format(needed) + ", and " + Sizes.format(available)
                            + " are free; give a smaller one, or fewer --procs");
        }
    }

    private static void requireWithin(String option, long given, long max) {
        if (given < 1 || given > max) {
            throw new InvalidRequestException(option + " " + given + ": must be from 1 to " + max);
        }
    }
}
