package io.github.forkless.common.wire;

/** What a worker has made of a task, encoded: in memory, or where it is much, in a file. */
public sealed interface Content permits ByteSpan, ContentFile {

    /** How many bytes it is. */
    int length();

    /**
     * All of it; perhaps the array that it is in.
     *
     * @throws WireException when it is no longer what it was
     */
    byte[] toArray();
}
