package io.github.forkless.coordinator.machine;

/** What is done so that workers read the memory of their own node. */
public enum Numa {
    /** Nothing. */
    NONE,
    /** A worker gets the slices that lie on its node, and others only when there are none left. */
    LOCAL,
    /** The dataset is spread over the nodes, so that the memory of all of them is read at the same time. */
    INTERLEAVE,
    /** Each node has a copy of the dataset. */
    MIRROR
}
