package io.github.forkless.coordinator.report;

import io.github.forkless.common.dataset.Dataset;
import io.github.forkless.common.dataset.DatasetFile;
import io.github.forkless.common.process.ProcessStat;
import io.github.forkless.coordinator.machine.AllowedPlace;
import io.github.forkless.coordinator.result.Failure;
import io.github.forkless.coordinator.result.PlacementReport;
import io.github.forkless.coordinator.result.Recording;
import io.github.forkless.coordinator.result.RunFailedException;
import io.github.forkless.coordinator.result.RunReport;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * All that is known of a run that is over, has failed, or is under way.
 *
 * @param mapped how the kernel calls the dataset where it is mapped; empty if it is empty, or several files, or there is no /proc
 * @param workers all that there were, as they were found
 * @param failures attempts that failed
 * @param report of the pool, if there is an answer
 * @param error why there is no answer, if there will be none
 * @param environment where this took place
 */
public record RunFacts(
        Request request,
        Optional<MappedFile> mapped,
        List<WorkerFacts> workers,
        List<Failure> failures,
        Optional<RunReport> report,
        Optional<String> error,
        Environment environment) {

    /**
     * A worker, and what the kernel says of it if it is a process that lives.
     *
     * @param stat {@link ProcessStat#NONE} if it does not
     * @param place where it may run
     */
    record WorkerFacts(
            Recording.Worker life, Optional<ProcessMemory> memory, ProcessStat stat, Optional<AllowedPlace> place) {}

    /**
     * Of a run that has its answer. The workers must be there yet, for the kernel tells nothing about those that are not.
     *
     * @param showsSecrets whether values that may be passwords are to be told
     */
    public static RunFacts ofAnswer(Request request, RunReport report, boolean showsSecrets) {
        return gather(request, report.failures(), Optional.of(report), Optional.empty(), showsSecrets);
    }

    /**
     * The same of a run that has none.
     *
     * @param error why, for those who read it
     */
    public static RunFacts ofFailure(Request request, Throwable failure, String error, boolean showsSecrets) {
        List<Failure> failures = failure instanceof RunFailedException failed ? failed.failures() : List.of();
        return gather(request, failures, Optional.empty(), Optional.of(error), showsSecrets);
    }

    /** Of a run that is under way, for who looks at it again and again: processes are not looked at, which takes long. */
    static RunFacts ofRunning(Request request, Environment environment) {
        List<WorkerFacts> workers = new ArrayList<>();
        for (Recording.Worker life : request.recording().workers()) {
            workers.add(new WorkerFacts(life, Optional.empty(), ProcessStat.NONE, Optional.empty()));
        }
        return new RunFacts(
                request, Optional.empty(), workers, List.of(), Optional.empty(), Optional.empty(), environment);
    }

    private static RunFacts gather(
            Request request,
            List<Failure> failures,
            Optional<RunReport> report,
            Optional<String> error,
            boolean showsSecrets) {
        Optional<MappedFile> mapped = request.dataset()
                .flatMap(dataset -> dataset instanceof DatasetFile file ? mapped(file.path()) : Optional.empty());
        List<Path> copies = report.flatMap(RunReport::placement)
                .map(PlacementReport::copies)
                .orElse(List.of());
        List<WorkerFacts> workers = new ArrayList<>();
        for (Recording.Worker life : request.recording().workers()) {
            boolean isAlive = request.hasProcesses() && life.endedNanos() == Recording.UNKNOWN;
            workers.add(new WorkerFacts(
                    life,
                    isAlive
                            ? ProcessMemory.read(life.pid(), copies.isEmpty() ? mapped : mapped(copies.get(life.id())))
                            : Optional.empty(),
                    isAlive
                            ? ProcessStat.of(life.pid())
                                    .since(request.recording().usedBefore(life.pid()))
                            : ProcessStat.NONE,
                    isAlive ? AllowedPlace.read(life.pid()) : Optional.empty()));
        }
        return new RunFacts(
                request, mapped, workers, failures, report, error, Environment.of(request.arguments(), showsSecrets));
    }

    private static Optional<MappedFile> mapped(Path file) {
        try {
            return MappedFile.of(file);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    Recording recording() {
        return request.recording();
    }

    /** Whether the dataset is in several: what workers have mapped of them is not told. */
    boolean hasSeveralFiles() {
        return request.dataset().isPresent() && request.dataset().get().parts().size() > 1;
    }

    /** Of a run of jobs, which has one. */
    Dataset dataset() {
        return request.dataset().orElseThrow();
    }

    /**
     * The moment that all others are counted from: when the command was started, as far as is known; when a program handed the
     * run over.
     */
    long originNanos() {
        for (Recording.Moment moment :
                List.of(Recording.Moment.STARTED, Recording.Moment.UP, Recording.Moment.SUBMITTED)) {
            if (recording().nanosOf(moment) != Recording.UNKNOWN) {
                return recording().nanosOf(moment);
            }
        }
        return Recording.UNKNOWN;
    }

    boolean isUnderWay() {
        return report.isEmpty() && error.isEmpty();
    }

    boolean isComplete() {
        return error.isEmpty() && report.map(RunReport::isComplete).orElse(true);
    }

    /** What the answer is without. */
    List<RunReport.LeftOut> leftOut() {
        return report.map(RunReport::leftOut).orElse(List.of());
    }
}
