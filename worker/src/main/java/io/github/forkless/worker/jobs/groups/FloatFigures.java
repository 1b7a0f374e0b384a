package io.github.forkless.worker.jobs.groups;

import io.github.forkless.common.wire.ByteReader;
import io.github.forkless.common.wire.ByteWriter;
import io.github.forkless.worker.jobs.numeric.Digits;
import java.util.Arrays;

/**
 * Sums or statistics of each group's floating-point numbers: exact until they are rounded, once, at the end. So it does not matter
 * how they are merged.
 *
 * <p>A sum, and a sum of squares, are some of the digits of a {@link Digits}: a window for all groups, which is put where the
 * first number is, and has room for what is 2^48 times as large or as small. Whatever else there is, infinities and NaN too,
 * goes into an object of its group: slower, and as exact.
 *
 * <pre>
 *   of each group   | [0] count | [1...] digits of the sum |
 *   for statistics  | [0] min | [1] max | [2...] digits of the sum of squares |
 *
 *   as bytes        varints count (without NaNs), NaNs, +inf, -inf; digits of the sum; for statistics min, max, digits of squares
 * </pre>
 *
 * Minimum and maximum are in an order of longs: see {@link #ordered}.
 */
final class FloatFigures extends Figures {
    private static final int SIGNIFICAND_BITS = 52;
    private static final long LEADING_ONE = 1L << SIGNIFICAND_BITS;
    private static final int EXPONENTS = 0x7ff;

    /** Exponents that the window has room for, and that it is moved by: numbers of like size have the same one. */
    private static final int WINDOW = 128;

    private static final int STEP = Digits.BITS;

    private static final int SUM = 1;
    private static final int SUM_DIGITS = (WINDOW - 1) / Digits.BITS + Digits.OF_SIGNIFICAND;
    private static final int STATE = SUM + SUM_DIGITS;

    private static final int MIN = 0;
    private static final int MAX = 1;
    private static final int SQUARES = 2;
    private static final int SQUARE_DIGITS = 2 * (WINDOW - 1) / Digits.BITS + Digits.OF_SQUARE;
    private static final int SPREAD = SQUARES + SQUARE_DIGITS;

    private final boolean isSum;

    /** The exponent, as in a double's bits, whose numbers' last bit is that of the lowest digit; 0 if none is known. */
    private int lowest;

    private long[] state = new long[0];
    /** Of sums nothing. */
    private long[] spread = new long[0];

    private int rowsAdded;

    /** Numbers that the window has no room for; null for a group without. */
    private Rare[] rare = new Rare[0];

    private final Digits sum = new Digits();
    private final Digits squares = new Digits();

    private static final class Rare {
        long count;
        long nans;
        long positiveInfinities;
        long negativeInfinities;
        final Digits sum = new Digits();
        final Digits squares = new Digits();
    }

    /** @param isSum whether sums are all that is wanted */
    FloatFigures(boolean isSum) {
        this.isSum = isSum;
    }

    @Override
    void ensure(int groups) {
        int known = rare.length;
        if (groups <= known) {
            return;
        }
        int room = groups + (groups >> 1);
        state = Arrays.copyOf(state, Math.multiplyExact(room, STATE));
        rare = Arrays.copyOf(rare, room);
        if (!isSum) {
            spread = Arrays.copyOf(spread, Math.multiplyExact(room, SPREAD));
            for (int at = known * SPREAD; at < spread.length; at += SPREAD) {
                spread[at + MIN] = Long.MAX_VALUE;
                spread[at + MAX] = Long.MIN_VALUE;
            }
        }
    }

    @Override
    void add(int[] groups, long[] values, int rows) {
        if (rowsAdded > Digits.MOST_ADDED - rows) {
            carry();
        }
        rowsAdded += rows;
        int row = 0;
        while (row < rows) {
            int end = addToSums(groups, values, row, rows, state, lowest);
            if (!isSum) {
                addToSpread(groups, values, row, end, spread, lowest);
            }
            row = end;
            if (row < rows && !choosesWindow(values[row])) {
                addRare(groups[row], values[row]);
                row++;
            }
        }
    }

    /** Adds numbers up to the first one that the window has no room for, whose row it returns. */
    private static int addToSums(int[] groups, long[] values, int from, int rows, long[] state, int lowest) {
        int exponents = exponents(lowest);
        for (int row = from; row < rows; row++) {
            long bits = values[row];
            int at = groups[row] * STATE;
            int above = ((int) (bits >>> SIGNIFICAND_BITS) & EXPONENTS) - lowest;
            if (Integer.compareUnsigned(above, exponents) < 0) {
                long sign = bits >> Long.SIZE - 1;
                long significand = (significand(bits) ^ sign) - sign;
                Digits.addSignificand(state, at + SUM + above / Digits.BITS, significand, above & Digits.BITS - 1);
            } else if (bits << 1 != 0) {
                return row;
            }
            state[at]++;
        }
        return rows;
    }

    /** The same for minimum, maximum and squares of numbers that the window has room for. */
    private static void addToSpread(int[] groups, long[] values, int from, int rows, long[] spread, int lowest) {
        for (int row = from; row < rows; row++) {
            long bits = values[row];
            int at = groups[row] * SPREAD;
            long ordered = ordered(bits);
            spread[at + MIN] = Math.min(spread[at + MIN], ordered);
            spread[at + MAX] = Math.max(spread[at + MAX], ordered);
            if (bits << 1 != 0) {
                int above = ((int) (bits >>> SIGNIFICAND_BITS) & EXPONENTS) - lowest << 1;
                Digits.addSquare(
                        spread, at + SQUARES + above / Digits.BITS, significand(bits), above & Digits.BITS - 1);
            }
        }
    }

