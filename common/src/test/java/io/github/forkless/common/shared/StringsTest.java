package io.github.forkless.common.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Strings are what they were. */
class StringsTest {
    private static final List<String> ODD = Arrays.asList(
            "",
            "a",
            null,
            "a",
            "\0",
            "é\u00ff",
            "\u0100",
            "日本語",
            "😀",
            "\ud83d",
            "\ude00\ud83d",
            "x\udfff",
            "a\u0000b",
            "z".repeat(127),
            "z".repeat(128),
            "z".repeat(129),
            "?".repeat(500),
            "?\ude00".repeat(500),
            "ÿ".repeat(20_000),
            "€".repeat(3_000_000),
            null);

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 21})
    void areReadAsTheyWere(int count) {
        List<String> some = ODD.subList(0, count);

        assertThat(all(SharedInFile.read(Strings.of(some)))).isEqualTo(some);
        assertThat(all(SharedInFile.read(Strings.of(some.toArray(String[]::new)))))
                .isEqualTo(some);
        assertThat(all(SharedInFile.read(Strings.of(some.stream())))).isEqualTo(some);
    }

    @Test
    void nullAloneIsReadAsNull() {
        assertThat(all(SharedInFile.read(Strings.of(null, null))))
                .containsOnlyNulls()
                .hasSize(2);
        assertThat(all(SharedInFile.read(Strings.of(Stream.of(null, null)))))
                .containsOnlyNulls()
                .hasSize(2);
    }

    private static List<String> all(Strings strings) {
        List<String> all = new ArrayList<>();
        for (long i = 0; i < strings.count(); i++) {
            all.add(strings.at(i));
        }
        return all;
    }

    @Test
    void manyAreReadAsTheyWereHoweverOftenEachComes() {
        List<String> many = IntStream.range(0, 300_000)
                .mapToObj(i -> i % 3 == 0 ? "often " + i % 70 : i % 3 == 1 ? "once " + i : "Ω" + i % 40_000)
                .toList();

        assertThat(all(SharedInFile.read(Strings.of(many)))).isEqualTo(many);
        assertThat(all(SharedInFile.read(Strings.of(many.stream().parallel())))).isEqualTo(many);
    }

    @Test
    void oneThatComesAgainTakesNoRoomAgain() {
        List<String> one = new ArrayList<>();
        List<String> several = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            one.add(new String("a rather long name"));
            several.add("a rather long nam" + (char) ('a' + i % 20));
        }
        assertThat(SharedInFile.bytes(Strings.of(one))).isLessThan(8 * 1000 + 64 + 32);
        assertThat(SharedInFile.bytes(Strings.of(several))).isLessThan(8 * 1000 + 64 + 20 * 32);
    }

    @Test
    void aPartHasSomeOfThem() {
        Strings part = SharedInFile.read(Strings.of("a", "b", "c", "d")).part(1, 3);

        assertThat(all(part)).containsExactly("b", "c");
        assertThat(all(part.part(1, 2))).containsExactly("c");
        assertThat(all(part.part(2, 2))).isEmpty();
        assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> part.at(2));
        assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> part.at(-1));
        assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> part.part(1, 3));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void aCollectionThatHasNotWhatItSaysIsRefused(int size) {
        var lying = new java.util.AbstractCollection<String>() {
            @Override
            public Iterator<String> iterator() {
                return List.of("a", "b").iterator();
            }

            @Override
            public int size() {
                return size;
            }
        };
        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> SharedInFile.read(Strings.of(lying)))
                .withMessageContaining("said that it has " + size + " elements");
    }
}
