package io.github.forkless.coordinator.generate;

/** What becomes of a file that has the name of one that is to be written, also if it appears while that is written. */
public enum Existing {
    /** It stays, and nothing is written. */
    KEPT,
    /** It stays, and that is an error. */
    REFUSED,
    /** It is replaced in one step when the new one is whole, which gets its owner, group and permissions. */
    REPLACED
}
