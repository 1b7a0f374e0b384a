package io.github.forkless.coordinator.generate;

import io.github.forkless.common.dataset.DatasetException;
import io.github.forkless.common.dataset.ElementType;
import java.nio.file.Path;
import java.util.function.LongUnaryOperator;

/**
 * Generates datasets: raw little-endian numbers of which each depends on the seed and on its own place only, and records,
 * {@link OrderEvents}. The bytes are a promise: the same spec gives the same file on every machine, for every number of
 * threads, in every version.
 *
 * <p>Everything random comes from the words of {@code new SplittableRandom(seed).nextLong()}, a series with an
 * addressable middle. Uniform integers of any width are those words, in their order, cut into pieces of that width,
 * the low end first; of {@code uint64} the lowest bit is left out, so that no number is more than a long holds. Everything
 * else takes one word for each element: a uniform float its upper 53 ({@code float32}: 24; {@code float16}: 11) bits as a
 * fraction, which for {@code float64} is {@code SplittableRandom.nextDouble()}; a normal number of any
 * type a double by the ziggurat method, scaled and rounded.
 */
public final class DatasetGenerator {
    private DatasetGenerator() {}

    /**
     * Writes the dataset, complete and synced, or nothing at all.
     *
     * @param threads how many fill a file of numbers, 1 or more
     * @return whether it was written: false if there is such a file, and it is kept
     * @throws DatasetException if it cannot be written under that name, as {@link DatasetWriter#write} has it
     * @throws GenerateException if the disk is full or fails
     * @throws InterruptedException if the thread is interrupted
     */
    public static boolean generate(Path target, GenerateSpec spec, Existing existing, int threads)
            throws InterruptedException {
        if (spec.type() == ElementType.RECORDS) {
            return DatasetWriter.write(target, existing, new OrderEvents(spec.count(), spec.seed()));
        }
        return DatasetWriter.write(target, spec.bytes(), existing, filler(spec), threads);
    }

    /** What to store into the file. */
    static DatasetWriter.Filler filler(GenerateSpec spec) {
        long seed = spec.seed();
        ElementType type = spec.type();
        return switch (spec.distribution()) {
            case UNIFORM ->
                switch (type) {
                    case FLOAT16 -> new Elements(2, i -> halfBits((RandomWords.word(seed, i) >>> 53) * 0x1p-11f));
                    case FLOAT32 -> new Elements(4, i -> floatBits((RandomWords.word(seed, i) >>> 40) * 0x1p-24f));
                    case FLOAT64 -> new Elements(8, i -> doubleBits(RandomWords.unit(RandomWords.word(seed, i))));
                    case UINT64 -> new Elements(8, i -> RandomWords.word(seed, i) >>> 1);
                    default -> new Elements(8, i -> RandomWords.word(seed, i));
                };
            case NORMAL -> new Elements(type.width(), normal(type, seed));
            case SEQUENCE -> new Elements(type.width(), sequence(type));
            case CONSTANT -> {
                long one = sequence(type).applyAsLong(1);
                yield new Elements(type.width(), _ -> one);
            }
        };
    }

    private static LongUnaryOperator sequence(ElementType type) {
        return switch (type) {
            case FLOAT16 -> i -> halfBits(i);
            case FLOAT32 -> i -> floatBits(i);
            case FLOAT64 -> i -> doubleBits(i);
            default -> i -> i;
        };
    }

    private static LongUnaryOperator normal(ElementType type, long seed) {
        return switch (type) {
            case FLOAT16 -> i -> halfBits((float) Ziggurat.normal(RandomWords.word(seed, i)));
            case FLOAT32 -> i -> floatBits((float) Ziggurat.normal(RandomWords.word(seed, i)));
            case FLOAT64 -> i -> doubleBits(Ziggurat.normal(RandomWords.word(seed, i)));
            default -> {
                int bitsOfType = type == ElementType.UINT64 ? 63 : 8 * type.width();
                long smallest = type.isUnsigned() ? 0 : -1L << (bitsOfType - 1);
                long largest = smallest + (-1L >>> (64 - bitsOfType));
                double mean = type.isUnsigned() ? 1L << (bitsOfType - 1) : 0;
                double deviation = 1L << (bitsOfType - 4);
                yield i -> {
                    double value = mean + deviation * Ziggurat.normal(RandomWords.word(seed, i));
                    return Math.clamp((long) Math.rint(value), smallest, largest);
                };
            }
        };
    }

    private static long halfBits(float value) {
        return Float.floatToFloat16(value);
    }

    private static long floatBits(float value) {
        return Float.floatToRawIntBits(value);
    }

    private static long doubleBits(double value) {
        return Double.doubleToRawLongBits(value);
    }
}
