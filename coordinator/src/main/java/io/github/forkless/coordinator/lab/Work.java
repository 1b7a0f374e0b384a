package io.github.forkless.coordinator.lab;

import io.github.forkless.common.dataset.DatasetFile;
import io.github.forkless.common.dataset.ElementType;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What an arrangement is to do: jobs that each read all elements.
 *
 * @param data a file of int32
 * @param kernel what the jobs do with the elements
 * @param elements how many of them, from the first on, each job reads
 * @param jobs how many jobs
 * @param procs how many threads or processes may work at a time
 */
record Work(Path data, Kernel kernel, long elements, int jobs, int procs) {

    Work withElements(long fewer) {
        return new Work(data, kernel, Math.min(elements, fewer), jobs, procs);
    }

    Work withJobs(int fewer) {
        return new Work(data, kernel, elements, Math.min(jobs, fewer), procs);
    }

    Work withProcs(int other) {
        return new Work(data, kernel, elements, jobs, other);
    }

    /** One for each job. */
    List<Integer> parameters() {
        return kernel.parameters(jobs);
    }

    /** What the elements of one job take. */
    long bytes() {
        return elements * Integer.BYTES;
    }

    DatasetFile dataset() {
        return DatasetFile.open(data, Optional.of(ElementType.INT32));
    }

    List<String> toArguments() {
        return List.of(
                data.toString(),
                kernel.name(),
                Long.toString(elements),
                Integer.toString(jobs),
                Integer.toString(procs));
    }

    /** What {@link #toArguments} made. */
    static Work ofArguments(List<String> arguments) {
        return new Work(
                Path.of(arguments.get(0)),
                Kernel.valueOf(arguments.get(1)),
                Long.parseLong(arguments.get(2)),
                Integer.parseInt(arguments.get(3)),
                Integer.parseInt(arguments.get(4)));
    }
}
