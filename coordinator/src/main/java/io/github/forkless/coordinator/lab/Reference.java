package io.github.forkless.coordinator.lab;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * The right answers, found in other ways than the arrangements do. The file is read and not mapped: a mapping of the
 * laboratory's own would have a share in the pages that the arrangements are charged for.
 */
final class Reference {
    private static final int PIECE_BYTES = 1 << 20;

    /** Takes a piece of the data after another. */
    private interface Reader {
        void read(IntBuffer piece);
    }

    /** What each job of the work finds. */
    static long[] answer(Work work) throws IOException {
        int[] parameters = work.parameters().stream().mapToInt(p -> p).toArray();
        return switch (work.kernel()) {
            case CHECKSUM -> checksums(work, parameters);
            case COUNT -> counts(work, parameters);
        };
    }

    /** What the job {@code sum} finds. */
    static long sum(Path data, long elements) throws IOException {
        long[] sum = new long[1];
        forEachPiece(data, elements * Integer.BYTES, piece -> {
            while (piece.hasRemaining()) {
                sum[0] += piece.get();
            }
        });
        return sum[0];
    }

    /** All sums side by side, element by element. */
    private static long[] checksums(Work work, int[] multipliers) throws IOException {
        long[] sums = new long[multipliers.length];
        forEachPiece(work.data(), work.bytes(), piece -> {
            while (piece.hasRemaining()) {
                int element = piece.get();
                for (int i = 0; i < sums.length; i++) {
                    sums[i] = sums[i] * multipliers[i] + element;
                }
            }
        });
        return sums;
    }

    /** Each element is looked up among the sorted limits. */
    private static long[] counts(Work work, int[] limits) throws IOException {
        long[] aboveExactly = new long[limits.length + 1];
        forEachPiece(work.data(), work.bytes(), piece -> {
            while (piece.hasRemaining()) {
                int found = Arrays.binarySearch(limits, piece.get());
                aboveExactly[found < 0 ? -found - 1 : found]++;
            }
        });
        long[] counts = new long[limits.length];
        long count = 0;
        for (int i = limits.length - 1; i >= 0; i--) {
            count += aboveExactly[i + 1];
            counts[i] = count;
        }
        return counts;
    }

    private static void forEachPiece(Path data, long bytes, Reader reader) throws IOException {
        ByteBuffer piece = ByteBuffer.allocateDirect(PIECE_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        try (FileChannel channel = FileChannel.open(data)) {
            for (long at = 0; at < bytes; at += piece.limit()) {
                piece.clear().limit((int) Math.min(PIECE_BYTES, bytes - at));
                while (piece.hasRemaining()) {
                    if (channel.read(piece, at + piece.position()) < 0) {
                        throw new EOFException(data + " is shorter than " + bytes + " bytes");
                    }
                }
                reader.read(piece.flip().asIntBuffer());
            }
        }
    }

    private Reference() {}
}
