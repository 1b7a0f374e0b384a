package io.github.forkless.coordinator.report;

import io.github.forkless.common.dataset.Dataset;
import io.github.forkless.common.dataset.DatasetFile;
import io.github.forkless.coordinator.result.Recording;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What was asked for, and what is told of it while it is done.
 *
 * @param job its name
 * @param dataset empty if a function was applied to parameters alone
 * @param further datasets beside {@code dataset}, by the names of the job's parameters
 * @param engine what the workers are: {@code processes} or {@code threads}
 * @param procs how many were asked for
 * @param arguments the command line's; empty if a program asked
 */
public record Request(
        String job,
        Optional<Dataset> dataset,
        Map<String, DatasetFile> further,
        String engine,
        int procs,
        ParameterSets sets,
        Recording recording,
        Optional<List<String>> arguments) {

    boolean hasProcesses() {
        return engine.equals("processes");
    }
}
