package io.github.forkless.importer;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.Arrays;

/**
 * The rows of a CSV file, one after another, each as places in an array of bytes. A field may be in quotes, with a quote in it
 * doubled; lines end with a newline, with or without a carriage return before it. Empty lines of a file of several columns are
 * passed over.
 */
final class CsvRows {
    /** None is longer than this. */
    private static final int MOST_BYTES = 256 << 20;

    private static final byte QUOTED = 1;
    private static final byte DOUBLED = 2;

    private static final int BUFFER_BYTES = 1 << 20;
    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

    private final ReadableByteChannel file;
    private final byte delimiter;
    private final byte quote;

    private byte[] bytes = new byte[BUFFER_BYTES];
    private int begin;
    private int limit;
    private boolean isEnd;
    private long read;

    private int count;
    private int[] from = new int[16];
    private int[] to = new int[16];
    /** Where the row behind this one begins. */
    private int next;
    /** Of a field: 0, or {@link #QUOTED}, or that and {@link #DOUBLED}. */
    private byte[] marks = new byte[16];

    private long row;
    private long line = 1;
    private int newlines;
    private boolean isBlankSkipped = true;

    /** A file that is no CSV. */
    static final class MalformedException extends IOException {
        private static final long serialVersionUID = 1L;

        MalformedException(String problem) {
            super(problem);
        }
    }

    CsvRows(ReadableByteChannel file, byte delimiter, byte quote) throws IOException {
        this.file = file;
        this.delimiter = delimiter;
        this.quote = quote;
        fill();
        begin = startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK.length : 0;
        next = begin;
    }

    private boolean startsWith(byte[] mark) {
        return limit >= mark.length && Arrays.equals(bytes, 0, mark.length, mark, 0, mark.length);
    }

    /** Whether there is one more. */
    boolean next() throws IOException {
        do {
            begin = next;
            line += newlines;
            newlines = 0;
            if (begin == limit && !fill()) {
                return false;
            }
            while (!scan()) {
                newlines = 0;
                fill();
            }
        } while (isBlankSkipped && count == 1 && to[0] == from[0] && marks[0] == 0);
        row++;
        for (int i = 0; i < count; i++) {
            if ((marks[i] & DOUBLED) != 0) {
                undouble(i);
            }
        }
        return true;
    }

    /** An empty line is the null of the only column. */
    void keepEmptyLines() {
        isBlankSkipped = false;
    }

    /** Moves what is left to the front, and reads behind it; false if there is nothing more. */
    private boolean fill() throws IOException {
        if (isEnd) {
            return begin < limit;
        }
        System.arraycopy(bytes, begin, bytes, 0, limit - begin);
        limit -= begin;
        next -= begin;
        begin = 0;
        if (limit == bytes.length) {
            if (bytes.length >= MOST_BYTES) {
                throw new MalformedException("it has more than 256 MiB; is a quote missing?");
            }
            bytes = Arrays.copyOf(bytes, 2 * bytes.length);
        }
        while (limit < bytes.length && !isEnd) {
            int got = file.read(ByteBuffer.wrap(bytes, limit, bytes.length - limit));
            isEnd = got < 0;
            limit += Math.max(got, 0);
            read += Math.max(got, 0);
        }
        return begin < limit;
    }

    /** Finds the fields of a row; false if more of it has to be read. */
    private boolean scan() throws MalformedException {
        byte[] all = bytes;
        int end = limit;
        int at = begin;
        count = 0;
        while (true) {
            if (at < end && all[at] == quote && quote != 0) {
                at = scanQuoted(at + 1);
                if (at < 0) {
                    return false;
                }
            } else {
                int start = at;
                while (at < end && all[at] != delimiter && all[at] != '\n') {
                    at++;
                }
                if (at == end && !isEnd) {
                    return false;
                }
                boolean isLast = at == end || all[at] == '\n';
                add(start, isLast && at > start && all[at - 1] == '\r' ? at - 1 : at, (byte) 0);
            }
            if (at == end || all[at] == '\n') {
                newlines++;
                next = Math.min(at + 1, end);
                return true;
            }
            at++;
        }
    }

    /** Where the field has ended that begins there; negative if more of it has to be read. */
    private int scanQuoted(int start) throws MalformedException {
        byte mark = QUOTED;
        int at = start;
        while (true) {
            if (at >= limit) {
                if (isEnd) {
                    throw new MalformedException("a quote is opened and never closed; mend it, or give --quote none");
                }
                return -1;
            }
            byte b = bytes[at];
            if (b == '\n') {
                newlines++;
            } else if (b == quote) {
                if (at + 2 >= limit && !isEnd) {
                    return -1;
                }
                if (at + 1 == limit || bytes[at + 1] != quote) {
                    break;
                }
                mark = QUOTED | DOUBLED;
                at++;
            }
            at++;
        }
        add(start, at, mark);
        at++;
        if (at + 1 < limit && bytes[at] == '\r' && bytes[at + 1] == '\n') {
            at++;
        }
        if (at < limit && bytes[at] != delimiter && bytes[at] != '\n') {
            throw new MalformedException("there is text behind a closing quote; double quotes that are part of a value,"
                    + " or give --quote none");
        }
        return at;
    }

    private void add(int start, int end, byte mark) {
        if (count == from.length) {
            from = Arrays.copyOf(from, 2 * count);
            to = Arrays.copyOf(to, 2 * count);
            marks = Arrays.copyOf(marks, 2 * count);
        }
        from[count] = start;
        to[count] = end;
        marks[count++] = mark;
    }

    private void undouble(int field) {
        int out = from[field];
        for (int at = from[field]; at < to[field]; at++) {
            bytes[out++] = bytes[at];
            if (bytes[at] == quote) {
                at++;
            }
        }
        to[field] = out;
    }

    int fields() {
        return count;
    }

    byte[] bytes() {
        return bytes;
    }

    int from(int field) {
        return from[field];
    }

    int to(int field) {
        return to[field];
    }

    boolean isQuoted(int field) {
        return marks[field] != 0;
    }

    /** Which row it is, from 1. */
    long row() {
        return row;
    }

    /** The line that it begins in, from 1. */
    long line() {
        return line;
    }

    /** Bytes of the file before the next row. */
    long position() {
        return read - (limit - next);
    }
}
