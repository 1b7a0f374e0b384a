package io.github.forkless.worker.jobs.numeric;

import java.math.BigInteger;
import java.nio.ByteBuffer;

/**
 * A mutable 192-bit integer in two's complement: room for 2^63 squares of 64-bit integers (2^189).
 *
 * <pre>
 *   state   | [0] bits 0-63 | [1] bits 64-127 | [2] bits 128-191, signed |
 * </pre>
 */
public final class WideInteger {
    /** Longs of a state. */
    public static final int LONGS = 3;

    private final long[] state = new long[LONGS];

    /** Adds {@code value}. */
    void add(long value) {
        add(value, value >> 63, value >> 63);
    }

    /** Adds {@code value} times 2^32. */
    void addShifted32(long value) {
        add(value << 32, value >> 32, value >> 63);
    }

    /** Adds {@code value} times 2^64. */
    void addShifted64(long value) {
        add(0, value, value >> 63);
    }

    /** Adds {@code value} times 2^96. */
    void addShifted96(long value) {
        add(0, value << 32, value >> 32);
    }

    void add(WideInteger other) {
        add(other.state[0], other.state[1], other.state[2]);
    }

    private void add(long lowBits, long middleBits, long highBits) {
        add(state, 0, lowBits, middleBits, highBits);
    }

    /** Adds a number of three longs to the one whose state begins at {@code at}. */
    public static void add(long[] state, int at, long low, long middle, long high) {
        long lowSum = state[at] + low;
        long carry = Long.compareUnsigned(lowSum, low) < 0 ? 1 : 0;
        long middleSum = state[at + 1] + middle;
        long nextCarry = Long.compareUnsigned(middleSum, middle) < 0 ? 1 : 0;
        middleSum += carry;
        // Only an all-ones word wraps when 1 is added, so at most one of the two carries is set.
        nextCarry += carry == 1 && middleSum == 0 ? 1 : 0;
        state[at] = lowSum;
        state[at + 1] = middleSum;
        state[at + 2] += high + nextCarry;
    }

    BigInteger value() {
        return new BigInteger(ByteBuffer.allocate(LONGS * Long.BYTES)
                .putLong(state[2])
                .putLong(state[1])
                .putLong(state[0])
                .array());
    }

    /** Writes the state's {@link #LONGS} longs. */
    void write(long[] to, int index) {
        System.arraycopy(state, 0, to, index, LONGS);
    }

    /** The number whose state {@link #write} put at {@code index}. */
    static WideInteger read(long[] state, int index) {
        WideInteger result = new WideInteger();
        result.add(state[index], state[index + 1], state[index + 2]);
        return result;
    }
}
