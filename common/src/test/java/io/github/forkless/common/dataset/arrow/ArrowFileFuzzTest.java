package io.github.forkless.common.dataset.arrow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.github.forkless.common.column.BinaryColumn;
import io.github.forkless.common.column.BooleanColumn;
import io.github.forkless.common.column.Column;
import io.github.forkless.common.column.ColumnType;
import io.github.forkless.common.column.DecimalColumn;
import io.github.forkless.common.column.DoubleColumn;
import io.github.forkless.common.column.IntColumn;
import io.github.forkless.common.column.LongColumn;
import io.github.forkless.common.column.TextColumn;
import io.github.forkless.testing.ArrowFiles;
import io.github.forkless.testing.Thorough;
import java.lang.foreign.MemorySegment;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever is in a file: an exception of ours, or values that can all be read; and soon. */
class ArrowFileFuzzTest {
    private static final int TRIES = Thorough.or(40_000, 15_000, 5_000);

    private static final List<byte[]> FILES = List.of(
            ArrowFiles.file(
                    List.of(
                            ArrowFiles.int32("a", 0, 9),
                            ArrowFiles.texts(
                                    "b", "x", null, "", "long enough to be more than a view", "y", "z", "", "", "1")),
                    4,
                    0),
            ArrowFiles.file(
                    List.of(
                            ArrowFiles.textViews("v", "x", null, "long enough to be more than a view"),
                            ArrowFiles.dictionaryTexts("d", "one", "two", "one"),
                            ArrowFiles.integers("u", 64, false, 1L, null, 3L),
                            ArrowFiles.booleans("t", true, null, false)),
                    2),
            ArrowFiles.file(
                    List.of(
                            ArrowFiles.struct(
                                    "s",
                                    ArrowFiles.int32("x", 0, 3),
                                    ArrowFiles.struct("n", ArrowFiles.int32("y", 0, 3))),
                            ArrowFiles.float64("f", 0.5, null, 1e300),
                            ArrowFiles.largeTexts("l", "a", "b", null),
                            ArrowFiles.timestamps("when", 1L, 2L, null),
                            ArrowFiles.decimals("m", 2, BigDecimal.ONE, null, BigDecimal.TEN),
                            ArrowFiles.bytes("w", 3, new byte[3], null, new byte[] {1, 2, 3})),
                    1,
                    1));

    private final Random random = new Random(20);
    private int read;

    @Test
    void changedFiles() {
        for (int i = 0; i < TRIES; i++) {
            byte[] file = FILES.get(i % FILES.size()).clone();
            for (int change = random.nextInt(1, 4); change > 0; change--) {
                change(file);
            }
            check(file);
        }
        // Of values and padding, most changes do no harm; nor would a reader that refused all of them be one.
        assertThat(read).isBetween(TRIES / 20, TRIES);
    }

    @Test
    void cutFiles() {
        for (byte[] file : FILES) {
            for (int length = 0; length < file.length; length++) {
                check(Arrays.copyOf(file, length));
            }
        }
        assertThat(read).isZero();
    }

    private void change(byte[] file) {
        int at = random.nextInt(file.length);
        switch (random.nextInt(4)) {
            case 0 -> file[at] ^= (byte) (1 << random.nextInt(8));
            case 1 -> file[at] = (byte) random.nextInt();
            case 2 -> {
                // Where numbers are.
                int word = Math.min(at / 4 * 4, file.length - 4);
                int[] numbers = {0, 1, -1, Integer.MAX_VALUE, Integer.MIN_VALUE, file.length, 1 << 24};
                ByteBuffer.wrap(file)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putInt(word, numbers[random.nextInt(numbers.length)]);
            }
            default -> {
                // The same as somewhere else: shared children, overlapping buffers.
                int length = Math.min(random.nextInt(1, 24), file.length - at);
                System.arraycopy(file, random.nextInt(file.length - length), file, at, length);
            }
        }
    }

    private void check(byte[] file) {
        try {
            readAll(ArrowFile.read(MemorySegment.ofArray(file)));
            read++;
        } catch (ArrowException e) {
            if (e.getMessage().isEmpty()) {
                fail("no word of what is wrong with " + HexFormat.of().formatHex(file));
            }
        } catch (RuntimeException | Error e) {
            fail("of a file of these bytes: " + HexFormat.of().formatHex(file), e);
        }
    }

    private static void readAll(ArrowFile file) throws ArrowException {
        if (file.obstacle().isPresent()) {
            return;
        }
        file.nulls();
        for (int column = 0; column < file.columns().size(); column++) {
            if (file.columns().get(column).type() == ColumnType.UNSUPPORTED) {
                continue;
            }
            for (int batch = 0; batch < file.batches(); batch++) {
                long rows = file.firstRow(batch + 1) - file.firstRow(batch);
                readAll(file.column(column, batch, 0, rows));
                readAll(file.column(column, batch, rows / 2, rows));
            }
        }
    }

    private static void readAll(Column column) {
        for (long row = 0; row < column.count(); row++) {
            switch (column) {
                case IntColumn ints -> ints.at(row);
                case LongColumn longs -> readLong(longs, row);
                case DoubleColumn doubles -> doubles.at(row);
                case BooleanColumn booleans -> booleans.at(row);
                case DecimalColumn decimals -> decimals.at(row);
                case TextColumn texts -> texts.at(row);
                case BinaryColumn binaries -> binaries.at(row);
            }
            column.isNull(row);
        }
        for (long word = 0; word < column.validity().words(); word++) {
            column.validity().word(word);
        }
    }

    private static void readLong(LongColumn longs, long row) {
        try {
            longs.at(row);
        } catch (ArithmeticException e) {
            assertThat(e).hasMessageContaining("more than a long holds");
        }
    }
}
