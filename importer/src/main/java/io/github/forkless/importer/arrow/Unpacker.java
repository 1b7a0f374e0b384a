package io.github.forkless.importer.arrow;

import io.github.forkless.common.dataset.arrow.ArrowException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/** Unpacks what is compressed, part by part, so that nothing needs to be in memory as a whole. */
interface Unpacker extends AutoCloseable {
    /** Takes what is unpacked. */
    @FunctionalInterface
    interface Sink {
        /** @param read how many of the compressed bytes are done */
        void write(ByteBuffer bytes, long read) throws IOException;
    }

    /**
     * Unpacks one frame.
     *
     * @param length of what is in it
     * @throws ArrowException if there is less or more in it, or it is damaged
     */
    void unpack(MemorySegment frame, long length, Sink out) throws ArrowException, IOException;

    @Override
    void close();
}
