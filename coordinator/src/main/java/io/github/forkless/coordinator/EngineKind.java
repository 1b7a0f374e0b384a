package io.github.forkless.coordinator;

import java.util.Locale;

/** What carries out the tasks of a pool. */
public enum EngineKind {
    /** Each worker is a child JVM: whatever a job does to it, only its attempt is lost. */
    PROCESSES,

    /**
     * Each worker is a thread of this JVM: the baseline that processes are measured against. Nothing keeps workers apart. A
     * job that ends its JVM, fills the heap or crashes in native code takes the program with it, a thread that does not react
     * to an interrupt goes on until its task is done, though nobody waits for it, and static fields are everybody's.
     */
    THREADS;

    /** {@code processes} or {@code threads}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
