package io.github.forkless.worker.jobs;

import io.github.forkless.common.dataset.Block;
import io.github.forkless.common.dataset.ElementType;
import io.github.forkless.common.job.Job;
import io.github.forkless.common.job.Summary;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * The figures of {@code LC_ALL=C wc}: newlines; words, which are runs of bytes without white space among which at least
 * one is printable ASCII; bytes.
 */
@Summary("lines, words and bytes of a text, as LC_ALL=C wc counts them")
public record Wc() implements Job<Wc.Counts, Wc.Counts> {
    private static final ValueLayout.OfLong EIGHT_BYTES =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final long EACH = 0x0101010101010101L;
    private static final long HIGH = 0x80 * EACH;
    private static final long LOW = 0x7f * EACH;

    /** Partial and result alike. A block is whole lines, so no word crosses from one partial into another. */
    public record Counts(long lines, long words, long bytes) {}

    @Override
    public boolean accepts(ElementType type) {
        return type.isText();
    }

    @Override
    public Counts start() {
        return new Counts(0, 0, 0);
    }

    @Override
    public Counts accept(Counts counts, Block block) {
        MemorySegment text = block.segment();
        long size = block.count();
        long lines = 0;
        long words = 0;
        long inWord = 0; // 1 when the byte before belongs to a word that is counted
        long i = 0;
        for (; i + 8 <= size; i += 8) {
            long bytes = text.get(EIGHT_BYTES, i);
            long newlines = zeroBytes(bytes ^ '\n' * EACH);
            // One bit for each byte, its highest: set if the byte is 9 to 13 or 32.
            long spaces = zeroBytes(bytes ^ ' ' * EACH) | between(bytes, 8, 14);
            lines += Long.bitCount(newlines);
            if ((between(bytes, 32, 127) | spaces) == HIGH) {
                long wordBytes = ~spaces & HIGH;
                long starts = wordBytes & ~(wordBytes << 8 | inWord << 7);
                words += Long.bitCount(starts);
                inWord = wordBytes >>> 63;
            } else {
                // Bytes that are neither printable nor white space neither start nor end a word.
                for (int b = 0; b < 64; b += 8) {
                    long next = inWord(inWord, (int) (bytes >>> b) & 0xff);
                    words += next & ~inWord;
                    inWord = next;
                }
            }
        }
        for (; i < size; i++) {
            int b = text.get(ValueLayout.JAVA_BYTE, i) & 0xff;
            lines += b == '\n' ? 1 : 0;
            long next = inWord(inWord, b);
            words += next & ~inWord;
            inWord = next;
        }
        return new Counts(counts.lines + lines, counts.words + words, counts.bytes + size);
    }

    private static long inWord(long before, int b) {
        if (b == ' ' || b >= '\t' && b <= '\r') {
            return 0;
        }
        return b > ' ' && b < 0x7f ? 1 : before;
    }

    /** The highest bit of each byte that is 0. Exact, unlike the shorter form: no borrow runs into the next byte. */
    private static long zeroBytes(long bytes) {
        return ~((bytes & LOW) + LOW | bytes | LOW);
    }

    /** The highest bit of each byte that is above {@code low} and below {@code high}, both less than 128. */
    private static long between(long bytes, int low, int high) {
        long sevenBits = bytes & LOW;
        long aboveLow = sevenBits + (0x7f - low) * EACH;
        long belowHigh = (0x7f + high) * EACH - sevenBits;
        return ~bytes & aboveLow & belowHigh & HIGH;
    }

    @Override
    public Counts merge(Counts left, Counts right) {
        return new Counts(left.lines + right.lines, left.words + right.words, left.bytes + right.bytes);
    }

    @Override
    public Counts finish(Counts counts) {
        return counts;
    }
}
