package io.github.forkless.coordinator.cli;

import io.github.forkless.common.dataset.DatasetFile;
import io.github.forkless.coordinator.EngineKind;
import io.github.forkless.coordinator.result.Recording;
import java.util.List;
import java.util.Map;

/**
 * What was asked for, and what is told of it while it is done.
 *
 * @param job its name
 * @param further datasets beside {@code dataset}, by the names of the job's parameters
 * @param arguments the command line's
 */
record Request(
        String job,
        DatasetFile dataset,
        Map<String, DatasetFile> further,
        EngineKind engine,
        int procs,
        ParameterGrid grid,
        Recording recording,
        List<String> arguments) {}
