package io.github.forkless.common.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.text.ParseException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PythonLiteralTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'text'",
                "''",
                "0",
                "-1",
                "9223372036854775807",
                "-9223372036854775808",
                "True",
                "False",
                "None",
                "()",
                "(1,)",
                "(1, 2)",
                "[]",
                "[1]",
                "[('a', '<i4'), ('b', [('c', '<f8', (2,))])]",
                "{}",
                "{'a': 1, 'b': {'c': (True, None)}}",
            })
    void literalsAreReadAndWrittenAsPythonDoes(String source) throws ParseException {
        assertThat(PythonLiteral.parse(source)).hasToString(source);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "  ( 1 , 2 , )  | (1, 2)",
                "(1) | 1",
                "((1)) | 1",
                "((1),) | (1,)",
                "(12L,) | (12,)",
                "+5 | 5",
                "-0 | 0",
                "{ 'a' : 1 , } | {'a': 1}",
                "[1,2,] | [1, 2]",
                "\"it's\" | 'it's'",
                "u'x' | 'x'",
                "b'x' | 'x'",
                "'\\x41\\101\\u0042\\U0001F600\\\\\\'' | 'AAB😀\\''",
            })
    void otherSpellingsMeanTheSame(String source, String meaning) throws ParseException {
        assertThat(PythonLiteral.parse(source)).hasToString(meaning);
    }

    @Test
    void controlCharactersCanBeEscaped() throws ParseException {
        assertThat(PythonLiteral.parse("'\\n\\r\\t\\a\\b\\f\\v\\0'"))
                .isEqualTo(new PythonLiteral.Text("\n\r\t\u0007\b\f\u000b\0"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "`` | 0 | expected a value, found its end",
                "x | 0 | expected a value, found 'x'",
                "Tru | 0 | expected a value, found 'T'",
                "- | 1 | expected a digit, found its end",
                "1.5 | 1 | expected nothing more, found '.'",
                "1 2 | 2 | expected nothing more, found '2'",
                "(1 2) | 3 | expected ')', found '2'",
                "(, ) | 1 | expected a value, found ','",
                "(1,,) | 3 | expected a value, found ','",
                "(1] | 2 | expected ')', found ']'",
                "[1 | 2 | expected ']', found its end",
                "{1: 2} | 1 | a key is not a string",
                "{'a' 2} | 5 | expected ':', found '2'",
                "{'a': 1 'b': 2} | 8 | expected '}', found '''",
                "{'a': 1, 'a': 2} | 9 | the key 'a' is there twice",
                "'abc | 0 | a string does not end",
                "'abc\\ | 5 | an escape that is not understood",
                "'\\N{DASH}' | 2 | an escape that is not understood",
                "'\\x4' | 4 | expected a hexadecimal digit, found '''",
                "'\\UFFFFFFFF' | 3 | no such character",
                "u5 | 1 | expected a string, found '5'",
                "(1, 02) | 4 | an integer begins with a zero",
                "9223372036854775808 | 0 | an integer does not fit 64 bits",
                "-9223372036854775809 | 0 | an integer does not fit 64 bits",
            })
    void whatIsNoLiteralIsAnErrorThatSaysWhere(String source, int at, String message) {
        assertRejected(source, at, message);
    }

    @Test
    void aStringEndsOnItsLine() {
        assertRejected("'a\n'", 0, "a string does not end on its line");
    }

    @Test
    void deepNestingIsAnErrorNotAnExhaustedStack() {
        assertRejected("[".repeat(1_000_000), 65, "brackets are nested more than 64 deep");
    }

    private static void assertRejected(String source, int at, String message) {
        assertThatExceptionOfType(ParseException.class)
                .isThrownBy(() -> PythonLiteral.parse(source))
                .withMessage(message)
                .satisfies(e -> assertThat(e.getErrorOffset()).isEqualTo(at));
    }
}
