package io.github.forkless.common.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a view refuses to read. */
class ViewTest {
    private static final long COUNT = 4;
    /** Times any width, this is 0 in 64 bits. */
    private static final long OVERFLOWING = 1L << 63;

    @ParameterizedTest
    @ValueSource(longs = {-1, COUNT, OVERFLOWING, OVERFLOWING >>> 1, OVERFLOWING >>> 2, OVERFLOWING >>> 3, 1L << 61})
    void anIndexThatIsNotThereIsRefusedHoweverFarOff(long index) {
        for (Elements view : Elements.values()) {
            if (view != Elements.DATASET) {
                assertThatExceptionOfType(IndexOutOfBoundsException.class)
                        .as("%s at %d", view, index)
                        .isThrownBy(() -> at(view.of(memory(view)), index));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "DATASET")
    void aPartThatIsNotThereIsRefused(Elements view) {
        Object all = view.of(memory(view));
        for (long[] range : new long[][] {
            {-1, 1}, {3, 2}, {0, COUNT + 1}, {0, (1L << 62) + 1}, {1L << 61, (1L << 61) + 1}, {1L << 62, (1L << 62) + 1}
        }) {
            assertThatExceptionOfType(IndexOutOfBoundsException.class)
                    .as("%s from %d to %d", view, range[0], range[1])
                    .isThrownBy(() -> part(all, range[0], range[1]));
        }
        assertThat(part(all, COUNT, COUNT)).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, -2, Long.MIN_VALUE, (Long.MAX_VALUE >> 3) + 1})
    void thereCannotBeSoMany(long count) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Doubles.of(count, i -> i))
                .withMessage("from 0 to 1152921504606846975 elements can be shared, not " + count);
    }

    private static MemorySegment memory(Elements view) {
        return Arena.ofAuto().allocate(COUNT * view.width());
    }

    private static Object at(Object view, long index) {
        return switch (view) {
            case Bytes bytes -> bytes.at(index);
            case Shorts shorts -> shorts.at(index);
            case Chars chars -> chars.at(index);
            case Ints ints -> ints.at(index);
            case Longs longs -> longs.at(index);
            case Floats floats -> floats.at(index);
            case Doubles doubles -> doubles.at(index);
            default -> throw new AssertionError("an unknown view: " + view);
        };
    }

    private static Object part(Object view, long from, long to) {
        return switch (view) {
            case Bytes bytes -> bytes.part(from, to);
            case Shorts shorts -> shorts.part(from, to);
            case Chars chars -> chars.part(from, to);
            case Ints ints -> ints.part(from, to);
            case Longs longs -> longs.part(from, to);
            case Floats floats -> floats.part(from, to);
            case Doubles doubles -> doubles.part(from, to);
            default -> throw new AssertionError("an unknown view: " + view);
        };
    }
}
