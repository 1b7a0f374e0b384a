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
final class WideInteger {
    /** Longs of a state. */
    static final int LONGS = 3;

    private long low;
    private long middle;
    private long high;

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
        add(other.low, other.middle, other.high);
    }

    private void add(long lowBits, long middleBits, long highBits) {
        long lowSum = low + lowBits;
        long carry = Long.compareUnsigned(lowSum, lowBits) < 0 ? 1 : 0;
        long middleSum = middle + middleBits;
        long nextCarry = Long.compareUnsigned(middleSum, middleBits) < 0 ? 1 : 0;
        middleSum += carry;
        // Only an all-ones word wraps when 1 is added, so at most one of the two carries is set.
        nextCarry += carry == 1 && middleSum == 0 ? 1 : 0;
        low = lowSum;
        middle = middleSum;
        high += highBits + nextCarry;
    }

    BigInteger value() {
        return new BigInteger(ByteBuffer.allocate(LONGS * Long.BYTES)
                .putLong(high)
                .putLong(middle)
                .putLong(low)
                .array());
    }

    /** Writes the state's {@link #LONGS} longs. */
    void write(long[] state, int index) {
        state[index] = low;
        state[index + 1] = middle;
        state[index + 2] = high;
    }

    /** The number whose state {@link #write} put at {@code index}. */
    static WideInteger read(long[] state, int index) {
        WideInteger result = new WideInteger();
        result.add(state[index], state[index + 1], state[index + 2]);
        return result;
    }
}
