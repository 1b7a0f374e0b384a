package io.github.forkless.common.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Isolated("The default locale is everybody's.")
class TextTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "?",
                "gr\u00f6\u00dfe? \ud83d\ude00",
                "\ufffd",
                "\ud800",
                "\udfff?",
                "a\ud83d",
                "\ude00\ud83d",
                "\ud83d\ud83d\ude00\ude00",
                "\ud800\ufffd\u00e4\udbff\udc00\udc00"
            })
    void anyStringIsCarried(String text) {
        byte[] bytes = Text.encode(text);

        assertThat(Text.decode(bytes, 0, bytes.length)).isEqualTo(text);
    }

    @Test
    void formatsTheSameInEveryLocale() {
        Locale before = Locale.getDefault();
        try {
            for (String locale : List.of("ar-EG", "fa-IR", "de-DE", "tr-TR")) {
                Locale.setDefault(Locale.forLanguageTag(locale));
                assertThat(Text.format("%d of %.1f %04x", 12, 1.5, 255)).isEqualTo("12 of 1.5 00ff");
            }
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void randomStringsOfOddCharactersAreCarried() {
        char[] odd = {'a', '?', '\u00e4', '\u20ac', '\ufffd', '\ud800', '\udbff', '\udc00', '\udfff'};
        var random = new Random(7);
        for (int i = 0; i < 20_000; i++) {
            var text = new StringBuilder();
            for (int length = random.nextInt(8); length > 0; length--) {
                text.append(odd[random.nextInt(odd.length)]);
            }
            byte[] bytes = Text.encode(text.toString());
            assertThat(Text.decode(bytes, 0, bytes.length)).isEqualTo(text.toString());
        }
    }

    @Test
    void whatIsUnicodeIsUtf8() {
        String text = "gr\u00f6\u00dfe? \ud83d\ude00 \ufffd";

        assertThat(Text.encode(text)).isEqualTo(text.getBytes(StandardCharsets.UTF_8));
    }

    /** A lone byte, a character cut short, one in too many bytes, a pair as two halves, a number too large. */
    @ParameterizedTest
    @ValueSource(strings = {"80", "61e2", "c080", "eda080edb080", "f4908080", "eda0", "eda0efbfbd"})
    void whatNoStringIsEncodedAsIsNotDecoded(String hex) {
        byte[] bytes = HexFormat.of().parseHex("3f" + hex + "3f");

        assertThat(Text.decode(bytes, 1, bytes.length - 2)).isNull();
    }

    @Test
    void onlyLoneSurrogatesAreEscaped() {
        assertThat(Text.escaped("a \ud83d\ude00")).isEqualTo("a \ud83d\ude00");
        assertThat(Text.escaped("\udfffa \ud83d\ude00 \ud800")).isEqualTo("\\udfffa \ud83d\ude00 \\ud800");
    }

    @Test
    void aTextIsShortenedBetweenCharacters() {
        assertThat(Text.shortened("abc", 3)).isEqualTo("abc");
        assertThat(Text.shortened("abcd", 3)).isEqualTo("abc...");
        assertThat(Text.shortened("ab\ud83d\ude00", 3)).isEqualTo("ab...");
        assertThat(Text.shortened("ab\ud83dd", 3)).isEqualTo("ab\ud83d...");
    }
}
