package io.github.forkless.coordinator;

import java.time.Duration;
import java.util.List;

/**
 * What a run did.
 *
 * @param procs workers of the pool
 * @param tasks how many tasks the run was cut into; merging is not counted
 * @param attempts how many attempts were made at them, retries included
 * @param retries attempts beyond a task's first
 * @param wall from handing the job over to its result
 * @param workers what each worker did, those that died included, in the order of their start
 * @param failures attempts that failed, in the order in which they did
 */
public record RunReport(
        int procs,
        long tasks,
        long attempts,
        long retries,
        Duration wall,
        List<WorkerShare> workers,
        List<Failure> failures) {

    /**
     * One worker's part of a run.
     *
     * @param id its place in the pool, from 0; a replacement has the place of the one that died
     * @param pid its process
     * @param tasks how many tasks it finished
     * @param busy how long it worked on them
     * @param end {@code ok}, or how it died
     */
    public record WorkerShare(int id, long pid, long tasks, Duration busy, String end) {}
}
