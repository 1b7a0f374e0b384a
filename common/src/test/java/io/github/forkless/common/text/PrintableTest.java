package io.github.forkless.common.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PrintableTest {

    @Test
    void lettersOfAllScriptsStay() {
        String text = "Zürich, 日本, 🦀, \u0627\u0644\u0639\u0631\u0628\u064a\u0629, e\u0301, \ufffd";

        assertThat(Printable.line(text)).isSameAs(text);
    }

    @Test
    void aTextHasTabsAndLines() {
        assertThat(Printable.text("a\tb\nc\r\u001b")).isEqualTo("a\tb\nc\\u000d\\u001b");
        assertThat(Printable.line("a\tb\nc")).isEqualTo("a\\u0009b\\u000ac");
    }

    @ParameterizedTest
    @CsvSource({
        "001b, escape",
        "0000, nothing",
        "0007, bell",
        "0008, back",
        "000a, line",
        "000d, return",
        "007f, delete",
        "009b, escape of eight bits",
        "0085, next line",
        "2028, line separator",
        "2029, paragraph separator",
        "061c, Arabic letter mark",
        "200e, left to right",
        "200f, right to left",
        "202a, embedding",
        "202e, override",
        "2066, isolate",
        "2069, end of one",
        "d83d, half of a pair"
    })
    void ordersToATerminalAreEscapes(String code, String what) {
        String order = Character.toString(Integer.parseInt(code, 16));

        assertThat(Printable.line("é" + order + "[2J")).as(what).isEqualTo("é\\u" + code + "[2J");
    }
}
