package io.github.forkless.worker;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * Ends this process soon after its coordinator is gone, whatever the job is doing. The end of the request stream says
 * the same, but only to a worker that is reading it.
 */
public final class ParentWatch {
    private static final Duration INTERVAL = Duration.ofMillis(200);
    private static final int ORPHANED = 71;

    /** Begins to watch; for a process that was started by the process with this id. */
    public static void start(long coordinatorPid) {
        Thread.ofPlatform().daemon().name("parent-watch").start(() -> watch(coordinatorPid));
    }

    private static void watch(long coordinatorPid) {
        do {
            // Unlike Thread.sleep, this loads no class that an AOT cache cannot hold.
            LockSupport.parkNanos(INTERVAL.toNanos());
            Thread.interrupted(); // by a job that interrupts all threads there are: the next look would be at once
        } while (parentPid() == coordinatorPid);
        Runtime.getRuntime().halt(ORPHANED);
    }

    /** An orphan is adopted by another process, so its parent's pid changes. */
    private static long parentPid() {
        return ProcessHandle.current().parent().map(ProcessHandle::pid).orElse(-1L);
    }

    private ParentWatch() {}
}
