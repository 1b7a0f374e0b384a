package io.github.forkless.worker.jobs.numeric;

import io.github.forkless.common.dataset.ElementType;
import io.github.forkless.common.wire.ByteWriter;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * The exact sum of each column of a matrix of floating-point numbers, in loops over many columns that compile to vector code.
 *
 * <p>A number is cut into three parts, each a multiple of a power of two: adding and subtracting a large number rounds it to such
 * a multiple, and what that leaves is the next part (S. M. Rump, T. Ogita and S. Oishi, "Accurate floating-point summation", 2008). The
 * parts are added up, each for itself, and as doubles have 53 bits, the sums of thousands of parts are exact:
 *
 * <pre>
 *   top = 1.5 * 2^e     sums of up to 2^(e-2), in multiples of 2^(e-52);
 *   top * 2^-38         of what is left the same, and once more with top * 2^-76: multiples of 2^(e-128)
 * </pre>
 *
 * <p>Each column has its own {@code top}, which fits what it began with. Some rows are added as a trial: a column for which a part was
 * left, or whose sum was too large, gets another top, or its numbers are added one by one to {@link Digits}. So are NaN and
 * infinities.
 *
 * <p>Narrow matrices are read as if several rows were one: a sum of each of their <i>lanes</i> is added to that of its column at the end.
 */
public final class ColumnSums {
    private static final ValueLayout.OfFloat FLOAT32 =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfDouble FLOAT64 =
            ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** A loop over fewer is not worth its beginning and end. */
    private static final int FEWEST_LANES = 512;

    /** Rows of lanes that are added as a trial; at first few, so that tops are found soon. */
    private static final int TRIAL = 256;

    private static final int FIRST_TRIAL = 4;

    /** So many rows of lanes at most are added up in doubles: more could be inexact. */
    private static final int MOST_ROWS = 8192;

    private static final double SECOND = 0x1p-38;
    private static final double THIRD = 0x1p-76;

    /** Of the top: what the magnitudes of all numbers may add up to. */
    private static final double LIMIT = 0.125;

    /** How far above a first sum its top is: room for 2^12 as much. */
    private static final int ROOM = 16;

    private static final int LARGEST_TOP = 1000;
    private static final int SMALLEST_TOP = -900;

    private final int columns;
    private final int lanes;

    /** A row that is being added. */
    private final double[] row;

    private final float[] floats;

    /** 0 for a lane that has had nothing but zeros. */
    private final double[] top;

    /** The three sums of a trial, the sum of its magnitudes, and of those of what was left; last, what was there before it. */
    private final double[] high;

    private final double[] middle;
    private final double[] low;
    private final double[] size;
    private final double[] rest;
    private final double[] allHigh;
    private final double[] allMiddle;
    private final double[] allLow;
    private final double[] allSize;

    private int rowsAdded;
    private boolean isFresh = true;

    /** What is in no lane; null for a column of which there is nothing. */
    private final Odd[] odd;

    private long elements;

    private static final class Odd {
        long nans;
        long positiveInfinities;
        long negativeInfinities;
        final Digits sum = new Digits();
    }

    /** @param columns 1 or more */
    public ColumnSums(int columns) {
        this.columns = columns;
        lanes = columns * Math.max(1, FEWEST_LANES / columns);
        row = new double[lanes];
        floats = new float[lanes];
        top = new double[lanes];
        high = new double[lanes];
        middle = new double[lanes];
        low = new double[lanes];
        size = new double[lanes];
        rest = new double[lanes];
        allHigh = new double[lanes];
        allMiddle = new double[lanes];
        allLow = new double[lanes];
        allSize = new double[lanes];
        odd = new Odd[columns];
    }

    /**
     * Adds the first {@code count} elements of some rows, whole ones, aligned or not.
     *
     * @param type FLOAT32 or FLOAT64
     */
    public void add(MemorySegment block, ElementType type, long count) {
        FloatSum.requireFloating(type);
        elements += count;
        long to;
        for (long from = 0; from < count; from = to) {
            to = Math.min(count, from + (long) (isFresh ? FIRST_TRIAL : TRIAL) * lanes);
            addTrial(block, type, from, to);
            isFresh = false;
        }
    }

    private void addTrial(MemorySegment block, ElementType type, long from, long to) {
        int trialRows = (int) Math.ceilDiv(to - from, lanes);
        if (rowsAdded + trialRows > MOST_ROWS) {
            for (int lane = 0; lane < lanes; lane++) {
                empty(lane);
            }
            rowsAdded = 0;
        }
        rowsAdded += trialRows;
        tryToAdd(block, type, from, to);
        if (moveTops()) {
            tryToAdd(block, type, from, to);
        }
        for (int lane = 0; lane < lanes; lane++) {
            if (fits(lane) && rest[lane] == 0) {
                allHigh[lane] += high[lane];
                allMiddle[lane] += middle[lane];
                allLow[lane] += low[lane];
                allSize[lane] += size[lane];
            } else {
                addOneByOne(block, type, from + lane, to, lane % columns);
            }
        }
    }

