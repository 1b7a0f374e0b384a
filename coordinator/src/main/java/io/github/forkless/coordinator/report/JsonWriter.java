package io.github.forkless.coordinator.report;

import java.io.IOException;
import java.io.Writer;
import java.math.BigDecimal;
import java.math.BigInteger;

/**
 * Writes JSON, value by value, on one line. Numbers have all their digits; NaN and infinities, which JSON lacks, are strings.
 * Programs that use the library get no library for this along with it. Not safe for use by several threads.
 */
public final class JsonWriter {
    private static final String HEX = "0123456789abcdef";

    private final Writer out;
    /** Whether a {@code <} is escaped, without which nothing of HTML can begin or end. */
    private final boolean isForHtml;

    private boolean needsComma;

    public JsonWriter(Writer out) {
        this(out, false);
    }

    private JsonWriter(Writer out, boolean isForHtml) {
        this.out = out;
        this.isForHtml = isForHtml;
    }

    /** For JSON that stands within a page. */
    static JsonWriter forHtml(Writer out) {
        return new JsonWriter(out, true);
    }

    public void writeStartObject() throws IOException {
        begin('{');
    }

    public void writeEndObject() throws IOException {
        end('}');
    }

    public void writeStartArray() throws IOException {
        begin('[');
    }

    public void writeEndArray() throws IOException {
        end(']');
    }

    /** Begins an object that is the value of {@code name}. */
    public void writeObjectFieldStart(String name) throws IOException {
        writeFieldName(name);
        writeStartObject();
    }

    /** Begins an array that is the value of {@code name}. */
    public void writeArrayFieldStart(String name) throws IOException {
        writeFieldName(name);
        writeStartArray();
    }

    /** The name of the value that is written next. */
    public void writeFieldName(String name) throws IOException {
        separate();
        quote(name);
        out.write(':');
        needsComma = false;
    }

    public void writeStringField(String name, String value) throws IOException {
        writeFieldName(name);
        writeString(value);
    }

    public void writeNumberField(String name, long value) throws IOException {
        writeFieldName(name);
        writeNumber(value);
    }

    public void writeNumberField(String name, double value) throws IOException {
        writeFieldName(name);
        writeNumber(value);
    }

    public void writeBooleanField(String name, boolean value) throws IOException {
        writeFieldName(name);
        writeBoolean(value);
    }

    public void writeString(String value) throws IOException {
        separate();
        quote(value);
    }

    public void writeNumber(long value) throws IOException {
        literal(Long.toString(value));
    }

    public void writeNumber(double value) throws IOException {
        if (Double.isFinite(value)) {
            literal(Double.toString(value));
        } else {
            writeString(Double.toString(value));
        }
    }

    public void writeNumber(float value) throws IOException {
        if (Float.isFinite(value)) {
            literal(Float.toString(value));
        } else {
            writeString(Float.toString(value));
        }
    }

    public void writeNumber(BigInteger value) throws IOException {
        literal(value.toString());
    }

    public void writeNumber(BigDecimal value) throws IOException {
        literal(value.toString());
    }

    public void writeBoolean(boolean value) throws IOException {
        literal(value ? "true" : "false");
    }

    public void writeNull() throws IOException {
        literal("null");
    }

    private void begin(char bracket) throws IOException {
        separate();
        out.write(bracket);
        needsComma = false;
    }

    private void end(char bracket) throws IOException {
        out.write(bracket);
        needsComma = true;
    }

    private void literal(String text) throws IOException {
        separate();
        out.write(text);
    }

    private void separate() throws IOException {
        if (needsComma) {
            out.write(',');
        }
        needsComma = true;
    }

    private void quote(String text) throws IOException {
        out.write('"');
        int written = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= ' ' && c != '"' && c != '\\' && (c != '<' || !isForHtml)) {
                continue;
            }
            out.write(text, written, i - written);
            written = i + 1;
            escape(c);
        }
        out.write(text, written, text.length() - written);
        out.write('"');
    }

    private void escape(char c) throws IOException {
        out.write('\\');
        switch (c) {
            case '"', '\\' -> out.write(c);
            case '\n' -> out.write('n');
            case '\r' -> out.write('r');
            case '\t' -> out.write('t');
            default -> {
                out.write("u00");
                out.write(HEX.charAt(c >> 4));
                out.write(HEX.charAt(c & 15));
            }
        }
    }
}
