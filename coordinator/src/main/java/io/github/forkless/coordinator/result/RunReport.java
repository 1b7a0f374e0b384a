package io.github.forkless.coordinator.result;

import io.github.forkless.common.dataset.Slice;
import io.github.forkless.coordinator.RunOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a run did.
 *
 * @param procs workers of the pool
 * @param tasks how many tasks the run was cut into; merging is not counted
 * @param attempts how many attempts were made at them, retries included
 * @param retries attempts beyond a task's first, those at parts of its slice included
 * @param resumed how many of the tasks had been finished by an earlier run, and were taken from the journal
 * @param wall from handing the job over to its result
 * @param workers what each worker did, in the order in which they came to do something; of those that ended, which may
 *     be any number, the first 500 and the last 500
 * @param failed how many attempts failed
 * @param failures what is known of them, in the order in which they did; of more than 1,000, the first 500 and the last 500
 * @param leftOut what the answer is without, in the dataset's order; empty unless {@link RunOptions#withSkipFailed} was asked for
 * @param only the range of the dataset that was worked on, in elements, in bytes for text; empty if that was all of it
 * @param journalFailure why the journal could not be written to the end; empty if it was, or there is none
 * @param grownBytes how many bytes were added to a text while it was read, of which the answer knows nothing; 0 for other data
 * @param placement where workers and pages were put; empty unless {@code PoolOptions.withPin} or {@code PoolOptions.withNuma} asks for it
 */
public record RunReport(
        int procs,
        long tasks,
        long attempts,
        long retries,
        long resumed,
        Duration wall,
        List<WorkerShare> workers,
        long failed,
        List<Failure> failures,
        List<LeftOut> leftOut,
        Optional<Slice> only,
        Optional<String> journalFailure,
        long grownBytes,
        Optional<PlacementReport> placement) {

    public RunReport withJournalFailure(Optional<String> failure) {
        return with(leftOut, only, failure, grownBytes, placement);
    }

    public RunReport withOnly(Slice range) {
        return with(leftOut, Optional.of(range), journalFailure, grownBytes, placement);
    }

    public RunReport withGrownBytes(long bytes) {
        return with(leftOut, only, journalFailure, bytes, placement);
    }

    public RunReport withPlacement(PlacementReport placement) {
        return with(leftOut, only, journalFailure, grownBytes, Optional.of(placement));
    }

    /**
     * The same where it was a run of some parameter sets out of more.
     *
     * @param numbers for each of its parameter sets which it is among all of them
     */
    public RunReport withParameterSets(List<Integer> numbers) {
        List<LeftOut> renumbered = new ArrayList<>();
        for (LeftOut part : leftOut) {
            for (int set = part.firstSet(); set < part.endSet(); set++) {
                int number = numbers.get(set);
                renumbered.add(
                        new LeftOut(part.slice(), number, number + 1, part.what(), part.cause(), part.isWhole()));
            }
        }
        return with(renumbered, only, journalFailure, grownBytes, placement);
    }

    private RunReport with(
            List<LeftOut> leftOut,
            Optional<Slice> only,
            Optional<String> journalFailure,
            long grownBytes,
            Optional<PlacementReport> placement) {
        return new RunReport(
                procs,
                tasks,
                attempts,
                retries,
                resumed,
                wall,
                workers,
                failed,
                failures,
                leftOut,
                only,
                journalFailure,
                grownBytes,
                placement);
    }

    /** What this run and one that went on after it did together. */
    public RunReport plus(RunReport next) {
        Map<Long, WorkerShare> shares = new LinkedHashMap<>();
        Stream.concat(workers.stream(), next.workers.stream())
                .forEach(share -> shares.merge(share.pid(), share, WorkerShare::plus));
        return new RunReport(
                procs,
                tasks + next.tasks,
                attempts + next.attempts,
                retries + next.retries,
                resumed + next.resumed,
                wall.plus(next.wall),
                List.copyOf(shares.values()),
                failed + next.failed,
                Stream.concat(failures.stream(), next.failures.stream()).toList(),
                Stream.concat(leftOut.stream(), next.leftOut.stream())
                        .distinct()
                        .toList(),
                only,
                next.journalFailure,
                next.grownBytes,
                next.placement);
    }

    /** Whether nothing could be computed for a parameter set, whose result is then null. */
    public boolean hasFailed(int parameterSet) {
        return leftOut.stream()
                .anyMatch(part -> part.isWhole() && part.firstSet() <= parameterSet && parameterSet < part.endSet());
    }

    /** Whether the answer is that of the whole dataset. */
    public boolean isComplete() {
        return leftOut.isEmpty() && only.isEmpty();
    }

    /**
     * One worker's part of a run.
     *
     * @param id its place in the pool, from 0; a replacement has the place of the one that died
     * @param pid its process
     * @param tasks how many tasks it finished
     * @param busy how long it worked on them
     * @param end {@code ok}, or how it died
     */
    public record WorkerShare(int id, long pid, long tasks, Duration busy, String end) {
        private WorkerShare plus(WorkerShare later) {
            return new WorkerShare(id, pid, tasks + later.tasks, busy.plus(later.busy), later.end);
        }
    }

    /**
     * A part of the dataset that no worker could be fed.
     *
     * @param slice in elements, in bytes for text
     * @param firstSet the first parameter set whose answer is without it
     * @param endSet the parameter set after the last
     * @param what the same in words: {@code elements 4,194,304 to 4,259,839}
     * @param cause how the last attempt ended
     * @param isWhole whether nothing at all could be computed for these parameter sets
     */
    public record LeftOut(Slice slice, int firstSet, int endSet, String what, String cause, boolean isWhole) {}
}
