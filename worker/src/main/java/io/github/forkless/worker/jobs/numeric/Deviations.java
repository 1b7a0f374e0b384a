package io.github.forkless.worker.jobs.numeric;

/**
 * Mean and squared deviations of finite numbers, merged by the formula of Chan, Golub and LeVeque: see {@link FloatStats}.
 *
 * <pre>
 *   state   | [0] n | [1-2] mean | [3] squared deviations | [4] large |
 * </pre>
 */
public final class Deviations {
    /** Deviations of numbers beyond 2 to this are taken in units of {@link #LARGE_UNIT}, so that squares do not overflow. */
    public static final int LARGE_EXPONENT = 450;

    static final double LARGE_UNIT = 0x1p600;

    /** Longs of a state. */
    static final int LONGS = 5;

    private long count;
    private double mean;

    /** What {@link #mean} is short of: at a mean of 1e9 its rounding errors would show in the 11th digit of stddev. */
    private double meanRest;

    private double squares;
    private boolean large;

    /**
     * Has these numbers and no others, none of them large.
     *
     * @param rest what the mean is short of
     * @param squaredDeviations the sum of the squares of each number's distance from the mean
     */
    public void set(long numbers, double newMean, double rest, double squaredDeviations) {
        count = numbers;
        mean = newMean;
        meanRest = rest;
        squares = squaredDeviations;
        large = false;
    }

    /** Appends a number. */
    public void add(double number) {
        boolean isLarge = Math.abs(number) >= 0x1p451; // 2 to LARGE_EXPONENT + 1
        merge(1, isLarge ? number / LARGE_UNIT : number, 0, 0, isLarge);
    }

    /** Appends the numbers of {@code other}, which stays as it is: the order matters to the last bits. */
    public void merge(Deviations other) {
        merge(other.count, other.mean, other.meanRest, other.squares, other.large);
    }

    /** @param otherLarge whether these are in units of {@link #LARGE_UNIT} */
    void merge(long otherCount, double otherMean, double otherRest, double otherSquares, boolean otherLarge) {
        if (otherCount == 0) {
            return;
        }
        if (count == 0) {
            count = otherCount;
            mean = otherMean;
            meanRest = otherRest;
            squares = otherSquares;
            large = otherLarge;
            return;
        }
        double rightMean = otherMean;
        double rightRest = otherRest;
        double rightSquares = otherSquares;
        if (large && !otherLarge) {
            rightMean /= LARGE_UNIT;
            rightRest /= LARGE_UNIT;
            rightSquares = rightSquares / LARGE_UNIT / LARGE_UNIT;
        } else if (otherLarge && !large) {
            mean /= LARGE_UNIT;
            meanRest /= LARGE_UNIT;
            squares = squares / LARGE_UNIT / LARGE_UNIT;
            large = true;
        }
        long total = count + otherCount;
        double share = (double) otherCount / total;
        double difference = (rightMean - mean) + (rightRest - meanRest);
        double step = difference * share;
        double sum = mean + step;
        // Knuth's two-sum: what the addition rounded off.
        double added = sum - mean;
        meanRest += (mean - (sum - added)) + (step - added);
        mean = sum;
        squares += rightSquares + difference * difference * share * count;
        count = total;
    }

    public long count() {
        return count;
    }

    /** To within a rounding error. */
    public double mean() {
        return mean;
    }

    /** What {@link #mean} is short of. */
    public double meanRest() {
        return meanRest;
    }

    public double squaredDeviations() {
        return squares;
    }

    /** The population's standard deviation; NaN when there is no number. */
    double stddev() {
        if (count == 0) {
            return Double.NaN;
        }
        double root = Math.sqrt(squares / count);
        return large ? root * LARGE_UNIT : root;
    }

    void write(long[] state, int at) {
        state[at] = count;
        state[at + 1] = Double.doubleToRawLongBits(mean);
        state[at + 2] = Double.doubleToRawLongBits(meanRest);
        state[at + 3] = Double.doubleToRawLongBits(squares);
        state[at + 4] = large ? 1 : 0;
    }

    void read(long[] state, int at) {
        count = state[at];
        mean = Double.longBitsToDouble(state[at + 1]);
        meanRest = Double.longBitsToDouble(state[at + 2]);
        squares = Double.longBitsToDouble(state[at + 3]);
        large = state[at + 4] != 0;
    }
}
