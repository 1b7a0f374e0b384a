package io.github.forkless.coordinator;

import io.github.forkless.common.dataset.Dataset;
import io.github.forkless.common.job.Job;
import io.github.forkless.coordinator.report.ParameterSets;
import io.github.forkless.coordinator.result.Recording;
import io.github.forkless.coordinator.result.RunResult;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** What is told of one run, as its options ask for. Runs of which nothing is told have none. */
final class RunWatch {
    private final Recording recording;
    private final Optional<ProgressTeller> teller;
    private final Optional<RunResult.Page> page;

    private RunWatch(Recording recording, Optional<ProgressTeller> teller, Optional<RunResult.Page> page) {
        this.recording = recording;
        this.teller = teller;
        this.page = page;
    }

    /** Of a function, which has no page. */
    static RunWatch ofFunction(PoolRuntime runtime, RunOptions options) {
        Recording recording = runtime.recording().ofRun(false);
        return new RunWatch(recording, teller(runtime, options, recording), Optional.empty());
    }

    static RunWatch of(PoolRuntime runtime, RunOptions options, Optional<Dataset> dataset, NamedJob job) {
        List<Map<String, String>> sets = job.parameterSets();
        return of(runtime, options, dataset, job.name(), () -> new ParameterSets(sets, sets.size() > 1));
    }

    static RunWatch of(
            PoolRuntime runtime, RunOptions options, Optional<Dataset> dataset, List<? extends Job<?, ?>> jobs) {
        String names = jobs.stream().map(RunWatch::name).distinct().collect(Collectors.joining(", "));
        return of(
                runtime,
                options,
                dataset,
                names,
                () -> new ParameterSets(
                        jobs.stream().map(job -> Map.of("job", described(job))).toList(), jobs.size() > 1));
    }

    private static String name(Job<?, ?> job) {
        return job.getClass().getSimpleName();
    }

    /** A record says what its parameters are. */
    private static String described(Job<?, ?> job) {
        return job instanceof Record ? job.toString() : name(job);
    }

    private static RunWatch of(
            PoolRuntime runtime,
            RunOptions options,
            Optional<Dataset> dataset,
            String job,
            Supplier<ParameterSets> sets) {
        Recording recording = runtime.recording().ofRun(options.report);
        Optional<RunResult.Page> page = options.report && dataset.isPresent()
                ? Optional.of(new RunPage(runtime, job, dataset.get(), sets, recording))
                : Optional.empty();
        return new RunWatch(recording, teller(runtime, options, recording), page);
    }

    private static Optional<ProgressTeller> teller(PoolRuntime runtime, RunOptions options, Recording recording) {
        return options.progress.map(listener ->
                new ProgressTeller(recording, listener, runtime.options().lines()));
    }

    Recording recording() {
        return recording;
    }

    Optional<RunResult.Page> page() {
        return page;
    }

    /** The run is under way. */
    void begin() {
        teller.ifPresent(ProgressTeller::start);
    }

    /** The run is over; called by a thread that waits for it. */
    void end() {
        teller.ifPresent(ProgressTeller::end);
    }
}
