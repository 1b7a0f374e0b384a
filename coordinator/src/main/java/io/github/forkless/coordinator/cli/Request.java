package io.github.forkless.coordinator.cli;

import io.github.forkless.common.dataset.DatasetFile;
import io.github.forkless.coordinator.EngineKind;
import io.github.forkless.coordinator.result.Recording;
import java.util.List;

/**
 * What was asked for, and what is told of it while it is done.
 *
 * @param job its name
 * @param arguments the command line's
 */
record Request(
        String job,
        DatasetFile dataset,
        EngineKind engine,
        int procs,
        ParameterGrid grid,
        Recording recording,
        List<String> arguments) {}
