package io.github.forkless.worker.jobs.numeric;

import io.github.forkless.common.dataset.ElementType;
import java.nio.ByteBuffer;

/**
 * The loops over integers, one implementation per width, each fed with a run of {@link Blocks}.
 *
 * <p>Every loop is one that C2 vectorizes, which is why statistics take several short passes over a run that stays in
 * the first-level cache, and not one pass that does everything (4 GB/s for int32). A minimum alone is not vectorized
 * (5 GB/s), a minimum and a maximum in one loop are (130).
 */
abstract sealed class IntegerKernel {
    static final long LOW_HALF = 0xFFFF_FFFFL;

    static IntegerKernel of(ElementType type) {
        return switch (type) {
            case INT8 -> new Bytes(true);
            case UINT8 -> new Bytes(false);
            case INT16 -> new Int16();
            case INT32 -> new Int32();
            case INT64 -> new Int64();
            case UINT16, UINT32, UINT64, FLOAT16, FLOAT32, FLOAT64, TEXT, RECORDS, TABLE ->
                throw new IllegalArgumentException(
                        "an exact integer sum needs integers as jobs get them, not " + type.label());
        };
    }

    /** Adds the run's elements to {@code total}. */
    abstract void sum(ByteBuffer buffer, int from, int to, WideInteger total);

    /** Adds the run's elements and their squares to {@code stats}, and widens its range. */
    abstract void stats(ByteBuffer buffer, int from, int to, IntegerStats stats);

    /**
     * Bytes, four at a time from an int: loops over single bytes are not vectorized. Signed bytes are read as unsigned
     * ones, 128 larger, because C2 narrows a shifted int load to a byte load, and then does not vectorize it either.
     */
    private static final class Bytes extends IntegerKernel {
        /** What turns an element into an unsigned byte that is {@code offset} larger. */
        private final int flip;

        private final int offset;

        Bytes(boolean signed) {
            flip = signed ? 0x8080_8080 : 0;
            offset = signed ? 128 : 0;
        }

        @Override
        void sum(ByteBuffer buffer, int from, int to, WideInteger total) {
            total.add(unsignedSum(buffer, from, to) - (long) offset * (to - from));
        }

        @Override
        void stats(ByteBuffer buffer, int from, int to, IntegerStats stats) {
            long count = to - from;
            long sum = unsignedSum(buffer, from, to);
            long squares = unsignedSquares(buffer, from, to);
            stats.sum.add(sum - offset * count);
            stats.squares.add(squares - 2 * offset * sum + offset * offset * count);
            range(buffer, from, to, stats);
        }

        // An int is enough for both: 16384 elements of at most 255, squares of at most 65025.
        private int unsignedSum(ByteBuffer buffer, int from, int to) {
            int flip = this.flip;
            int words = to - (to - from) % Integer.BYTES;
            int sum = 0;
            for (int i = from; i < words; i += Integer.BYTES) {
                int value = buffer.getInt(i) ^ flip;
                sum += (value & 0xFF) + (value >>> 8 & 0xFF) + (value >>> 16 & 0xFF) + (value >>> 24);
            }
            for (int i = words; i < to; i++) {
                sum += (buffer.get(i) ^ flip) & 0xFF;
            }
            return sum;
        }

        private int unsignedSquares(ByteBuffer buffer, int from, int to) {
            int flip = this.flip;
            int words = to - (to - from) % Integer.BYTES;
            int squares = 0;
            for (int i = from; i < words; i += Integer.BYTES) {
                int value = buffer.getInt(i) ^ flip;
                int a = value & 0xFF;
                int b = value >>> 8 & 0xFF;
                int c = value >>> 16 & 0xFF;
                int d = value >>> 24;
                squares += a * a + b * b + c * c + d * d;
            }
            for (int i = words; i < to; i++) {
                int value = (buffer.get(i) ^ flip) & 0xFF;
                squares += value * value;
            }
            return squares;
        }

        private void range(ByteBuffer buffer, int from, int to, IntegerStats stats) {
            int flip = this.flip;
            int words = to - (to - from) % Integer.BYTES;
            int min = Integer.MAX_VALUE;
            int max = Integer.MIN_VALUE;
            for (int i = from; i < words; i += Integer.BYTES) {
                int value = buffer.getInt(i) ^ flip;
                int a = value & 0xFF;
                int b = value >>> 8 & 0xFF;
                int c = value >>> 16 & 0xFF;
                int d = value >>> 24;
                min = Math.min(min, Math.min(Math.min(a, b), Math.min(c, d)));
                max = Math.max(max, Math.max(Math.max(a, b), Math.max(c, d)));
            }
            for (int i = words; i < to; i++) {
                int value = (buffer.get(i) ^ flip) & 0xFF;
                min = Math.min(min, value);
                max = Math.max(max, value);
            }
            stats.widen(min - offset, max - offset);
        }
    }

    /** Shorts, two at a time from an int, which is vectorized where single ones are not. */
    private static final class Int16 extends IntegerKernel {
        // An int is enough: 8192 elements of at most 2^15 in magnitude.
        @Override
        void sum(ByteBuffer buffer, int from, int to, WideInteger total) {
            int pairs = to - (to - from) % Integer.BYTES;
            int sum = 0;
            for (int i = from; i < pairs; i += Integer.BYTES) {
                int value = buffer.getInt(i);
                sum += (value << 16 >> 16) + (value >> 16);
            }
            if (pairs < to) {
                sum += buffer.getShort(pairs);
            }
            total.add(sum);
        }

        @Override
        void stats(ByteBuffer buffer, int from, int to, IntegerStats stats) {
            sum(buffer, from, to, stats.sum);
            squares(buffer, from, to, stats.squares);
            range(buffer, from, to, stats);
        }