    /** How many there are that the window has room for, from the lowest on; none are those of infinities. */
    private static int exponents(int lowest) {
        return lowest == 0 ? 0 : Math.min(WINDOW, EXPONENTS - lowest);
    }

    private static long significand(long bits) {
        return bits & LEADING_ONE - 1 | LEADING_ONE;
    }

    /** Bits in the order of doubles, by flipping all of a negative number but its sign; its own inverse. */
    private static long ordered(long bits) {
        return bits ^ bits >> Long.SIZE - 1 >>> 1;
    }

    /** Puts the window where a number is, if there is none. */
    private boolean choosesWindow(long bits) {
        int exponent = (int) (bits >>> SIGNIFICAND_BITS) & EXPONENTS;
        if (lowest != 0 || exponent == 0 || exponent == EXPONENTS) {
            return false;
        }
        lowest = 1 + (Math.max(0, exponent - 1 - (WINDOW - STEP) / 2) & -STEP);
        return true;
    }

    private void addRare(int group, long bits) {
        if (rare[group] == null) {
            rare[group] = new Rare();
        }
        Rare its = rare[group];
        double number = Double.longBitsToDouble(bits);
        if (Double.isNaN(number)) {
            its.nans++;
            return;
        }
        its.count++;
        if (Double.isInfinite(number)) {
            its.positiveInfinities += number > 0 ? 1 : 0;
            its.negativeInfinities += number < 0 ? 1 : 0;
        } else {
            its.sum.add(number);
        }
        if (!isSum) {
            int at = group * SPREAD;
            spread[at + MIN] = Math.min(spread[at + MIN], ordered(bits));
            spread[at + MAX] = Math.max(spread[at + MAX], ordered(bits));
            if (Double.isFinite(number)) {
                its.squares.addSquare(number);
            }
        }
    }

    private void carry() {
        for (int at = 0; at < state.length; at += STATE) {
            Digits.carry(state, at + SUM, at + STATE);
        }
        for (int at = 0; at < spread.length; at += SPREAD) {
            Digits.carry(spread, at + SQUARES, at + SPREAD);
        }
        rowsAdded = 0;
    }

    @Override
    void write(int group, ByteWriter out) {
        Rare its = rare[group];
        int digit = Math.max(0, lowest - 1) / Digits.BITS;
        sum.clear();
        sum.add(digit, state, group * STATE + SUM, SUM_DIGITS);
        out.putVarint(state[group * STATE] + (its == null ? 0 : its.count));
        out.putVarint(its == null ? 0 : its.nans);
        out.putVarint(its == null ? 0 : its.positiveInfinities);
        out.putVarint(its == null ? 0 : its.negativeInfinities);
        if (its != null) {
            sum.add(its.sum);
        }
        sum.write(out);
        if (isSum) {
            return;
        }
        squares.clear();
        squares.add(2 * digit, spread, group * SPREAD + SQUARES, SQUARE_DIGITS);
        if (its != null) {
            squares.add(its.squares);
        }
        out.putLong(spread[group * SPREAD + MIN]);
        out.putLong(spread[group * SPREAD + MAX]);
        squares.write(out);
    }

    @Override
    public void skip(ByteReader in) {
        for (int i = 0; i < 4; i++) {
            in.getVarint();
        }
        Digits.skip(in);
        if (!isSum) {
            in.take(2 * Long.BYTES);
            Digits.skip(in);
        }
    }

    @Override
    public void merge(ByteReader one, ByteReader other, ByteWriter to) {
        for (int i = 0; i < 4; i++) {
            to.putVarint(one.getVarint() + other.getVarint());
        }
        mergeDigits(sum, one, other, to);
        if (!isSum) {
            to.putLong(Math.min(one.getLong(), other.getLong()));
            to.putLong(Math.max(one.getLong(), other.getLong()));
            mergeDigits(squares, one, other, to);
        }
    }

    private static void mergeDigits(Digits digits, ByteReader one, ByteReader other, ByteWriter to) {
        digits.clear();
        digits.add(one);
        digits.add(other);
        digits.write(to);
    }

    @Override
    Found read(ByteReader in) {
        long count = in.getVarint();
        long nans = in.getVarint();
        double infinite = (in.getVarint() > 0 ? Double.POSITIVE_INFINITY : 0)
                + (in.getVarint() > 0 ? Double.NEGATIVE_INFINITY : 0); // NaN if there are both
        sum.clear();
        sum.add(in);
        double total = infinite == 0 ? sum.rounded() : infinite;
        double mean = count == 0 ? Double.NaN : infinite == 0 ? sum.mean(count) : infinite;
        if (isSum) {
            return new Found(count, nans, total, null, null, mean, Double.NaN);
        }
        double min = Double.longBitsToDouble(ordered(in.getLong()));
        double max = Double.longBitsToDouble(ordered(in.getLong()));
        squares.clear();
        squares.add(in);
        boolean isEmpty = count == 0;
        return new Found(
                count,
                nans,
                total,
                isEmpty ? Double.NaN : min,
                isEmpty ? Double.NaN : max,
                mean,
                isEmpty || infinite != 0 ? Double.NaN : sum.stddev(count, squares));
    }
}
