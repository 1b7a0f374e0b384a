package io.github.forkless.coordinator.machine;

/** What a worker is kept on, with all threads of its JVM. */
public enum Pin {
    /** Wherever the kernel puts it. */
    NONE,
    /** One processor: first one of each core, then their siblings. */
    CPU,
    /** The processors of one memory node. */
    NODE
}
