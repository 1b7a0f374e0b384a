package io.github.forkless.importer.arrow;

import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import io.github.forkless.common.dataset.arrow.ArrowException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/** Unpacks zstd frames. Not safe for use by several threads. */
final class ZstdFrame implements Unpacker {
    private static final int READ_BYTES = 1 << 20;
    private static final int BUFFER_BYTES = 256 << 10;

    private final ZstdDecompressCtx context = new ZstdDecompressCtx();
    /** A copy: a mapped file that was truncated ends a native reader with a signal, and us with an error. */
    private final ByteBuffer packed = ByteBuffer.allocateDirect(READ_BYTES);

    private final ByteBuffer bytes = ByteBuffer.allocateDirect(BUFFER_BYTES);

    @Override
    public void unpack(MemorySegment frame, long length, Sink out) throws ArrowException, IOException {
        context.reset();
        long left = length;
        long read = 0;
        packed.limit(0);
        boolean isWhole = false;
        while (!isWhole) {
            if (!packed.hasRemaining() && read < frame.byteSize()) {
                packed.clear().limit((int) Math.min(READ_BYTES, frame.byteSize() - read));
                MemorySegment.copy(frame, read, MemorySegment.ofBuffer(packed), 0, packed.limit());
                read += packed.limit();
            }
            boolean isLast = !packed.hasRemaining();
            try {
                isWhole = context.decompressDirectByteBufferStream(bytes.clear(), packed);
            } catch (ZstdException e) {
                throw broken(e.getMessage());
            }
            bytes.flip();
            left -= bytes.remaining();
            if (left < 0) {
                throw broken("more than the " + length + " bytes that must be");
            }
            if (isLast && !isWhole && !bytes.hasRemaining()) {
                throw broken("it was cut off");
            }
            out.write(bytes, read - packed.remaining());
        }
        if (left != 0) {
            throw broken(left + " of " + length + " bytes are missing");
        }
    }

    private static ArrowException broken(String why) {
        return new ArrowException("its compressed values (zstd) are damaged: " + why + "; write it again");
    }

    @Override
    public void close() {
        context.close();
    }
}