        // Two squares are at most 2^31, an unsigned int; its halves are summed apart, in ints.
        private static void squares(ByteBuffer buffer, int from, int to, WideInteger squares) {
            int pairs = to - (to - from) % Integer.BYTES;
            int low = 0;
            int high = 0;
            for (int i = from; i < pairs; i += Integer.BYTES) {
                int value = buffer.getInt(i);
                int a = value << 16 >> 16;
                int b = value >> 16;
                int square = a * a + b * b;
                low += square & 0xFFFF;
                high += square >>> 16;
            }
            long last = pairs < to ? buffer.getShort(pairs) : 0;
            squares.add(((long) high << 16) + low + last * last);
        }

        private static void range(ByteBuffer buffer, int from, int to, IntegerStats stats) {
            int pairs = to - (to - from) % Integer.BYTES;
            int min = Integer.MAX_VALUE;
            int max = Integer.MIN_VALUE;
            for (int i = from; i < pairs; i += Integer.BYTES) {
                int value = buffer.getInt(i);
                int a = value << 16 >> 16;
                int b = value >> 16;
                min = Math.min(min, Math.min(a, b));
                max = Math.max(max, Math.max(a, b));
            }
            if (pairs < to) {
                min = Math.min(min, buffer.getShort(pairs));
                max = Math.max(max, buffer.getShort(pairs));
            }
            stats.widen(min, max);
        }
    }

    private static final class Int32 extends IntegerKernel {
        @Override
        void sum(ByteBuffer buffer, int from, int to, WideInteger total) {
            total.add(sum(buffer, from, to));
        }

        @Override
        void stats(ByteBuffer buffer, int from, int to, IntegerStats stats) {
            sums(buffer, from, to, stats);
            range(buffer, from, to, stats);
        }

        private static long sum(ByteBuffer buffer, int from, int to) {
            long sum = 0;
            for (int i = from; i < to; i += Integer.BYTES) {
                sum += buffer.getInt(i);
            }
            return sum;
        }

        // Sum and squares in one loop: hardly slower than the squares alone, 56 GB/s against 59.
        private static void sums(ByteBuffer buffer, int from, int to, IntegerStats stats) {
            long sum = 0;
            long low = 0;
            long high = 0;
            for (int i = from; i < to; i += Integer.BYTES) {
                long value = buffer.getInt(i);
                sum += value;
                long square = value * value;
                low += square & LOW_HALF;
                high += square >>> 32;
            }
            stats.sum.add(sum);
            stats.squares.add(low);
            stats.squares.addShifted32(high);
        }

        private static void range(ByteBuffer buffer, int from, int to, IntegerStats stats) {
            int min = Integer.MAX_VALUE;
            int max = Integer.MIN_VALUE;
            for (int i = from; i < to; i += Integer.BYTES) {
                int value = buffer.getInt(i);
                min = Math.min(min, value);
                max = Math.max(max, value);
            }
            stats.widen(min, max);
        }
    }

    private static final class Int64 extends IntegerKernel {
        @Override
        void sum(ByteBuffer buffer, int from, int to, WideInteger total) {
            long low = 0;
            long high = 0;
            for (int i = from; i < to; i += Long.BYTES) {
                long value = buffer.getLong(i);
                low += value & LOW_HALF;
                high += value >> 32;
            }
            total.add(low);
            total.addShifted32(high);
        }

        @Override
        void stats(ByteBuffer buffer, int from, int to, IntegerStats stats) {
            sum(buffer, from, to, stats.sum);
            squares(buffer, from, to, stats.squares);
            range(buffer, from, to, stats);
        }

        /**
         * Schoolbook: with value = h * 2^32 + l, its square is h^2 * 2^64 + 2 * h * l * 2^32 + l^2. Three loops, as one
         * loop over all six sums is not vectorized (8 GB/s against 40), nor is one with multiplyHigh (9).
         */
        private static void squares(ByteBuffer buffer, int from, int to, WideInteger squares) {
            addLowSquares(buffer, from, to, squares);
            addCrossProducts(buffer, from, to, squares);
            addHighSquares(buffer, from, to, squares);
        }

        private static void addLowSquares(ByteBuffer buffer, int from, int to, WideInteger squares) {
            long low = 0;
            long high = 0;
            for (int i = from; i < to; i += Long.BYTES) {
                long half = buffer.getLong(i) & LOW_HALF;
                long square = half * half;
                low += square & LOW_HALF;
                high += square >>> 32;
            }
            squares.add(low);
            squares.addShifted32(high);
        }

        private static void addCrossProducts(ByteBuffer buffer, int from, int to, WideInteger squares) {
            long low = 0;
            long high = 0;
            for (int i = from; i < to; i += Long.BYTES) {
                long value = buffer.getLong(i);
                long product = (value & LOW_HALF) * (value >> 32);
                low += product & LOW_HALF;
                high += product >> 32;
            }
            squares.addShifted32(2 * low);
            squares.addShifted64(2 * high);
        }

        private static void addHighSquares(ByteBuffer buffer, int from, int to, WideInteger squares) {
            long low = 0;
            long high = 0;
            for (int i = from; i < to; i += Long.BYTES) {
                long half = buffer.getLong(i) >> 32;
                long square = half * half;
                low += square & LOW_HALF;
                high += square >>> 32;
            }
            squares.addShifted64(low);
            squares.addShifted96(high);
        }

        private static void range(ByteBuffer buffer, int from, int to, IntegerStats stats) {
            long min = Long.MAX_VALUE;
            long max = Long.MIN_VALUE;
            for (int i = from; i < to; i += Long.BYTES) {
                long value = buffer.getLong(i);
                min = Math.min(min, value);
                max = Math.max(max, value);
            }
            stats.widen(min, max);
        }
    }
}
