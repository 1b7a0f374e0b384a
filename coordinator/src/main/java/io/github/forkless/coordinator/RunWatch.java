package io.github.forkless.coordinator;

import io.github.forkless.common.dataset.Dataset;
import io.github.forkless.common.job.Job;
import io.github.forkless.coordinator.report.OutputFile;
import io.github.forkless.coordinator.report.ParameterSets;
import io.github.forkless.coordinator.result.Recording;
import io.github.forkless.coordinator.result.RunFailedException;
import io.github.forkless.coordinator.result.RunReport;
import io.github.forkless.coordinator.result.RunResult;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** What is told of one run, as its options ask for. Runs of which nothing is told have none. */
final class RunWatch {
    private final Recording recording;
    private final Consumer<String> complaints;
    private final Optional<ProgressTeller> teller;
    /** Of a run that is recorded. */
    private final Optional<RunPage> page;
    /** Where the page is to be. */
    private final Optional<Path> file;

    private final AtomicBoolean isOver = new AtomicBoolean();

    private RunWatch(
            PoolRuntime runtime,
            RunOptions options,
            Optional<Dataset> dataset,
            String job,
            Supplier<ParameterSets> sets) {
        options.reportFile.ifPresent(path -> new OutputFile("the page", path).requireWritable());
        recording = runtime.recording().ofRun(options.report);
        complaints = runtime.options().lines();
        teller = options.progress.map(listener -> new ProgressTeller(recording, listener, complaints));
        page = options.report ? Optional.of(new RunPage(runtime, job, dataset, sets, recording)) : Optional.empty();
        file = options.reportFile;
    }

    /**
     * Of a function.
     *
     * @param method of the pool that runs it
     * @param parameters those that there are results of in the end
     */
    static RunWatch ofFunction(
            PoolRuntime runtime, RunOptions options, Optional<Dataset> dataset, String method, List<?> parameters) {
        return new RunWatch(
                runtime, options, dataset, method, () -> ParameterSets.ofParameters(PlainValues.of(parameters)));
    }

    static RunWatch of(
            PoolRuntime runtime,
            RunOptions options,
            Optional<Dataset> dataset,
            NamedJob job,
            Supplier<ParameterSets> sets) {
        return new RunWatch(runtime, options, dataset, job.name(), sets);
    }

    static RunWatch of(
            PoolRuntime runtime,
            RunOptions options,
            Optional<Dataset> dataset,
            List<? extends Job<?, ?>> jobs,
            Supplier<ParameterSets> sets) {
        String names = jobs.stream().map(RunWatch::name).distinct().collect(Collectors.joining(", "));
        return new RunWatch(runtime, options, dataset, names, sets);
    }

    /** What the results of some jobs are of. */
    static ParameterSets sets(List<? extends Job<?, ?>> jobs) {
        return new ParameterSets(
                jobs.stream().map(job -> Map.of("job", described(job))).toList(), jobs.size() > 1);
    }

    private static String name(Job<?, ?> job) {
        return job.getClass().getSimpleName();
    }

    /** A record says what its parameters are. */
    private static String described(Job<?, ?> job) {
        return job instanceof Record ? job.toString() : name(job);
    }

    Recording recording() {
        return recording;
    }

    /** Of a run that is recorded. */
    Optional<RunPage> page() {
        return page;
    }

    /** The run is under way. */
    void begin() {
        teller.ifPresent(ProgressTeller::start);
    }

    /**
     * The run has its answer; called by a thread that waits for it.
     *
     * @param results none where they were handed on
     * @return its page, if it has one
     */
    Optional<RunResult.Page> answered(List<Object> results, RunReport report) {
        Optional<RunResult.Page> written = page.map(it -> it.ofAnswer(results, report));
        end(written);
        return written;
    }

    /** The run has none; does nothing where it had, or this is known. Called by a thread that waits for it. */
    void failed(Throwable failure) {
        Optional<RunResult.Page> written = page.map(it -> it.ofFailure(failure));
        if (end(written) && failure instanceof RunFailedException failed) {
            written.ifPresent(failed::initPage);
        }
    }

    /** Returns whether this was the first time. */
    private boolean end(Optional<RunResult.Page> written) {
        if (isOver.getAndSet(true)) {
            return false;
        }
        if (file.isPresent()) {
            write(written.orElseThrow());
        }
        teller.ifPresent(ProgressTeller::end);
        return true;
    }

    /** Whether it can be written is not the run's matter; nor does it matter to it that the thread is interrupted. */
    private void write(RunResult.Page written) {
        boolean isInterrupted = Thread.interrupted();
        try {
            written.writeTo(file.orElseThrow());
        } catch (Throwable e) {
            complaints.accept("[pool] a run has no page: " + (e.getMessage() == null ? e : e.getMessage()));
        } finally {
            if (isInterrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
