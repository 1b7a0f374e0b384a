package io.github.forkless.spark;

import java.io.Serializable;
import java.util.List;
import java.util.Map;
import org.apache.spark.broadcast.Broadcast;

/**
 * What one worker is sent, and a Spark task carries to its executor.
 *
 * @param pool whose worker it is
 * @param setup how its executor makes workers
 * @param executor the one that has the worker
 * @param worker its number
 * @param place its place in the pool
 * @param sequence how many exchanges it has had before
 * @param messages encoded, one after the other; null if {@code large} has them
 * @param large what is too much for a task
 * @param fingerprints what the files of datasets are to be like that are opened, by the datasets' numbers
 * @param shared files of shared data
 * @param isLast whether the worker is to end then
 */
record Exchange(
        String pool,
        Setup setup,
        String executor,
        long worker,
        int place,
        long sequence,
        byte[] messages,
        Broadcast<byte[]> large,
        Map<Integer, List<Fingerprint>> fingerprints,
        SharedFiles shared,
        boolean isLast)
        implements Serializable {

    /**
     * @param processes how many worker processes an executor has; 0 if its workers are its threads
     * @param memory how large the heap of such a process may grow, in bytes; 0 for what a JVM takes
     * @param jvmOptions its further options
     */
    record Setup(int processes, long memory, List<String> jvmOptions) implements Serializable {}

    /**
     * What shared data there is at a time.
     *
     * @param version more than that of what there was before
     * @param byPath files, by the paths that workers know them by
     */
    record SharedFiles(long version, Map<String, SharedFile> byPath) implements Serializable {}

    /**
     * @param name what Spark knows it by, so that each host can be given a copy; empty if the file has to be there
     * @param fingerprint what it is to be like
     */
    record SharedFile(String name, Fingerprint fingerprint) implements Serializable {}

    byte[] bytes() {
        return messages != null ? messages : large.value();
    }

    /**
     * What comes back.
     *
     * @param answers a message each
     * @param nanos of the executor's clock, when it was through
     * @param end how the worker has ended; null if it has not
     */
    record Reply(List<byte[]> answers, long nanos, End end) implements Serializable {}

    /** {@link io.github.forkless.coordinator.engine.WorkerEnd}, as it travels. */
    record End(int exitValue, String cause, List<String> lastWords, long begun, int item) implements Serializable {
        /** Of what is no process. */
        static final int NO_EXIT_VALUE = Integer.MIN_VALUE;
    }
}
