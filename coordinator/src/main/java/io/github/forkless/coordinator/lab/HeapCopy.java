package io.github.forkless.coordinator.lab;

import io.github.forkless.common.dataset.Block;
import io.github.forkless.common.dataset.ElementType;
import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/** Elements read from a file into this JVM's own heap, as programs do that do not map. */
final class HeapCopy {
    private static final int PIECE_BYTES = 1 << 20;

    /** The first {@code count} elements of a file of int32. */
    static int[] read(Path file, long count) throws IOException {
        int[] elements = new int[Math.toIntExact(count)];
        MemorySegment target = MemorySegment.ofArray(elements);
        ByteBuffer piece = ByteBuffer.allocateDirect(PIECE_BYTES);
        MemorySegment source = MemorySegment.ofBuffer(piece);
        try (FileChannel channel = FileChannel.open(file)) {
            for (long at = 0; at < target.byteSize(); at += piece.position()) {
                piece.clear().limit((int) Math.min(PIECE_BYTES, target.byteSize() - at));
                if (channel.read(piece, at) < 0) {
                    throw new EOFException(file + " ends at " + at + ", before " + target.byteSize() + " bytes");
                }
                MemorySegment.copy(source, 0, target, at, piece.position());
            }
        }
        return elements;
    }

    static Block block(int[] elements) {
        return block(MemorySegment.ofArray(elements));
    }

    /** Elements wherever they are: the kernels' loops are the same in every arrangement. */
    static Block block(MemorySegment elements) {
        return new Block(ElementType.INT32, 0, elements.byteSize() / Integer.BYTES, elements);
    }

    private HeapCopy() {}
}
