package io.github.forkless.coordinator.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class TerminalFilterTest {
    private final ByteArrayOutputStream terminal = new ByteArrayOutputStream();
    private final TerminalFilter filter = new TerminalFilter(terminal);

    @Test
    void passesTextAndItsLineEnds() throws Exception {
        String text = "Zürich\t日本 🦀\nof Windows\r\n";

        write(text);

        assertThat(shown()).isEqualTo(text);
    }

    @Test
    void showsOrdersToTheTerminal() throws Exception {
        write("\u001b[2J \u009b31m \u202eevil\u202c \u007f\u0007\b over\rwritten\r\r\n");

        assertThat(shown())
                .isEqualTo(
                        "\\u001b[2J \\u009b31m \\u202eevil\\u202c \\u007f\\u0007\\u0008 over\\u000dwritten\\u000d\r\n");
    }

    @Test
    void itDoesNotMatterHowBytesCome() throws Exception {
        String text = "é\u009b\u202e日🦀\r\n\r";
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            filter.write(b);
            filter.flush();
        }

        assertThat(shown()).isEqualTo("é\\u009b\\u202e日🦀\r\n");
    }

    @Test
    void whatIsNoUtf8CannotHideAnOrder() throws Exception {
        filter.write(
                new byte[] {(byte) 0xe2, (byte) 0x80, 0x1b, '[', (byte) 0x9b, (byte) 0xff, 'x', (byte) 0xc3, '\n'});

        assertThat(shown()).isEqualTo("\ufffd\\u001b[\ufffd\ufffdx\ufffd\n");
    }

    @Test
    void worksBeneathAPrintStream() {
        var stream = new PrintStream(filter, true, StandardCharsets.UTF_8);

        stream.println("one\u001b\r");
        stream.printf("%s%n", "two");

        assertThat(shown()).isEqualTo("one\\u001b\r\ntwo\n");
    }

    private void write(String text) throws IOException {
        filter.write(text.getBytes(StandardCharsets.UTF_8));
    }

    private String shown() {
        return terminal.toString(StandardCharsets.UTF_8);
    }
}
