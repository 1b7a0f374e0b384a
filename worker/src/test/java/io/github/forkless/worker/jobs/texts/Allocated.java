package io.github.forkless.worker.jobs.texts;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** How many bytes of objects were made, which tells what is copied and what is an object of its own. */
public final class Allocated {
    private Allocated() {}

    public static long byThisThread() {
        return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
    }
}