    private boolean fits(int lane) {
        return allSize[lane] + size[lane] <= top[lane] * LIMIT;
    }

    private void tryToAdd(MemorySegment block, ElementType type, long from, long to) {
        Arrays.fill(high, 0);
        Arrays.fill(middle, 0);
        Arrays.fill(low, 0);
        Arrays.fill(size, 0);
        Arrays.fill(rest, 0);
        for (long at = from; at < to; at += lanes) {
            int length = (int) Math.min(to - at, lanes);
            read(block, type, at, length);
            addParts(row, top, high, middle, low, size, rest, length);
        }
    }

    private void read(MemorySegment block, ElementType type, long from, int length) {
        if (type == ElementType.FLOAT64) {
            MemorySegment.copy(block, FLOAT64, from * Double.BYTES, row, 0, length);
        } else {
            MemorySegment.copy(block, FLOAT32, from * Float.BYTES, floats, 0, length);
            widen(floats, row, length);
        }
    }

    private static void widen(float[] floats, double[] row, int length) {
        for (int i = 0; i < length; i++) {
            row[i] = floats[i];
        }
    }

    // One row at a time: with two, the loop is too long to be vectorized.
    private static void addParts(
            double[] row,
            double[] top,
            double[] high,
            double[] middle,
            double[] low,
            double[] size,
            double[] rest,
            int length) {
        for (int i = 0; i < length; i++) {
            double first = top[i];
            double second = first * SECOND;
            double third = first * THIRD;
            double number = row[i];
            double highPart = (number + first) - first;
            double left = number - highPart;
            double middlePart = (left + second) - second;
            left -= middlePart;
            double lowPart = (left + third) - third;
            high[i] += highPart;
            middle[i] += middlePart;
            low[i] += lowPart;
            size[i] += Math.abs(number);
            rest[i] += Math.abs(left - lowPart);
        }
    }

    /** Gives a larger top to each lane whose sum would be too large; returns whether there is one. */
    private boolean moveTops() {
        boolean isMoved = false;
        for (int lane = 0; lane < lanes; lane++) {
            if (!fits(lane)) {
                int exponent = Math.max(Math.getExponent(size[lane]) + ROOM, SMALLEST_TOP);
                if (exponent <= LARGEST_TOP) { // NaN and infinity have the largest
                    empty(lane);
                    top[lane] = 1.5 * Math.scalb(1.0, exponent);
                    isMoved = true;
                }
            }
        }
        return isMoved;
    }

    private Odd odd(int column) {
        if (odd[column] == null) {
            odd[column] = new Odd();
        }
        return odd[column];
    }

    private void empty(int lane) {
        if (allSize[lane] > 0) {
            addTo(odd(lane % columns).sum, lane);
            allHigh[lane] = 0;
            allMiddle[lane] = 0;
            allLow[lane] = 0;
            allSize[lane] = 0;
        }
    }

    private void addTo(Digits sum, int lane) {
        sum.add(allHigh[lane]);
        sum.add(allMiddle[lane]);
        sum.add(allLow[lane]);
    }

    private void addOneByOne(MemorySegment block, ElementType type, long from, long to, int column) {
        Odd its = odd(column);
        for (long at = from; at < to; at += lanes) {
            double number = type == ElementType.FLOAT64
                    ? block.get(FLOAT64, at * Double.BYTES)
                    : block.get(FLOAT32, at * Float.BYTES);
            if (Double.isFinite(number)) {
                its.sum.add(number);
            } else if (Double.isNaN(number)) {
                its.nans++;
            } else if (number > 0) {
                its.positiveInfinities++;
            } else {
                its.negativeInfinities++;
            }
        }
    }

    /** Writes of each column varints of how many are no NaN, are NaN, +inf and -inf, and the sum of all others as {@link Digits}. */
    public void write(ByteWriter out) {
        var sum = new Digits();
        for (int column = 0; column < columns; column++) {
            Odd its = odd[column];
            sum.clear();
            for (int lane = column; lane < lanes; lane += columns) {
                addTo(sum, lane);
            }
            out.putVarint(elements / columns - (its == null ? 0 : its.nans));
            out.putVarint(its == null ? 0 : its.nans);
            out.putVarint(its == null ? 0 : its.positiveInfinities);
            out.putVarint(its == null ? 0 : its.negativeInfinities);
            if (its != null) {
                sum.add(its.sum);
            }
            sum.write(out);
        }
    }
}
