package io.github.forkless.worker;

import java.time.Duration;

/**
 * Ends this process soon after its coordinator is gone, whatever the job is doing. The end of the request stream says
 * the same, but only to a worker that is reading it.
 */
final class ParentWatch {
    private static final Duration INTERVAL = Duration.ofMillis(200);
    private static final int ORPHANED = 71;

    static void start(long coordinatorPid) {
        Thread.ofPlatform().daemon().name("parent-watch").start(() -> watch(coordinatorPid));
    }

    private static void watch(long coordinatorPid) {
        try {
            do {
                Thread.sleep(INTERVAL);
            } while (parentPid() == coordinatorPid);
        } catch (InterruptedException e) {
            // Nobody but a job could have done that, and it cannot be trusted to mean it.
        }
        Runtime.getRuntime().halt(ORPHANED);
    }

    /** An orphan is adopted by another process, so its parent's pid changes. */
    private static long parentPid() {
        return ProcessHandle.current().parent().map(ProcessHandle::pid).orElse(-1L);
    }

    private ParentWatch() {}
}
