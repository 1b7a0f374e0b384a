package io.github.forkless.coordinator.generate;

/**
 * Turns random words into normally distributed numbers of mean 0 and standard deviation 1: the ziggurat method of
 * Marsaglia and Tsang (Journal of Statistical Software 5(8), 2000) with the 256 layers they give, arranged like
 * Doornik's variant (An Improved Ziggurat Method to Generate Normal Random Samples, 2005), which takes the layer and
 * the position in it from different bits.
 *
 * <p>Half of the bell is covered by horizontal layers of equal area. A point at random in a layer that lies under the
 * layer above it is under the bell for certain, which settles 99 cases in 100 with one multiplication:
 *
 * <pre>
 *   |**..                       layer 255   edge[255], edge[256] = 0
 *   |****|**..
 *   |*********|***..            layer i     from 0 to edge[i]; sure up to edge[i + 1]
 *   |**************|*****....
 *   +----------------------+--------- layer 0: up to R, and the tail beyond R
 * </pre>
 *
 * <p>The rest continues with the words that follow from its own, so that an element still depends on nothing but the
 * seed and its number. Everything here is exactly rounded or from StrictMath: the same to the last bit on every
 * machine.
 */
final class Ziggurat {
    private static final int LAYERS = 256;

    /** Where layer 0 ends and the tail begins. */
    private static final double R = 3.6541528853610088;

    /** The area of each layer; of layer 0 with its tail. */
    private static final double AREA = 4.92867323399e-3;

    private static final double[] EDGE = new double[LAYERS + 1];

    /** The width of a layer over 2<sup>52</sup>, for a position as a signed number of 53 bits. */
    private static final double[] SCALE = new double[LAYERS];

    /** Positions nearer to 0 than this are under the bell for certain. */
    private static final long[] SURE = new long[LAYERS];

    static {
        // Layer 0 counts as wide as a rectangle of its height would be, had it the area of the tail as well.
        EDGE[0] = AREA / bell(R);
        EDGE[1] = R;
        for (int i = 2; i < LAYERS; i++) {
            EDGE[i] = StrictMath.sqrt(-2 * StrictMath.log(AREA / EDGE[i - 1] + bell(EDGE[i - 1])));
        }
        for (int i = 0; i < LAYERS; i++) {
            SCALE[i] = EDGE[i] * 0x1p-52;
            SURE[i] = (long) (EDGE[i + 1] / EDGE[i] * 0x1p52);
        }
    }

    private Ziggurat() {}

    /** The number that {@code word} stands for. */
    static double normal(long word) {
        int layer = (int) word & (LAYERS - 1);
        long position = word >> 11;
        if (Math.abs(position) < SURE[layer]) {
            return position * SCALE[layer];
        }
        return unsure(word);
    }

    /** Kept out of {@link #normal}, which is small enough to be compiled into the loop that calls it. */
    private static double unsure(long first) {
        long word = first;
        // The words after the first are the series whose seed is the first.
        for (long next = 0; ; next += 2) {
            int layer = (int) word & (LAYERS - 1);
            long position = word >> 11;
            double x = position * SCALE[layer];
            if (Math.abs(position) < SURE[layer]) {
                return x;
            }
            if (layer == 0) {
                return tail(first, next, x < 0);
            }
            double height = RandomWords.unit(RandomWords.word(first, next));
            if (bell(EDGE[layer]) + height * (bell(EDGE[layer + 1]) - bell(EDGE[layer])) < bell(x)) {
                return x;
            }
            word = RandomWords.word(first, next + 1);
        }
    }

    /** Beyond R: Marsaglia's method of 1964. */
    private static double tail(long seed, long from, boolean negative) {
        for (long next = from; ; next += 2) {
            // 1 minus a number of [0, 1) is never 0, which has no logarithm.
            double x = -StrictMath.log(1 - RandomWords.unit(RandomWords.word(seed, next))) / R;
            double y = -StrictMath.log(1 - RandomWords.unit(RandomWords.word(seed, next + 1)));
            if (2 * y >= x * x) {
                return negative ? -(R + x) : R + x;
            }
        }
    }

    private static double bell(double x) {
        return StrictMath.exp(-0.5 * x * x);
    }
}
