package io.github.forkless.worker.jobs.brc;

import io.github.forkless.common.dataset.Block;
import io.github.forkless.common.text.Swar;
import io.github.forkless.common.text.TextHash;
import io.github.forkless.common.value.Packable;
import io.github.forkless.common.wire.ByteWriter;
import io.github.forkless.worker.jobs.texts.HashOrder;
import io.github.forkless.worker.jobs.texts.SortedTexts;
import io.github.forkless.worker.jobs.texts.TextRuns;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * The measurements of some rows by name: a hash table with open addressing, which grows with the names. They travel, and are
 * merged, as {@link SortedTexts}.
 *
 * <p>A row is read in words, without a branch that depends on what it holds unless its name is longer than 15 bytes.
 * Rows from two parts of a run are read in turn, so that the processor works on one while it waits for another. A run is
 * copied before it is read: an access to an array is checked with two instructions, one to a mapped buffer with fifteen.
 * {@link #row} is small, for a worker lives less than a second: user time for 50 million rows in a fresh JVM, 413 names
 * and 10,000, best of 7 in one interleaved run for each pair of neighbours, on a busy machine:
 *
 * <pre>
 *   row() called for three cursors, blocks of 128 KiB         0.81 s, 0.95 s
 *   runs of 16 KiB, so that the loop is compiled sooner       0.70 s, 0.93 s
 *   runs of 16 KiB copied, two cursors                        0.64 s, 0.83 s
 * </pre>
 *
 * <p>Tried, and given up: a loop over the whole run for each step (semicolons by vector instructions, values, places in a table
 * of longs, sums), in place, through a segment that is all memory. Once compiled it is fast, but it is half a dozen loops to
 * compile, each twice, and the whole process took 1.2 to 1.4 times the processor time.
 */
final class Stations implements Packable {
    private static final int FIRST_BITS = 12;

    /**
     * Bytes of rows that are copied into the first-level cache and added by one call: little, so that a call soon enters
     * compiled code.
     */
    private static final int RUN = 16 << 10;

    /** What a row that is no row is stopped by, wherever it comes to the end of a run. */
    private static final byte[] SENTINEL = ";00000000000000\n0000000000000000".getBytes(StandardCharsets.US_ASCII);

    /** What a name takes when it travels, mostly. */
    private static final int USUAL_BYTES = 24;

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final long SEMICOLONS = ';' * Swar.EACH;

    private Station[] table = new Station[1 << FIRST_BITS];
    private int shift = Long.SIZE - FIRST_BITS;
    private int size;
    private byte[] run;

    /** What has come from others, and is not in the table. */
    private final TextRuns runs = new TextRuns(new StationFigures());

    /** Thrown where something is wrong with a row; which one, and what, {@link RowCheck} finds out afterwards. */
    private static final class MalformedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        MalformedException() {
            super(null, null, false, false);
        }
    }

    /**
     * Adds the rows of a block of whole lines.
     *
     * @throws MalformedRowException when a line is not {@code name;value}
     */
    void add(Block block) {
        if (run == null) {
            run = new byte[RUN];
        }
        try {
            long at = 0;
            while (at < block.count()) {
                int length = copyRun(block, at);
                addRun(length);
                at += length;
            }
        } catch (MalformedException e) {
            throw RowCheck.firstMalformed(block);
        }
    }

    /** Copies whole lines into {@link #run}, with a newline behind the dataset's last line, and returns their length. */
    private int copyRun(Block block, long from) {
        int length = (int) Math.min(block.count() - from, run.length - SENTINEL.length - 1);
        MemorySegment.copy(block.segment(), ValueLayout.JAVA_BYTE, from, run, 0, length);
        if (from + length == block.count()) {
            length += run[length - 1] == '\n' ? 0 : 1;
        } else {
            while (length > 0 && run[length - 1] != '\n') {
                length--;
            }
            if (length == 0) {
                run = new byte[Math.multiplyExact(run.length, 2)];
                return copyRun(block, from);
            }
        }
        run[length - 1] = '\n';
        System.arraycopy(SENTINEL, 0, run, length, SENTINEL.length);
        return length;
    }

    /** Adds the rows of a run, from both halves in turn. */
    private void addRun(int end) {
        byte[] text = run;
        int a = 0;
        int aEnd = nextLine(text, end >>> 1);
        int b = aEnd;
        while (a < aEnd && b < end) {
            a = row(text, a);
            b = row(text, b);
        }
        if (a >= aEnd) {
            a = b;
            aEnd = end;
        }
        while (a < aEnd) {
            a = row(text, a);
        }
    }

    /** Where the line after the one with {@code from} in it starts. */
    private static int nextLine(byte[] text, int from) {
        int at = from;
        while (text[at] != '\n') {
            at++;
        }
        return at + 1;
    }

    private static long word(byte[] text, int at) {
        return (long) LONG.get(text, at);
    }

    /** Adds the row at {@code at} and returns where the next one starts. */
    private int row(byte[] text, int at) {
        long word = word(text, at);
        long word2 = word(text, at + 8);
        long found = semicolons(word);
        long found2 = semicolons(word2);
        Station station;
        int semicolon;
        if ((found | found2) != 0) {
            int bits = Long.numberOfTrailingZeros(found) & 0x78; // 64 if it is in the second word
            int bits2 = Long.numberOfTrailingZeros(found2) & 0x78;
            int isSecond = -(bits >>> 6);
            long key = word & (found ^ found - 1);
            long key2 = word2 & (found2 ^ found2 - 1) & isSecond;
            semicolon = at + (bits + (bits2 & isSecond) >>> 3);
            station = table[TextHash.place(key, key2, shift) & table.length - 1];
            if (station == null || station.key != key || station.key2 != key2) {
                station = findShort(key, key2, semicolon - at);
            }
        } else {
            station = findLong(text, at);
            semicolon = at + station.length;
        }
        long value = word(text, semicolon + 1);
        int point = Values.point(value);
        long biased = Values.biasedTenths(value, point);
        if (biased >>> Values.BIAS_BITS != 0) {
            throw new MalformedException();
        }
        station.add((int) biased - Values.BIAS);
        return semicolon + (point >>> 3) + 4;
    }

    /** The highest bit of each byte that is a semicolon; above the first one, others may be set. */
    private static long semicolons(long word) {
        return Swar.firstZeros(word ^ SEMICOLONS);
    }

    private Station findShort(long key, long key2, int length) {
        int mask = table.length - 1;
        for (int place = TextHash.place(key, key2, shift); ; place = place + 1 & mask) {
            Station station = table[place];
            if (station == null) {
                return insert(new Station(key, key2, null, length), place);
            }
            if (station.key == key && station.key2 == key2) {
                return station;
            }
        }
    }

    /** For a name of more than 15 bytes. */
    private Station findLong(byte[] text, int from) {
        long hash = 0;
        for (int at = from; ; at += Long.BYTES) {
            long word = word(text, at);
            long found = semicolons(word);
            hash = TextHash.mix(hash, found == 0 ? word : word & (found ^ found - 1));
            if (found != 0) {
                int length = at - from + (Long.numberOfTrailingZeros(found) >>> 3);
                return findLong(text, from, length, TextHash.longKey(hash, ';'));
            }
        }
    }

    private Station findLong(byte[] text, int from, int length, long key) {
        int mask = table.length - 1;
        for (int place = TextHash.place(key, length, shift); ; place = place + 1 & mask) {
            Station station = table[place];
            if (station == null) {
                return insert(new Station(key, length, words(text, from, length), length), place);
            }
            if (station.key == key && station.key2 == length && isAt(station.words, text, from)) {
                return station;
            }
        }
    }

    /** Whether a name of the right length, which has its semicolon there, is this one. */
    private static boolean isAt(long[] words, byte[] text, int from) {
        int last = words.length - 1;
        for (int i = 0; i < last; i++) {
            if (words[i] != word(text, from + (i << 3))) {
                return false;
            }
        }
        long word = word(text, from + (last << 3));
        long found = semicolons(word);
        return words[last] == (word & (found ^ found - 1));
    }

    private static long[] words(byte[] text, int from, int length) {
        long[] words = new long[Station.wordCount(length)];
        for (int i = 0; i <= length; i++) {
            words[i >>> 3] |= (text[from + i] & 0xffL) << (i << 3);
        }
        return words;
    }

    /** A name is checked when it first appears: one that is found in the table later is one that was checked. */
    private Station insert(Station station, int place) {
        if (station.length == 0 || station.hasNewline()) {
            throw new MalformedException();
        }
        table[place] = station;
        if (++size > table.length >> 2) {
            grow();
        }
        return station;
    }

    private void grow() {
        Station[] smaller = table;
        table = new Station[smaller.length * 4];
        shift -= 2;
        for (Station station : smaller) {
            if (station != null) {
                int place = TextHash.place(station.key, station.key2, shift);
                while (table[place] != null) {
                    place = place + 1 & table.length - 1;
                }
                table[place] = station;
            }
        }
    }

    /** Adds those of later rows. */
    void add(Stations others) {
        runs.add(others.sorted());
    }

    /** All, out of the table too. */
    private SortedTexts sorted() {
        if (size > 0) {
            runs.add(sortedTable());
            table = new Station[1 << FIRST_BITS];
            shift = Long.SIZE - FIRST_BITS;
            size = 0;
        }
        return runs.merged();
    }

    private SortedTexts sortedTable() {
        var out = new ByteWriter(size * USUAL_BYTES);
        for (int place : HashOrder.of(new Places(table), size, shift)) {
            table[place].write(out);
        }
        return SortedTexts.of(out);
    }

    private record Places(Station[] table) implements HashOrder.Table {
        @Override
        public boolean isFree(int place) {
            return table[place] == null;
        }

        @Override
        public long hash(int place) {
            return TextHash.hash(table[place].key, table[place].key2);
        }

        @Override
        public byte[] text(int place) {
            return table[place].name();
        }
    }

    /** The challenge's official form: {@code {Abha=-23.0/18.0/59.2, ...}}. */
    @Override
    public String toString() {
        return OfficialAnswer.of(sorted());
    }

    @Override
    public Packed packed() {
        return new PackedStations(sorted().toArray());
    }

    /**
     * How {@link Stations} travel.
     *
     * @param names as {@link SortedTexts} has them, with {@link StationFigures}
     */
    record PackedStations(byte[] names) implements Packed {
        @Override
        public Stations unpacked() {
            var stations = new Stations();
            stations.runs.add(SortedTexts.of(names));
            return stations;
        }
    }
}
