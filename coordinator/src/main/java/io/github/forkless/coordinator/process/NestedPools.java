package io.github.forkless.coordinator.process;

import io.github.forkless.coordinator.result.InvalidRequestException;
import io.github.forkless.worker.WorkerMain;

/**
 * Pools within workers. What is opened where workers run too, in the static initializer of a job's class for example, would
 * be opened by each of its workers again, and so on without end.
 */
public final class NestedPools {

    /** Whether this process may open a pool at all. */
    static boolean areAllowed() {
        return levelsAllowed() > 0;
    }

    /**
     * Looks whether this process may open a pool.
     *
     * @param levels how many levels of pools its workers are to be allowed
     * @throws InvalidRequestException when this process is a worker, or was started by a job, and may not
     */
    public static void requireAllowed(int levels) {
        int allowed = levelsAllowed();
        if (allowed == 0) {
            throw new InvalidRequestException(
                    "a pool cannot be opened in a worker, nor in a process that a job started ("
                            + WorkerMain.MARK + "=" + System.getenv(WorkerMain.MARK)
                            + "): its workers might open one each, and so on. If it is opened in a static initializer"
                            + " or a constructor, open it in the program's main method. If a job is meant to open it,"
                            + " give the options of the first pool withNestedPools(1)");
        }
        if (levels >= allowed) {
            throw new InvalidRequestException("a pool in this worker can have withNestedPools of " + (allowed - 1)
                    + " at the most, not " + levels + "; give the options of the first pool more levels");
        }
    }

    private static int levelsAllowed() {
        String levels = System.getenv(WorkerMain.NESTED_POOLS);
        try {
            return levels == null ? Integer.MAX_VALUE : Integer.parseInt(levels);
        } catch (NumberFormatException e) {
            return 0; // it is not ours
        }
    }

    private NestedPools() {}
}
