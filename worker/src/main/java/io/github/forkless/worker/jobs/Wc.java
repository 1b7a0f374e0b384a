package io.github.forkless.worker.jobs;

import io.github.forkless.common.dataset.Block;
import io.github.forkless.common.dataset.Layout;
import io.github.forkless.common.job.Job;
import io.github.forkless.common.job.Summary;
import io.github.forkless.common.text.Swar;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The figures of {@code LC_ALL=C wc}: newlines; words, which are runs of bytes without white space among which at least
 * one is printable ASCII; bytes.
 */
@Summary("lines, words and bytes of a text, as LC_ALL=C wc counts them")
public record Wc() implements Job<Wc.Counts, Wc.Counts> {
    /** What is counted with one vector loop, a multiple of 8. */
    private static final int RUN = 4 << 10;

    /** One buffer must be addressable by an int; a multiple of {@link #RUN}. */
    private static final int CHUNK = 1 << 30;

    /** Partial and result alike. A block is whole lines, so no word crosses from one partial into another. */
    public record Counts(long lines, long words, long bytes) {}

    @Override
    public boolean accepts(Layout layout) {
        return layout instanceof Layout.Text;
    }

    @Override
    public Counts start() {
        return new Counts(0, 0, 0);
    }

    @Override
    public Counts accept(Counts counts, Block block) {
        var scan = new Scan();
        for (long start = 0; start < block.count(); start += CHUNK) {
            long length = Math.min(CHUNK, block.count() - start);
            scan.add(block.segment().asSlice(start, length).asByteBuffer().order(ByteOrder.LITTLE_ENDIAN));
        }
        return new Counts(counts.lines + scan.lines, counts.words + scan.words, counts.bytes + block.count());
    }

    @Override
    public Counts merge(Counts left, Counts right) {
        return new Counts(left.lines + right.lines, left.words + right.words, left.bytes + right.bytes);
    }

    @Override
    public Counts finish(Counts counts) {
        return counts;
    }

    /** What is carried through one block. */
    private static final class Scan {
        private long lines;
        private long words;
        /** 1 when a printable byte would start a word here, or else 0. */
        private long afterSpace = 1;

        void add(ByteBuffer text) {
            int limit = text.limit();
            int at = 0;
            while (at <= limit - RUN) {
                addRun(text, at);
                at += RUN;
            }
            for (; at <= limit - Long.BYTES; at += Long.BYTES) {
                addWord(text.getLong(at));
            }
            if (at < limit) {
                long rest = 0; // zeros neither start nor end a word
                for (int shift = 0; at < limit; shift += 8) {
                    rest |= (text.get(at++) & 0xffL) << shift;
                }
                addWord(rest);
            }
        }

        /**
         * A run of {@link #RUN} bytes. If it is printable ASCII and white space alone, a word starts where white space
         * comes before something else. That looks at the bytes and the bytes before them and at nothing that is carried
         * along, so it compiles to vector code; in three loops, because one that does it all does not (2 GB/s, not 18).
         */
        private void addRun(ByteBuffer text, int from) {
            int to = from + RUN;
            if (!isPlain(text, from, to)) {
                for (int i = from; i < to; i += Long.BYTES) {
                    addWord(text.getLong(i));
                }
                return;
            }
            addWord(text.getLong(from));
            lines += newlines(text, from + Long.BYTES, to);
            words += wordStarts(text, from + Long.BYTES, to);
            afterSpace = Swar.isWhiteSpace(text.get(to - 1)) ? 1 : 0;
        }

        private static boolean isPlain(ByteBuffer text, int from, int to) {
            long plain = Swar.HIGH;
            for (int i = from; i < to; i += Long.BYTES) {
                plain &= plain(text.getLong(i));
            }
            return plain == Swar.HIGH;
        }

        private static long newlines(ByteBuffer text, int from, int to) {
            long newlines = 0;
            for (int i = from; i < to; i += Long.BYTES) {
                newlines += Long.bitCount(Swar.zeros(text.getLong(i) ^ '\n' * Swar.EACH));
            }
            return newlines;
        }

        private static long wordStarts(ByteBuffer text, int from, int to) {
            long starts = 0;
            for (int i = from; i < to; i += Long.BYTES) {
                long before = text.getLong(i - 1);
                starts += Long.bitCount(Swar.whiteSpace(before) & ~Swar.whiteSpace(text.getLong(i)));
            }
            return starts;
        }

        private static long plain(long bytes) {
            return Swar.between(bytes, 31, 127) | Swar.between(bytes, '\t' - 1, '\r' + 1);
        }

        /**
         * Eight bytes of any kind. Those that are neither printable nor white space neither start nor end a word: what
         * holds before a run of them holds behind it, and an addition carries it across.
         */
        private void addWord(long bytes) {
            long spaces = Swar.whiteSpace(bytes) >>> 7;
            long printable = Swar.between(bytes, 32, 127) >>> 7;
            long others = Swar.EACH & ~(spaces | printable);
            long runs = others * 0xff;
            long fresh = spaces << 8 | afterSpace;
            long crossed = runs + (fresh & others);
            words += Long.bitCount((fresh | crossed & ~runs) & printable);
            afterSpace = spaces >>> 56 | (Long.compareUnsigned(crossed, runs) < 0 ? 1 : 0);
            lines += Long.bitCount(Swar.zeros(bytes ^ '\n' * Swar.EACH));
        }
    }
}
