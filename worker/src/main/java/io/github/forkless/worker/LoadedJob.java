package io.github.forkless.worker;

import io.github.forkless.common.dataset.Dataset;
import io.github.forkless.common.dataset.DatasetException;
import io.github.forkless.common.dataset.DatasetFile;
import io.github.forkless.common.dataset.ElementType;
import io.github.forkless.common.dataset.Layout;
import io.github.forkless.common.dataset.MappedDataset;
import io.github.forkless.common.job.DataFunction;
import io.github.forkless.common.job.Job;
import io.github.forkless.common.job.OrderedJob;
import io.github.forkless.common.value.TypeFinder;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** A run's work, loaded and tied to its dataset. */
sealed interface LoadedJob {

    MappedDataset dataset();

    /** The classes that its partials and parameters may be made of. */
    TypeFinder types();

    /** Null for a program that is not typed into jshell, or whose variables are not read. */
    ShellState state();

    /**
     * A collector over blocks.
     *
     * @param jobs one for each parameter set, at least one
     * @param isOrdered whether one of them has to see all blocks in order
     * @param recordLength elements that no block cuts in two: whole records of each of the jobs
     */
    record Collecting(
            MappedDataset dataset,
            TypeFinder types,
            List<Job<Object, Object>> jobs,
            boolean isOrdered,
            int recordLength,
            ShellState state)
            implements LoadedJob {

        /**
         * @param name what users call a job
         * @throws JobRequestException when one of the jobs cannot read such data, or not together with the others
         * @throws DatasetException when the data ends within a record
         */
        static Collecting of(
                MappedDataset dataset,
                TypeFinder types,
                List<Job<Object, Object>> jobs,
                Function<Job<?, ?>, String> name,
                ShellState state) {
            int recordLength = 1;
            boolean isOrdered = false;
            for (Job<Object, Object> job : jobs) {
                requireFitting(dataset, job, name);
                isOrdered |= job instanceof OrderedJob<?, ?>;
                int length = job.recordLength();
                recordLength = commonMultiple(
                        recordLength,
                        length > 1 || !job.readsRows()
                                ? length
                                : (int) dataset.dataset().layout().rowLength());
            }
            return new Collecting(dataset, types, jobs, isOrdered, recordLength, state);
        }

        private static void requireFitting(
                MappedDataset dataset, Job<Object, Object> job, Function<Job<?, ?>, String> name) {
            Dataset data = dataset.dataset();
            if (!job.accepts(data.layout())) {
                throw new JobRequestException("job " + name.apply(job) + " does not work on "
                        + data.layout().label()
                        + " data; use another job, or "
                        + (data.type() == ElementType.TABLE
                                ? "one column, with DatasetFile.column(name)"
                                : "say what the data is with DatasetFile.open(path, type)"));
            }
            Optional<String> refusal = job.refusal(data.layout());
            if (refusal.isPresent()) {
                throw new JobRequestException("job " + name.apply(job) + ": " + refusal.get());
            }
            int length = job.recordLength();
            if (length < 1 || length > 1 && !(data.layout() instanceof Layout.Numbers)) {
                throw new JobRequestException("job " + name.apply(job) + " has records of " + length
                        + (length < 1
                                ? " elements; it must be 1 or more"
                                : data.type().isText()
                                        ? " bytes, and text has lines; use DatasetFile.open(path, type) with uint8"
                                        : " elements, and this data has records of its own; leave recordLength out"));
            }
            for (int i = 0; length > 1 && i < data.parts().size(); i++) {
                requireWhole(data.parts().get(i), length, name.apply(job));
            }
        }

        private static void requireWhole(DatasetFile file, int length, String job) {
            if (file.count() % length != 0) {
                throw new DatasetException(
                        file.path(),
                        file.count() + " elements are not a whole number of the records of " + length + " that job "
                                + job + " reads: " + file.count() % length
                                + " are left over; check the file, and the type of its elements");
            }
        }

        private static int commonMultiple(int one, int other) {
            long multiple = one / greatestDivisor(one, other) * (long) other;
            if (multiple > Integer.MAX_VALUE) {
                throw new JobRequestException(
                        "the records of these jobs have no common length below 2^31 elements, so they"
                                + " cannot share blocks; run them one after another");
            }
            return (int) multiple;
        }

        private static int greatestDivisor(int one, int other) {
            return other == 0 ? one : greatestDivisor(other, one % other);
        }
    }

    /** A function of the whole dataset, applied to parameters that come with the tasks. */
    record Mapping(MappedDataset dataset, TypeFinder types, DataFunction<Object, Object> function, ShellState state)
            implements LoadedJob {}
}
