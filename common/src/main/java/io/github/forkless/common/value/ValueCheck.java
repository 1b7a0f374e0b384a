package io.github.forkless.common.value;

import io.github.forkless.common.wire.ByteReader;
import io.github.forkless.common.wire.ByteSpan;
import io.github.forkless.common.wire.WireException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * Tells values from other bytes without making any: no code of anybody's runs, nothing is kept, and it takes time in
 * proportion to the bytes. What is in values is not looked at: that is for {@link ValueReader}, later, on another thread.
 */
public final class ValueCheck {
    private static final int SHOWN_BYTES = 32;

    private final ByteReader in;
    /** How many components the record classes have that appeared. */
    private final List<Integer> components = new ArrayList<>();

    private boolean isOver;

    private ValueCheck(ByteReader in) {
        this.in = in;
    }

    /**
     * @param content what a worker sent
     * @param count how many values that should be
     * @throws WireException when it is something else, showing how it begins
     */
    public static void require(ByteSpan content, int count) {
        ByteReader in = content.reader();
        var check = new ValueCheck(in);
        try {
            for (int i = 0; i < count && !check.isOver; i++) {
                check.skip(0);
            }
            if (!check.isOver) {
                in.expectEnd();
            }
        } catch (WireException e) {
            throw broken(content, e);
        }
    }

    /** {@code a result of 6 bytes that begins with 72 6d 20 2d 72 66 cannot be read: ...}. */
    public static WireException broken(ByteSpan content, WireException fault) {
        int from = content.from();
        int shown = Math.min(content.length(), SHOWN_BYTES);
        return new WireException("a result of " + content.length() + " bytes that begins with "
                + HexFormat.ofDelimiter(" ").formatHex(content.array(), from, from + shown) + " cannot be read: "
                + fault.getMessage());
    }

    private void skip(int depth) {
        if (depth > ValueWriter.MAX_DEPTH) {
            throw in.broken("nests values more than " + ValueWriter.MAX_DEPTH + " deep");
        }
        int tag = in.getByte();
        switch (tag) {
            case Tag.NULL, Tag.FALSE, Tag.TRUE -> {}
            case Tag.BYTE -> in.take(Byte.BYTES);
            case Tag.SHORT, Tag.CHAR -> in.take(Short.BYTES);
            case Tag.INT, Tag.FLOAT -> in.take(Integer.BYTES);
            case Tag.LONG, Tag.DOUBLE -> in.take(Long.BYTES);
            case Tag.STRING, Tag.BIG_INTEGER -> skipBytes();
            case Tag.BIG_DECIMAL -> {
                in.take(Integer.BYTES);
                skipBytes();
            }
            case Tag.ENUM -> {
                skipBytes();
                skipBytes();
            }
            case Tag.NEW_RECORD -> skipAll(newRecord(), depth);
            case Tag.RECORD -> skipAll(knownRecord(), depth);
            case Tag.LIST, Tag.SET, Tag.SORTED_SET -> skipAll(in.getCount(1), depth);
            case Tag.MAP, Tag.SORTED_MAP -> skipAll(2L * in.getCount(2), depth);
            case Tag.OBJECT_ARRAY -> {
                skipBytes();
                skipAll(in.getCount(1), depth);
            }
            case Tag.MARSHALLED -> isOver = true; // how long it is, only its class knows
            case Tag.OPTIONAL -> skip(depth + 1);
            case Tag.JDK_VALUE -> JdkValue.skip(in);
            case Tag.RESTART -> {
                components.clear();
                skip(depth + 1);
            }
            default -> {
                PrimitiveArray array = PrimitiveArray.ofTag(tag);
                if (array == null) {
                    throw in.broken("has no value of kind " + tag);
                }
                array.skip(in);
            }
        }
    }

    private void skipAll(long count, int depth) {
        for (long i = 0; i < count && !isOver; i++) {
            skip(depth + 1);
        }
    }

    private void skipBytes() {
        in.take(in.getCount(1));
    }

    private int newRecord() {
        skipBytes();
        int count = in.getCount(1);
        for (int i = 0; i < count; i++) {
            skipBytes();
        }
        components.add(count);
        return count;
    }

    private int knownRecord() {
        long number = in.getVarint();
        if (number >= components.size()) {
            throw in.broken("refers to record class " + number + ", but only " + components.size() + " have appeared");
        }
        return components.get((int) number);
    }
}
