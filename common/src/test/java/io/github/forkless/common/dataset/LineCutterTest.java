package io.github.forkless.common.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.forkless.testing.Thorough;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.function.LongPredicate;
import org.junit.jupiter.api.Test;

class LineCutterTest {

    @Test
    void theNextLineStartIsFound() throws IOException {
        Text text = new Text(8, i -> i == 2 || i == 6);

        LineCutter cutter = new LineCutter(text, 8);

        assertThat(cutter.lineStart(1)).isEqualTo(3);
        assertThat(cutter.lineStart(3)).isEqualTo(3);
        assertThat(cutter.lineStart(4)).isEqualTo(7);
        assertThat(cutter.lineStart(8)).isEqualTo(8);
        assertThat(cutter.lineStart(9)).isEqualTo(8);
    }

    @Test
    void everyByteValueButNewlineIsPartOfALine() throws IOException {
        for (int lane = 0; lane < 8; lane++) {
            for (int value = 0; value < 256; value++) {
                byte[] bytes = new byte[64];
                bytes[lane] = (byte) value;
                bytes[lane + 1] = '\n' + 1;
                bytes[40] = '\n';
                LineCutter cutter = new LineCutter((into, position) -> read(bytes, into, position), 64);

                assertThat(cutter.lineStart(1)).isEqualTo(value == '\n' ? lane + 1 : 41);
            }
        }
    }

    @Test
    void readsMayReturnLessThanAskedFor() throws IOException {
        Random random = new Random(6);
        byte[] bytes = "one\ntwo\n\nthree four five six seven\neight".getBytes(StandardCharsets.US_ASCII);
        String text = new String(bytes, StandardCharsets.US_ASCII);
        for (int i = 0; i < 200; i++) {
            LineCutter cutter = new LineCutter(
                    (into, position) -> {
                        into.limit(Math.min(into.limit(), 1 + random.nextInt(5)));
                        return read(bytes, into, position);
                    },
                    bytes.length);
            for (int position = 1; position <= bytes.length; position += 1 + random.nextInt(4)) {
                int newline = text.indexOf('\n', position - 1);
                assertThat(cutter.lineStart(position)).isEqualTo(newline < 0 ? bytes.length : newline + 1);
            }
        }
    }

    @Test
    void aGiantLineIsReadOnceHoweverManyCutsAreWanted() throws IOException {
        long size = Thorough.or(5L << 30, (1L << 31) + (1 << 20));
        Text text = new Text(size, i -> false);

        assertThat(Slices.lines(text, 0, new Slice(0, size), 10_000)).containsExactly(new Slice(0, size));

        assertThat(text.bytesRead).isLessThanOrEqualTo(size);
    }

    @Test
    void shortLinesAreReadOnlyAroundTheCuts() throws IOException {
        long size = 5L << 30;
        Text text = new Text(size, i -> i % 100 == 99);

        assertThat(Slices.lines(text, 0, new Slice(0, size), 1_000)).hasSize(1_000);

        assertThat(text.bytesRead).isLessThanOrEqualTo(1_000 * 4096);
    }

    @Test
    void noByteIsReadTwiceWhenCutsAreDense() throws IOException {
        long size = 1 << 20;
        Text text = new Text(size, i -> i % 100 == 99);

        assertThat(Slices.lines(text, 0, new Slice(0, size), 1 << 20)).hasSize((int) Math.ceilDiv(size, 100L));

        assertThat(text.bytesRead).isLessThanOrEqualTo(size);
    }

    @Test
    void textBehindAnOffsetIsCutByItsOwnCount() throws IOException {
        Text text = new Text(100, i -> i % 10 == 4);

        assertThat(Slices.lines(text, 25, new Slice(0, 75), 2)).containsExactly(new Slice(0, 40), new Slice(40, 75));
    }

    @Test
    void anEarlyEndIsAnError() {
        Text text = new Text(100, i -> false);

        assertThatExceptionOfType(EOFException.class)
                .isThrownBy(() -> new LineCutter(text, 200).lineStart(50))
                .withMessage("it ends at byte 100, before byte 200");
    }

    @Test
    void itGoesFromLeftToRight() throws IOException {
        LineCutter cutter = new LineCutter(new Text(100, i -> false), 100);
        cutter.lineStart(50);

        assertThatIllegalArgumentException().isThrownBy(() -> cutter.lineStart(49));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new LineCutter(new Text(100, i -> false), 100).lineStart(0));
    }

    private static int read(byte[] bytes, ByteBuffer into, long position) {
        if (position >= bytes.length) {
            return -1;
        }
        int length = (int) Math.min(into.remaining(), bytes.length - position);
        into.put(bytes, (int) position, length);
        return length;
    }

    /** Text of any size that is made up when it is read, and counts what is read of it. */
    private static final class Text implements LineCutter.PositionalReader {
        private static final byte[] ZEROS = new byte[1 << 20];

        private final long size;
        private final LongPredicate newlines;
        private final boolean none;
        private long bytesRead;

        Text(long size, LongPredicate newlines) {
            this.size = size;
            this.newlines = newlines;
            this.none = size > 1L << 30 && !newlines.test(99);
        }

        @Override
        public int read(ByteBuffer into, long position) {
            if (position >= size) {
                return -1;
            }
            int length = (int) Math.min(into.remaining(), size - position);
            bytesRead += length;
            if (none) {
                into.put(ZEROS, 0, length);
            } else {
                for (int i = 0; i < length; i++) {
                    into.put((byte) (newlines.test(position + i) ? '\n' : 'x'));
                }
            }
            return length;
        }
    }
}
