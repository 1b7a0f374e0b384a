package io.github.forkless.common.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.forkless.common.wire.ImportMessage.Done;
import io.github.forkless.common.wire.ImportMessage.Fault;
import io.github.forkless.common.wire.ImportMessage.Note;
import io.github.forkless.common.wire.ImportMessage.Read;
import io.github.forkless.common.wire.ImportMessage.Refused;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ImportMessageTest {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    @Test
    void whatIsWrittenIsRead() throws IOException {
        List<ImportMessage> messages = List.of(
                new Read(1, Long.MAX_VALUE),
                new Note("s\u00fcd\n\ud83d\ude00"),
                new Done(""),
                new Refused(Fault.REQUEST, "a"),
                new Refused(Fault.SOURCE, "b"),
                new Refused(Fault.TARGET, "x".repeat(100_000)));
        for (ImportMessage message : messages) {
            message.writeTo(new DataOutputStream(bytes));
        }
        var in = new DataInputStream(new ByteArrayInputStream(bytes.toByteArray()));

        for (ImportMessage message : messages) {
            assertThat(ImportMessage.readFrom(in)).isEqualTo(message);
        }
        assertThat(ImportMessage.readFrom(in)).isNull();
    }

    @Test
    void whatIsNoWholeMessageIsAnError() throws IOException {
        new Refused(Fault.TARGET, "text").writeTo(new DataOutputStream(bytes));
        byte[] whole = bytes.toByteArray();

        for (int length = 1; length < whole.length; length++) {
            byte[] part = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> read(part)).isInstanceOf(IOException.class);
        }
        assertThatThrownBy(() -> read(new byte[] {'x'})).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> read(new byte[] {'f', 3, 0, 0, 0, 0})).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> read(new byte[] {'n', -1, 0, 0, 0})).isInstanceOf(IOException.class);
    }

    private static ImportMessage read(byte[] bytes) throws IOException {
        return ImportMessage.readFrom(new DataInputStream(new ByteArrayInputStream(bytes)));
    }
}
