package io.github.forkless.common.column;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * Texts, in UTF-8. Where each is one of a few, the file may have them once, in a dictionary, and for each row the number of its
 * text there: who groups by such a column compares numbers.
 */
public final class TextColumn extends Column {
    /** Null where there is a dictionary. */
    private final Slots slots;

    /** Null where there is none. */
    private final LongColumn codes;

    private final TextColumn dictionary;

    /** Without a dictionary. */
    public TextColumn(Slots slots, Validity validity, long count) {
        super(count, validity);
        this.slots = slots;
        this.codes = null;
        this.dictionary = null;
    }

    /** @param codes of each row that is not null, one of the dictionary's rows */
    public TextColumn(LongColumn codes, TextColumn dictionary) {
        super(codes.count(), codes.validity());
        this.slots = null;
        this.codes = codes;
        this.dictionary = dictionary;
    }

    /**
     * The text at a row, or null. Makes a string at each call.
     *
     * @throws IndexOutOfBoundsException when {@code row} is not from 0 to {@code count() - 1}
     */
    public String at(long row) {
        MemorySegment bytes = bytes(row);
        return bytes == null ? null : new String(bytes.toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
    }

    /**
     * Its bytes, in UTF-8, in place unless the file has another encoding; null where it is null.
     *
     * @throws IndexOutOfBoundsException when {@code row} is not from 0 to {@code count() - 1}
     */
    public MemorySegment bytes(long row) {
        if (isNull(row)) {
            return null;
        }
        return codes == null ? slots.at(Objects.checkIndex(row, count())) : dictionary.bytes(codes.at(row));
    }

    /** Whether the file has a dictionary for it. */
    public boolean hasDictionary() {
        return dictionary != null;
    }

    /**
     * The texts that there are, the same for all blocks.
     *
     * @throws IllegalStateException when there is no dictionary
     */
    public TextColumn dictionary() {
        if (dictionary == null) {
            throw new IllegalStateException("this column has no dictionary; see hasDictionary()");
        }
        return dictionary;
    }

    /**
     * Which row of the dictionary has the text of a row; anything where it is null.
     *
     * @throws IllegalStateException when there is no dictionary
     */
    public int code(long row) {
        return (int) codes().at(row);
    }

    /**
     * Copies {@link #code} of some rows, for whoever looks at them in a loop that has to be compiled soon.
     *
     * @throws IllegalStateException when there is no dictionary
     * @throws IndexOutOfBoundsException when not all of these rows are there
     */
    public void copyCodes(long from, int rows, int[] to) {
        codes().copy(from, rows, to);
    }

    private LongColumn codes() {
        dictionary();
        return codes;
    }
}
