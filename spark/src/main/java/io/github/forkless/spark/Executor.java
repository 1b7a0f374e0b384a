package io.github.forkless.spark;

/**
 * A JVM that Spark runs tasks in.
 *
 * @param id what Spark calls it: {@code 3}
 * @param host as Spark names it
 * @param cores how many tasks it runs at a time
 */
record Executor(String id, String host, int cores) {
    /** {@code host-a, executor 3}. */
    String name() {
        return host + ", executor " + id;
    }
}
