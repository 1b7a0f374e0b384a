package io.github.forkless.worker.jobs;

import io.github.forkless.common.dataset.Block;
import io.github.forkless.common.dataset.ElementType;
import io.github.forkless.worker.jobs.numeric.Blocks;
import java.math.BigDecimal;
import java.nio.ByteBuffer;

/**
 * Counts the elements between two bounds, one loop per width, without a branch and so that C2 vectorizes it.
 *
 * <p>A bound is turned into one of the elements' own kind first, floating-point numbers into integers that sort alike.
 * What remains is how many of some integers lie from {@code lowest} to {@code highest}, both included. On one core, 100
 * jobs over the same block of int32 run at 125 GB/s together.
 */
abstract sealed class CountKernel {

    static CountKernel of(ElementType type, Range range) {
        if (range.isEmpty()) {
            return new None();
        }
        if (range.isAllOf(type)) {
            return new All();
        }
        return switch (type) {
            case INT8 -> new Lanes(8, range.lowest + 0x80, range.highest + 0x80, true);
            case UINT8 -> new Lanes(8, range.lowest, range.highest, false);
            case INT16 -> new Lanes(16, range.lowest + 0x8000, range.highest + 0x8000, true);
            case INT32 -> new Int32((int) range.lowest, (int) range.highest);
            case INT64 -> new Int64(range.lowest, range.highest);
            case FLOAT32 -> new Float32((int) range.lowest, (int) range.highest);
            case FLOAT64 -> new Float64(range.lowest, range.highest);
            case UINT16, UINT32, UINT64, FLOAT16, TEXT, RECORDS, TABLE ->
                throw new IllegalArgumentException(type.label() + " has no elements to count");
        };
    }

    long count(Block block) {
        var counter = new Blocks.RunConsumer() {
            private long count;

            @Override
            public void accept(ByteBuffer buffer, int from, int to) {
                count += CountKernel.this.count(buffer, from, to);
            }
        };
        Blocks.forEachRun(block.segment(), block.type(), block.count(), counter);
        return counter.count;
    }

    /** Counts among the elements from byte {@code from} up to byte {@code to}, at most {@link Blocks#RUN} further. */
    abstract long count(ByteBuffer buffer, int from, int to);

    /**
     * From {@code lowest} to {@code highest}, both included; of integers that sort as the elements do. NaN lies outside
     * of every range but the whole one.
     */
    record Range(long lowest, long highest) {
        private static final Range EMPTY = new Range(0, -1);

        /** What is greater than {@code above} and less than {@code below}; {@code null} is no bound. */
        static Range of(ElementType type, BigDecimal above, BigDecimal below) {
            if (above == null && below == null) {
                return new Range(min(type), max(type));
            }
            return type.isFloating() ? ofFloats(type, above, below) : ofIntegers(type, above, below);
        }

        /** What sorts after {@code limit}, which is less than {@link #max}. */
        static Range after(ElementType type, long limit) {
            return new Range(limit + 1, max(type));
        }

        private static Range ofIntegers(ElementType type, BigDecimal above, BigDecimal below) {
            long min = min(type);
            long max = max(type);
            // Compared first, and floored only within the range: a BigDecimal's exponent may be enormous.
            if (above != null && above.compareTo(BigDecimal.valueOf(max)) >= 0
                    || below != null && below.compareTo(BigDecimal.valueOf(min)) <= 0) {
                return EMPTY;
            }
            boolean isBelowAll = above == null || above.compareTo(BigDecimal.valueOf(min)) < 0;
            boolean isAboveAll = below == null || below.compareTo(BigDecimal.valueOf(max)) > 0;
            return new Range(isBelowAll ? min : floor(above) + 1, isAboveAll ? max : -floor(below.negate()) - 1);
        }

        static long min(ElementType type) {
            return type == ElementType.UINT8 ? 0 : -1L << 8 * type.width() - 1;
        }

