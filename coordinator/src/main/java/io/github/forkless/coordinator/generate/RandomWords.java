package io.github.forkless.coordinator.generate;

/**
 * Random numbers that are counted, not drawn: word i is a function of the seed and of i, so that any thread can make
 * any part of a dataset.
 *
 * <p>This is SplitMix64 (Steele, Lea and Flood: Fast Splittable Pseudorandom Number Generators, OOPSLA 2014, with
 * Stafford's mixing function 13), which only ever adds a constant to its state and mixes what it gets. Word i is what
 * {@code new SplittableRandom(seed).nextLong()} returns after i other calls; it passes BigCrush. In a loop it compiles
 * to vector code.
 */
final class RandomWords {
    /** The odd integer nearest to 2<sup>64</sup> divided by the golden ratio. */
    static final long GAMMA = 0x9e3779b97f4a7c15L;

    private RandomWords() {}

    static long word(long seed, long i) {
        return mix(seed + (i + 1) * GAMMA);
    }

    /** The word in [0, 1): its upper 53 bits, which is as fine as a double can be over the whole interval. */
    static double unit(long word) {
        return (word >>> 11) * 0x1p-53;
    }

    private static long mix(long z) {
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
