package io.github.forkless.coordinator.engine;

/**
 * How far a worker had come when it ended. It tells what the worker died of from what it was only handed.
 *
 * @param begun how many of the requests that have an answer it had begun, the last one included
 * @param item which parameter or parameter set it was at in the last one; negative if that is not known
 */
public record WorkerProgress(long begun, int item) {
    /** Of a worker that has left no word of it. */
    public static final WorkerProgress UNKNOWN = new WorkerProgress(-1, -1);

    public boolean isKnown() {
        return begun >= 0;
    }
}
