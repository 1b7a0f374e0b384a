package io.github.forkless.worker.jobs.groups;

import io.github.forkless.common.column.Column;
import io.github.forkless.common.column.TextColumn;
import io.github.forkless.common.text.TextHash;
import io.github.forkless.common.wire.ByteWriter;
import io.github.forkless.worker.jobs.texts.SortedTexts;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Keys that are texts. Of a column with a dictionary, each of its texts is looked up once. */
final class TextKeys extends Keys {
    private byte[] texts = new byte[1024];
    /** Where the text of each number ends; it begins where the one before ends. */
    private int[] ends = new int[64];

    private long[] hashes = new long[64];

    /** The text that is looked for. */
    private byte[] wanted = new byte[64];

    /** The last one; each file has its own. */
    private TextColumn dictionary;

    /** The numbers, each plus 1, of what is in that dictionary and was looked up. */
    private int[] ofCodes = new int[0];

    @Override
    void find(Column column, long from, int rows, int[] numbers) {
        var text = (TextColumn) column;
        if (!text.hasDictionary()) {
            for (int row = 0; row < rows; row++) {
                numbers[row] = numberOf(text.bytes(from + row));
            }
            return;
        }
        if (text.dictionary() != dictionary) {
            dictionary = text.dictionary();
            ofCodes = new int[Math.toIntExact(dictionary.count())];
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
        if (text.byteSize() > wanted.length) {
            wanted = new byte[Math.toIntExact(Long.highestOneBit(text.byteSize()) * 2)];
        }
        int length = (int) text.byteSize();
        MemorySegment.copy(text, ValueLayout.JAVA_BYTE, 0, wanted, 0, length);
        long hash = TextHash.hash(wanted, 0, length, Figures.END);
        for (int place = place(hash); ; place = nextPlace(place)) {
            int number = at(place);
            if (number < 0) {
                return insert(place, hash, length);
            }
            if (hashes[number] == hash && Arrays.equals(texts, start(number), ends[number], wanted, 0, length)) {
                return number;
            }
        }
    }

    private int start(int number) {
        return number == 0 ? 0 : ends[number - 1];
    }

    private int insert(int place, long hash, int length) {
        int number = insert(place);
        store(number, hash, length);
        grow();
        return number;
    }

    private void store(int number, long hash, int length) {
        if (number == ends.length) {
            ends = Arrays.copyOf(ends, number + (number >> 1));
            hashes = Arrays.copyOf(hashes, ends.length);
        }
        int from = start(number);
        long end = (long) from + length;
        if (end > texts.length) {
            if (end > Integer.MAX_VALUE - 8) {
                throw new IllegalStateException(
                        "the keys of all groups have more than 2 GiB; group by a column with shorter or fewer texts");
            }
            texts = Arrays.copyOf(texts, (int) Math.max(end, Math.min(Integer.MAX_VALUE - 8, 2L * texts.length)));
        }
        System.arraycopy(wanted, 0, texts, from, length);
        ends[number] = (int) end;
        hashes[number] = hash;
    }

    @Override
    void addNull() {
        store(ofNull(), 0, 0);
    }

    @Override
    long hashOf(int number) {
        return hashes[number];
    }

    @Override
    void write(int number, ByteWriter out) {
        SortedTexts.write(out, texts, start(number), ends[number] - start(number));
    }

    @Override
    public byte[] text(int place) {
        return Arrays.copyOfRange(texts, start(at(place)), ends[at(place)]);
    }

    /** Decoded, with U+FFFD in place of bytes that are not UTF-8. */
    static String shown(byte[] bytes, int from, int length) {
        return new String(bytes, from, length, StandardCharsets.UTF_8);
    }
}
