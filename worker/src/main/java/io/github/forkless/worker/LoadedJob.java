package io.github.forkless.worker;

import io.github.forkless.common.dataset.MappedDataset;
import io.github.forkless.common.job.DataFunction;
import io.github.forkless.common.job.Job;
import io.github.forkless.common.job.OrderedJob;
import io.github.forkless.common.value.TypeFinder;
import java.util.List;
import java.util.function.Function;

/** A run's work, loaded and tied to its dataset. */
sealed interface LoadedJob {

    MappedDataset dataset();

    /** The classes that its partials and parameters may be made of. */
    TypeFinder types();

    /**
     * A collector over blocks.
     *
     * @param jobs one for each parameter set, at least one
     */
    record Collecting(MappedDataset dataset, TypeFinder types, List<Job<Object, Object>> jobs) implements LoadedJob {

        /** @throws JobRequestException when one of the jobs cannot read such data; {@code name} is what users call it */
        Collecting requireFitting(Function<Job<?, ?>, String> name) {
            var type = dataset.file().type();
            for (Job<Object, Object> job : jobs) {
                if (!job.accepts(type)) {
                    throw new JobRequestException("job " + name.apply(job) + " does not work on " + type.label()
                            + " data; choose another --job, or say what the data is with --type");
                }
            }
            return this;
        }

        boolean isOrdered() {
            return jobs.stream().anyMatch(job -> job instanceof OrderedJob<?, ?>);
        }
    }

    /** A function of the whole dataset, applied to parameters that come with the tasks. */
    record Mapping(MappedDataset dataset, TypeFinder types, DataFunction<Object, Object> function)
            implements LoadedJob {}
}
