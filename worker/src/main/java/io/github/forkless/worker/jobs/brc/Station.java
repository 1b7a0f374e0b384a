package io.github.forkless.worker.jobs.brc;

import io.github.forkless.common.text.TextHash;
import java.nio.charset.StandardCharsets;

/**
 * One name and its measurements, in tenths.
 *
 * <p>A name is kept as little-endian words: its bytes, the semicolon that ends it, and zeros. Its key is that of {@link
 * TextHash}; the second long of a long name's is its length.
 */
final class Station {
    private static final long MASK = (1 << Values.BIAS_BITS) - 1;

    final long key;
    final long key2;
    final long[] words;
    final int length;

    long sum;
    long count;
    int min = Integer.MAX_VALUE;
    int max = Integer.MIN_VALUE;

    Station(long key, long key2, long[] words, int length) {
        this.key = key;
        this.key2 = key2;
        this.words = words;
        this.length = length;
    }

    void add(int tenths) {
        sum += tenths;
        count++;
        if (tenths < min) {
            min = tenths;
        }
        if (tenths > max) {
            max = tenths;
        }
    }

    /** The count, and in the {@link Values#BIAS_BITS} bits each below it the minimum and the maximum, plus {@link Values#BIAS}. */
    long figures() {
        return (count << Values.BIAS_BITS | min + Values.BIAS) << Values.BIAS_BITS | max + Values.BIAS;
    }

    /** Adds another one's {@link #figures} and sum. */
    void add(long figures, long moreSum) {
        count += figures >>> 2 * Values.BIAS_BITS;
        sum += moreSum;
        min = Math.min(min, (int) (figures >>> Values.BIAS_BITS & MASK) - Values.BIAS);
        max = Math.max(max, (int) (figures & MASK) - Values.BIAS);
    }

    void add(Station other) {
        add(other.figures(), other.sum);
    }

    Station joined(Station other) {
        var joined = new Station(key, key2, words, length);
        joined.add(this);
        joined.add(other);
        return joined;
    }

    boolean hasNewline() {
        for (int i = 0; i < length; i++) {
            if ((byte) (words[i >>> 3] >>> (i << 3)) == '\n') {
                return true;
            }
        }
        return false;
    }

    /** How many words hold a name of {@code length} bytes and its semicolon. */
    static int wordCount(int length) {
        return length / Long.BYTES + 1;
    }

    String name() {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (words[i >>> 3] >>> (i << 3));
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** {@code -23.0/18.0/59.2}, with the mean rounded half up, towards positive infinity, from the exact sum. */
    @Override
    public String toString() {
        long mean = Math.floorDiv(2 * sum + count, 2 * count);
        var text = new StringBuilder();
        appendTenths(text, min);
        appendTenths(text.append('/'), mean);
        appendTenths(text.append('/'), max);
        return text.toString();
    }

    private static void appendTenths(StringBuilder text, long value) {
        long absolute = Math.abs(value);
        text.append(value < 0 ? "-" : "").append(absolute / 10).append('.').append(absolute % 10);
    }
}
