package io.github.forkless.worker.jobs.numeric;

import io.github.forkless.common.wire.ByteReader;
import io.github.forkless.common.wire.ByteWriter;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * A fixed-point number with room for the exact sum of any doubles, or of their squares: the small superaccumulator of Radford
 * M. Neal, "Fast exact summation using small and large superaccumulators", 2015 (arXiv:1505.05571). The order of additions
 * does not matter.
 *
 * <pre>
 *   value = the sum of digits[i] * 2^(32 i) units; a unit is 2^-1074 for a sum, 2^-2148 for a sum of squares
 * </pre>
 *
 * <p>A digit is a long, so that 2^30 numbers can be added to one before anything has to be carried to the next. Who adds many numbers
 * of like size has an array with room for some of the digits only: {@link #addSignificand} and {@link #addSquare} add to that, too.
 *
 * <p>As bytes: a varint for the lowest digit that is not 0, one for how many there are, and 32 bits for each, in two's complement.
 */
public final class Digits {
    /** Bits of a digit. */
    public static final int BITS = 32;

    /** So many numbers can be added before digits are carried. */
    public static final int MOST_ADDED = 1 << 30;

    /** Digits that {@link #addSignificand} adds to. */
    public static final int OF_SIGNIFICAND = 3;

    /** Digits that {@link #addSquare} adds to. */
    public static final int OF_SQUARE = 5;

    private static final long MASK = (1L << BITS) - 1;
    private static final int SUM_UNIT = Rounding.MIN_EXPONENT;

    /** For the largest exponent of a square, what a square has above that, and for 2^63 of them. */
    private static final int COUNT = 2 * 2046 / BITS + OF_SQUARE + 3;

    private final long[] digits = new long[COUNT];
    /** No digit before is other than 0. */
    private int from = COUNT;
    /** Nor one from here on. */
    private int to;

    /**
     * Adds a double to digits.
     *
     * @param significand with its sign
     * @param at the digit that has its last bit
     * @param shift where in the digit that is
     */
    public static void addSignificand(long[] digits, int at, long significand, int shift) {
        digits[at] += significand << shift & MASK;
        digits[at + 1] += significand >> BITS - shift & MASK;
        digits[at + 2] += significand >> BITS >> BITS - shift;
    }

    /**
     * Adds the square of a double to digits.
     *
     * @param significand with or without its sign
     * @param at the digit that has the last bit of its square
     * @param shift where in the digit that is
     */
    public static void addSquare(long[] digits, int at, long significand, int shift) {
        long low = significand * significand;
        long high = Math.multiplyHigh(significand, significand);
        long shifted = low << shift;
        long next = high << shift | low >>> 1 >>> Long.SIZE - 1 - shift;
        digits[at] += shifted & MASK;
        digits[at + 1] += shifted >>> BITS;
        digits[at + 2] += next & MASK;
        digits[at + 3] += next >>> BITS;
        digits[at + 4] += high >>> 1 >>> Long.SIZE - 1 - shift;
    }

    /** Carries what some digits have beyond their 32 bits to the next, but for the last one. */
    public static void carry(long[] digits, int from, int to) {
        for (int i = from; i < to - 1; i++) {
            digits[i + 1] += digits[i] >> BITS;
            digits[i] &= MASK;
        }
    }

    /** Makes it 0. */
    public void clear() {
        if (from < to) {
            Arrays.fill(digits, from, to, 0);
        }
        from = COUNT;
        to = 0;
    }

    /** Adds any finite double. */
    public void add(double number) {
        long bits = Double.doubleToRawLongBits(number);
        int above = above(bits);
        extend(above / BITS, OF_SIGNIFICAND);
        addSignificand(digits, above / BITS, bits < 0 ? -significand(bits) : significand(bits), above % BITS);
    }

    /** Adds the square of any finite double. */
    public void addSquare(double number) {
        long bits = Double.doubleToRawLongBits(number);
        int above = 2 * above(bits);
        extend(above / BITS, OF_SQUARE);
        addSquare(digits, above / BITS, significand(bits), above % BITS);
    }

    /** Where a double's last bit is above the last bit of the smallest one. */
    private static int above(long bits) {
        return Math.max(1, (int) ((bits & Long.MAX_VALUE) >>> FloatSum.SIGNIFICAND_BITS)) - 1;
    }

    private static long significand(long bits) {
        long leadingOne = 1L << FloatSum.SIGNIFICAND_BITS;
        return bits & leadingOne - 1 | ((bits & Long.MAX_VALUE) < leadingOne ? 0 : leadingOne);
    }

    /** Adds digits of an array: {@code count} from {@code at} on, of which the first counts as the {@code lowest} here. */
    public void add(int lowest, long[] some, int at, int count) {
        extend(lowest, count);
        for (int i = 0; i < count; i++) {
            digits[lowest + i] += some[at + i];
        }
    }

    /** Adds another number, which stays as it is. */
    public void add(Digits other) {
        if (other.from < other.to) {
            add(other.from, other.digits, other.from, other.to - other.from);
        }
    }

    /** Adds what {@link #write} wrote. */
    public void add(ByteReader in) {
        int count = in.getCount(Integer.BYTES);
        int lowest = in.getUnsignedByte();
        if (lowest + count > COUNT) {
            throw in.broken("has a sum of " + count + " digits from " + lowest + " on");
        }
        extend(lowest, count);
        for (int i = 0; i < count; i++) {
            digits[lowest + i] += i < count - 1 ? in.getInt() & MASK : in.getInt();
        }
    }

    /** Reads what {@link #write} wrote. */
    public static void skip(ByteReader in) {
        int count = in.getCount(Integer.BYTES);
        in.getUnsignedByte();
        in.take(count * Integer.BYTES);
    }

    private void extend(int lowest, int count) {
        from = Math.min(from, lowest);
        to = Math.max(to, lowest + count);
    }

    /** Carries all digits, and leaves out those that say nothing. */
    private void carry() {
        if (from >= to) {
            return;
        }
        carry(digits, from, to);
        while (digits[to - 1] != (int) digits[to - 1]) {
            digits[to] = digits[to - 1] >> BITS;
            digits[to - 1] &= MASK;
            to++;
        }
        while (to - 1 > from && digits[to - 1] == digits[to - 2] << BITS >> Long.SIZE - 1) {
            digits[--to] = 0;
            digits[to - 1] = (int) digits[to - 1];
        }
        while (from < to && digits[from] == 0) {
            from++;
        }
    }

    /** The same bytes for the same number, however it came about. */
    public void write(ByteWriter out) {
        carry();
        int count = Math.max(0, to - from);
        out.putVarint(count);
        out.putByte(count == 0 ? 0 : from);
        for (int i = from; i < to; i++) {
            out.putInt((int) digits[i]);
        }
    }

    /** In units of 2^(32 {@code lowest}). */
    private BigInteger value(int lowest) {
        carry();
        if (from >= to) {
            return BigInteger.ZERO;
        }
        ByteBuffer bytes = ByteBuffer.allocate((to - from) * Integer.BYTES);
        for (int i = to - 1; i >= from; i--) {
            bytes.putInt((int) digits[i]);
        }
        return new BigInteger(bytes.array()).shiftLeft((from - lowest) * BITS);
    }

    /** The double nearest to a sum. */
    public double rounded() {
        carry();
        return Rounding.scaled(value(from), exponent(from));
    }

    /** The double nearest to the mean of so many numbers, of which this is the sum. */
    public double mean(long count) {
        carry();
        return Rounding.ratio(value(from), BigInteger.valueOf(count), exponent(from));
    }

    /**
     * The double nearest to the standard deviation of so many numbers, the whole population, of which this is the sum.
     *
     * @param squares the sum of their squares
     */
    public double stddev(long count, Digits squares) {
        carry();
        squares.carry();
        int lowest = Math.min(from, squares.from / 2);
        BigInteger n = BigInteger.valueOf(count);
        // sqrt(squares / n - (sum / n)^2) over one denominator, so that nothing is rounded before the root.
        BigInteger numerator =
                n.multiply(squares.value(2 * lowest)).subtract(value(lowest).pow(2));
        return Rounding.rootRatio(numerator, n, exponent(lowest));
    }

    /** Of two in the lowest bit of a sum's digit; of that of a 0, any. */
    private static int exponent(int lowest) {
        return lowest >= COUNT ? 0 : lowest * BITS + SUM_UNIT;
    }
}