        static long max(ElementType type) {
            return type == ElementType.UINT8 ? 0xff : ~min(type);
        }

        private static long floor(BigDecimal value) {
            if (value.precision() <= value.scale()) { // between -1 and 1
                return value.signum() < 0 ? -1 : 0;
            }
            return value.setScale(0, java.math.RoundingMode.FLOOR).longValueExact();
        }

        private static Range ofFloats(ElementType type, BigDecimal above, BigDecimal below) {
            boolean wide = type == ElementType.FLOAT64;
            // -0.0 and 0.0 are equal: what is above them starts after 0.0, what is below ends before -0.0. A number
            // beyond the largest finite one is not beyond infinity.
            if (wide) {
                double low = above == null ? 0 : Math.min(above.doubleValue(), Double.MAX_VALUE);
                double high = below == null ? 0 : Math.max(below.doubleValue(), -Double.MAX_VALUE);
                return new Range(
                        above == null ? sortable(Double.NEGATIVE_INFINITY) : sortable(low == 0 ? 0.0 : low) + 1,
                        below == null ? sortable(Double.POSITIVE_INFINITY) : sortable(high == 0 ? -0.0 : high) - 1);
            }
            float low = above == null ? 0 : Math.min(above.floatValue(), Float.MAX_VALUE);
            float high = below == null ? 0 : Math.max(below.floatValue(), -Float.MAX_VALUE);
            return new Range(
                    above == null ? sortable(Float.NEGATIVE_INFINITY) : sortable(low == 0 ? 0f : low) + 1,
                    below == null ? sortable(Float.POSITIVE_INFINITY) : sortable(high == 0 ? -0f : high) - 1);
        }

        private static long sortable(double value) {
            return Float64.sortable(Double.doubleToRawLongBits(value));
        }

        private static long sortable(float value) {
            return Float32.sortable(Float.floatToRawIntBits(value));
        }

        boolean isEmpty() {
            return lowest > highest;
        }

        boolean isAllOf(ElementType type) {
            return lowest == min(type) && highest == max(type);
        }
    }

    private static final class All extends CountKernel {
        @Override
        long count(Block block) {
            return block.count();
        }

        @Override
        long count(ByteBuffer buffer, int from, int to) {
            throw new IllegalStateException("nothing needs to be looked at");
        }
    }

    private static final class None extends CountKernel {
        @Override
        long count(Block block) {
            return 0;
        }

        @Override
        long count(ByteBuffer buffer, int from, int to) {
            return 0;
        }
    }

    /**
     * 8 and 16 bits: as many at a time as fit a long, each in a lane of its own, where loops over single ones are not
     * vectorized. Signed ones have their highest bit flipped, which makes them unsigned ones that sort alike.
     */
    private static final class Lanes extends CountKernel {
        private final int bits;
        private final long each;
        private final long high;
        private final long flip;
        private final long lowest;
        private final long highest;

        Lanes(int bits, long lowest, long highest, boolean signed) {
            this.bits = bits;
            this.lowest = lowest;
            this.highest = highest;
            each = Long.divideUnsigned(-1L, (1L << bits) - 1);
            high = each << bits - 1;
            flip = signed ? high : 0;
        }

        @Override
        long count(ByteBuffer buffer, int from, int to) {
            int words = to - (to - from) % Long.BYTES;
            long elements = (long) (words - from) * 8 / bits;
            long count = (lowest == 0 ? elements : above(buffer, from, words, lowest - 1))
                    - (highest == (1L << bits) - 1 ? 0 : above(buffer, from, words, highest));
            for (int i = words; i < to; i += bits / 8) {
                long element = (bits == 8 ? buffer.get(i) : buffer.getShort(i)) ^ flip;
                element &= (1L << bits) - 1;
                count += element >= lowest && element <= highest ? 1 : 0;
            }
            return count;
        }

