package io.github.forkless.common.wire;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** What an importer tells, on its stdout, the process that has started it. The last is {@link Done} or {@link Refused}. */
public sealed interface ImportMessage {

    /** How far it is. */
    record Read(long bytes, long of) implements ImportMessage {}

    /** Something that the user has to know, and that is no error. */
    record Note(String text) implements ImportMessage {}

    /** The table is written. */
    record Done(String answer) implements ImportMessage {}

    /** It cannot be done, and the message says why. */
    record Refused(Fault fault, String message) implements ImportMessage {}

    /** Where the reason is. */
    enum Fault {
        /** In what was asked for. */
        REQUEST,
        /** In the file that is read. */
        SOURCE,
        /** Where the table is written. */
        TARGET
    }

    default void writeTo(DataOutputStream out) throws IOException {
        switch (this) {
            case Read(long bytes, long of) -> {
                out.writeByte('r');
                out.writeLong(bytes);
                out.writeLong(of);
            }
            case Note(String text) -> {
                out.writeByte('n');
                write(text, out);
            }
            case Done(String answer) -> {
                out.writeByte('d');
                write(answer, out);
            }
            case Refused(Fault fault, String message) -> {
                out.writeByte('f');
                out.writeByte(fault.ordinal());
                write(message, out);
            }
        }
        out.flush();
    }

    /** Waits for the next one; null if there is none. */
    static ImportMessage readFrom(DataInputStream in) throws IOException {
        int kind = in.read();
        return switch (kind) {
            case -1 -> null;
            case 'r' -> new Read(in.readLong(), in.readLong());
            case 'n' -> new Note(read(in));
            case 'd' -> new Done(read(in));
            case 'f' -> {
                int fault = in.readByte();
                if (fault < 0 || fault >= Fault.values().length) {
                    throw new IOException("an importer's message has fault " + fault);
                }
                yield new Refused(Fault.values()[fault], read(in));
            }
            default -> throw new IOException("an importer's message begins with " + kind);
        };
    }

    private static void write(String text, DataOutputStream out) throws IOException {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(utf8.length);
        out.write(utf8);
    }

    private static String read(DataInputStream in) throws IOException {
        int length = in.readInt();
        byte[] utf8 = in.readNBytes(Math.max(length, 0));
        if (utf8.length != length) {
            throw new IOException("an importer's message has " + utf8.length + " of " + length + " bytes");
        }
        return new String(utf8, StandardCharsets.UTF_8);
    }
}
