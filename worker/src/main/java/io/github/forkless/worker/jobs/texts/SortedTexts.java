package io.github.forkless.worker.jobs.texts;

import io.github.forkless.common.text.TextHash;
import io.github.forkless.common.wire.ByteReader;
import io.github.forkless.common.wire.ByteWriter;
import java.util.Arrays;

/**
 * Texts with their figures, each text once, in the order of their hashes.
 *
 * <pre>
 *   for each   varint    how long
 *              bytes     the text
 *              bytes     its figures, as {@link TextFigures} has them
 * </pre>
 *
 * <p>Two are merged by reading both from their start to their end. So time and memory grow with the texts, however many
 * there are: no table outgrows the processor's caches, and there is no object for each text that the garbage collector
 * would have to move.
 */
public final class SortedTexts {
    private final byte[] bytes;
    private final int length;

    /** @param bytes the texts, and perhaps room behind them */
    private SortedTexts(byte[] bytes, int length) {
        this.bytes = bytes;
        this.length = length;
    }

    /** @param bytes what {@link #toArray} gave */
    public static SortedTexts of(byte[] bytes) {
        return new SortedTexts(bytes, bytes.length);
    }

    /** A single one, with {@link NumberFigures}. */
    public static SortedTexts of(byte[] text, long[] values) {
        var out = new ByteWriter(text.length + (1 + values.length) * 10);
        write(out, text, 0, text.length);
        for (long value : values) {
            out.putVarint(value);
        }
        return of(out);
    }

    /** What was written, which is kept. */
    public static SortedTexts of(ByteWriter texts) {
        return new SortedTexts(texts.array(), texts.size());
    }

    public byte[] toArray() {
        return length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
    }

    int length() {
        return length;
    }

    public Cursor read(TextFigures figures) {
        return new Cursor(figures);
    }

    /** Goes from one text to the next. */
    public final class Cursor {
        private final ByteReader in = new ByteReader(bytes, 0, length);
        private final TextFigures figures;
        private int start;
        private int textLength;
        private int from;
        private int figuresAt;
        private int end;
        private long hash;

        private Cursor(TextFigures figures) {
            this.figures = figures;
        }

        /** Returns whether there is another one. */
        public boolean next() {
            start = end;
            in.moveTo(start);
            if (!in.hasRemaining()) {
                return false;
            }
            textLength = in.getCount(1);
            from = in.take(textLength);
            figuresAt = in.position();
            figures.skip(in);
            end = in.position();
            return true;
        }

        private boolean nextHashed() {
            boolean isThere = next();
            if (isThere) {
                hash = TextHash.hash(bytes, from, textLength, figures.end());
            }
            return isThere;
        }

        /** Moves to before the first one. */
        public void moveToStart() {
            end = 0;
        }

        /** Moves to the one that begins there: see {@link #start}. */
        public void moveTo(int begin) {
            end = begin;
            next();
        }

        /** Where it begins, before its length. */
        public int start() {
            return start;
        }

        /** The array that has the text, from {@link #from} on, {@link #length} bytes of it. */
        public byte[] array() {
            return bytes;
        }

        public int from() {
            return from;
        }

        public int length() {
            return textLength;
        }

        /** Where its figures are read from: valid until the next move. */
        public ByteReader figures() {
            in.moveTo(figuresAt);
            return in;
        }

        private int compare(Cursor other) {
            if (hash != other.hash) {
                return Long.compareUnsigned(hash, other.hash);
            }
            return compareTies(bytes, from, textLength, other.array(), other.from, other.textLength);
        }

        private void copy(ByteWriter out) {
            out.putRaw(bytes, start, end - start);
        }

        private void copyRest(ByteWriter out) {
            out.putRaw(bytes, start, length - start);
        }
    }

    /** Writes a text, which its figures have to follow. */
    public static void write(ByteWriter out, byte[] text, int from, int length) {
        out.putVarint(length);
        out.putRaw(text, from, length);
    }

    /** The order of texts of one hash. */
    static int compareTies(byte[] one, int from, int length, byte[] other, int otherFrom, int otherLength) {
        return length != otherLength
                ? Integer.compare(length, otherLength)
                : Arrays.compareUnsigned(one, from, from + length, other, otherFrom, otherFrom + otherLength);
    }

    /** The texts of both; for those that both have, the figures are merged. */
    static SortedTexts merged(SortedTexts one, SortedTexts other, TextFigures figures) {
        var out = new ByteWriter((int) Math.min((long) one.length + other.length, Integer.MAX_VALUE / 2));
        Cursor left = one.read(figures);
        Cursor right = other.read(figures);
        boolean hasLeft = left.nextHashed();
        boolean hasRight = right.nextHashed();
        while (hasLeft && hasRight) {
            int order = left.compare(right);
            if (order < 0) {
                left.copy(out);
                hasLeft = left.nextHashed();
            } else if (order > 0) {
                right.copy(out);
                hasRight = right.nextHashed();
            } else {
                write(out, one.bytes, left.from, left.textLength);
                figures.merge(left.figures(), right.figures(), out);
                hasLeft = left.nextHashed();
                hasRight = right.nextHashed();
            }
        }
        left.copyRest(out);
        right.copyRest(out);
        return of(out);
    }
}