        /** A lane is above the limit if its other bits are and its highest is not less, or if only its highest is. */
        private long above(ByteBuffer buffer, int from, int to, long limit) {
            long flip = this.flip;
            long high = this.high;
            long others = ~high;
            long carry = ((1L << bits - 1) - 1 - (limit & (1L << bits - 1) - 1)) * each;
            long either = limit >>> bits - 1 == 0 ? high : 0;
            long both = high;
            long count = 0;
            for (int i = from; i < to; i += Long.BYTES) {
                long lanes = buffer.getLong(i) ^ flip;
                long sum = (lanes & others) + carry;
                count += Long.bitCount(lanes & sum & both | (lanes | sum) & either);
            }
            return count;
        }
    }

    /**
     * An element is moved so that the range starts at the smallest integer, wrapping around, and then clamped to the
     * range's end or one more. The sum of what is left tells how many are one more, whatever wraps: three instructions
     * for a vector of elements, where {@code ((long) limit - x) >>> 63} takes eight.
     */
    private static final class Int32 extends CountKernel {
        private final int move;
        private final int end;

        Int32(int lowest, int highest) {
            move = Integer.MIN_VALUE - lowest;
            end = highest + move;
        }

        @Override
        long count(ByteBuffer buffer, int from, int to) {
            int move = this.move;
            int end = this.end;
            int beyond = end + 1;
            int sum = 0;
            for (int i = from; i < to; i += Integer.BYTES) {
                sum += Math.min(Math.max(buffer.getInt(i) + move, end), beyond);
            }
            int elements = (to - from) / Integer.BYTES;
            return elements - (sum - elements * end);
        }
    }

    /** Not one with {@link Int32}: with the sorting of bits masked out, that runs at 102 GB/s instead of 110. */
    private static final class Float32 extends CountKernel {
        private final int move;
        private final int end;

        Float32(int lowest, int highest) {
            move = Integer.MIN_VALUE - lowest;
            end = highest + move;
        }

        /** Integers that sort as the numbers do whose bits are given; NaN comes before all of them and after. */
        static int sortable(int bits) {
            return bits ^ bits >> 31 >>> 1;
        }

        @Override
        long count(ByteBuffer buffer, int from, int to) {
            int move = this.move;
            int end = this.end;
            int beyond = end + 1;
            int sum = 0;
            for (int i = from; i < to; i += Integer.BYTES) {
                sum += Math.min(Math.max(sortable(buffer.getInt(i)) + move, end), beyond);
            }
            int elements = (to - from) / Integer.BYTES;
            return elements - (sum - elements * end);
        }
    }

    private static final class Int64 extends CountKernel {
        private final long move;
        private final long end;

        Int64(long lowest, long highest) {
            move = Long.MIN_VALUE - lowest;
            end = highest + move;
        }

        @Override
        long count(ByteBuffer buffer, int from, int to) {
            long move = this.move;
            long end = this.end;
            long beyond = end + 1;
            long sum = 0;
            for (int i = from; i < to; i += Long.BYTES) {
                sum += Math.min(Math.max(buffer.getLong(i) + move, end), beyond);
            }
            long elements = (to - from) / Long.BYTES;
            return elements - (sum - elements * end);
        }
    }

    private static final class Float64 extends CountKernel {
        private final long move;
        private final long end;

        Float64(long lowest, long highest) {
            move = Long.MIN_VALUE - lowest;
            end = highest + move;
        }

        static long sortable(long bits) {
            return bits ^ bits >> 63 >>> 1;
        }

        @Override
        long count(ByteBuffer buffer, int from, int to) {
            long move = this.move;
            long end = this.end;
            long beyond = end + 1;
            long sum = 0;
            for (int i = from; i < to; i += Long.BYTES) {
                sum += Math.min(Math.max(sortable(buffer.getLong(i)) + move, end), beyond);
            }
            long elements = (to - from) / Long.BYTES;
            return elements - (sum - elements * end);
        }
    }
}
