package io.github.forkless.worker.jobs.groups;

import io.github.forkless.common.column.Column;
import io.github.forkless.common.column.TextColumn;
import io.github.forkless.common.text.TextHash;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;

/** Keys that are texts. Of a column with a dictionary, each of its texts is looked up once. */
final class TextKeys extends Keys {
    private static final ValueLayout.OfLong INT64 = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private byte[] texts = new byte[1024];
    /** Where the text of each number ends; it begins where the one before ends. */
    private int[] ends = new int[64];

    private long[] hashes = new long[64];

    /** The numbers, each plus 1, of what is in the column's dictionary and was looked up. */
    private int[] ofCodes = new int[0];

    static TextKeys of(long[] ends, byte[] texts, int ofNull) {
        var keys = new TextKeys();
        MemorySegment all = MemorySegment.ofArray(texts);
        long from = 0;
        for (int number = 0; number < ends.length; number++) {
            MemorySegment text = all.asSlice(from, ends[number] - from);
            from = ends[number];
            if ((number == ofNull ? keys.numberOfNull() : keys.find(text)) != number) {
                throw new IllegalArgumentException("a key is there twice");
            }
        }
        return keys;
    }

    @Override
    void find(Column column, long from, int rows, int[] numbers) {
        var text = (TextColumn) column;
        if (!text.hasDictionary()) {
            for (int row = 0; row < rows; row++) {
                numbers[row] = numberOf(text.bytes(from + row));
            }
            return;
        }
        if (ofCodes.length < text.dictionary().count()) {
            ofCodes = Arrays.copyOf(ofCodes, Math.toIntExact(text.dictionary().count()));
        }
        text.copyCodes(from, rows, numbers);
        if (text.hasNulls()) {
            for (int row = 0; row < rows; row++) {
                numbers[row] = text.isNull(from + row) ? numberOfNull() : ofCode(text, numbers[row]);
            }
            return;
        }
        int row = 0;
        while ((row = replaceKnown(numbers, row, rows, ofCodes)) < rows) {
            numbers[row] = ofCode(text, numbers[row]);
            row++;
        }
    }

    /** Puts numbers in the place of codes, up to the first one that was not looked up yet, whose row it returns. */
    private static int replaceKnown(int[] codes, int from, int rows, int[] known) {
        for (int row = from; row < rows; row++) {
            int number = known[codes[row]] - 1;
            if (number < 0) {
                return row;
            }
            codes[row] = number;
        }
        return rows;
    }

    private int ofCode(TextColumn text, int code) {
        if (ofCodes[code] == 0) {
            ofCodes[code] = 1 + numberOf(text.dictionary().bytes(code));
        }
        return ofCodes[code] - 1;
    }

    private int numberOf(MemorySegment text) {
        return text == null ? numberOfNull() : find(text);
    }

    private int find(MemorySegment text) {
        long hash = hash(text);
        for (int place = place(hash); ; place = nextPlace(place)) {
            int number = at(place);
            if (number < 0) {
                return insert(place, hash, text);
            }
            if (hashes[number] == hash && isSame(number, text)) {
                return number;
            }
        }
    }

    private static long hash(MemorySegment text) {
        long length = text.byteSize();
        long hash = length;
        long at = 0;
        for (; at <= length - Long.BYTES; at += Long.BYTES) {
            hash = TextHash.mix(hash, text.get(INT64, at));
        }
        long rest = 0;
        for (; at < length; at++) {
            rest = rest << 8 | text.get(ValueLayout.JAVA_BYTE, at) & 0xff;
        }
        return TextHash.mix(hash, rest);
    }

    private boolean isSame(int number, MemorySegment text) {
        int from = start(number);
        int length = ends[number] - from;
        if (length != text.byteSize()) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (texts[from + i] != text.get(ValueLayout.JAVA_BYTE, i)) {
                return false;
            }
        }
        return true;
    }

    private int start(int number) {
        return number == 0 ? 0 : ends[number - 1];
    }

    private int insert(int place, long hash, MemorySegment text) {
        int number = insert(place);
        store(number, hash, text);
        grow();
        return number;
    }

    private void store(int number, long hash, MemorySegment text) {
        if (number == ends.length) {
            ends = Arrays.copyOf(ends, number + (number >> 1));
            hashes = Arrays.copyOf(hashes, ends.length);
        }
        int from = start(number);
        long end = from + text.byteSize();
        if (end > texts.length) {
            if (end > Integer.MAX_VALUE - 8) {
                throw new IllegalStateException(
                        "the keys of all groups have more than 2 GiB; group by a column with shorter or fewer texts");
            }
            texts = Arrays.copyOf(texts, (int) Math.max(end, Math.min(Integer.MAX_VALUE - 8, 2L * texts.length)));
        }
        MemorySegment.copy(text, ValueLayout.JAVA_BYTE, 0, texts, from, (int) text.byteSize());
        ends[number] = (int) end;
        hashes[number] = hash;
    }

    @Override
    void addNull() {
        store(ofNull(), 0, MemorySegment.NULL);
    }

    @Override
    int find(Keys others, int number) {
        var other = (TextKeys) others;
        return number == other.ofNull()
                ? numberOfNull()
                : find(MemorySegment.ofArray(other.texts)
                        .asSlice(other.start(number), other.ends[number] - other.start(number)));
    }

    /** Decoded, with U+FFFD in place of bytes that are not UTF-8. */
    String text(int number) {
        int from = start(number);
        return new String(texts, from, ends[number] - from, StandardCharsets.UTF_8);
    }

    @Override
    long hash(int number) {
        return hashes[number];
    }

    @Override
    Integer[] sorted() {
        Integer[] numbers = numbers();
        Comparator<Integer> byBytes =
                (one, other) -> Arrays.compareUnsigned(texts, start(one), ends[one], texts, start(other), ends[other]);
        Arrays.sort(
                numbers,
                Comparator.comparing((Integer number) -> number == ofNull()).thenComparing(byBytes));
        return numbers;
    }

    @Override
    PackedKeys packed() {
        long[] packedEnds = new long[size()];
        Arrays.setAll(packedEnds, number -> ends[number]);
        return new PackedKeys(packedEnds, Arrays.copyOf(texts, size() == 0 ? 0 : ends[size() - 1]), ofNull());
    }
}
