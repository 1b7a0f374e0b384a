package io.github.forkless.coordinator.report;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.CharacterEscapes;
import io.github.forkless.common.text.Text;
import io.github.forkless.common.value.RecordValue;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.lang.reflect.Array;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;

/**
 * Values as JSON. Numbers print in full; NaN and infinities, which JSON lacks, are strings. A map is an object, unless keys of it
 * would have one name there, of which readers keep one: then it is a list of keys and values.
 */
public final class Json {

    /**
     * A value within a line of text: a scalar as it is, anything else as JSON. What UTF-8 has no bytes for is escaped, as it is in
     * JSON.
     */
    static String inline(Object value) {
        if (value == null) { // no pattern switch: see Message.write
            return "none";
        }
        if (value instanceof Optional<?> optional) {
            return inline(optional.orElse(null));
        }
        boolean hasParts = value instanceof RecordValue
                || value instanceof Map
                || value instanceof Collection
                || value.getClass().isArray();
        return hasParts ? Text.escaped(of(value)) : text(value);
    }

    /** The name of a key or a component, or a scalar. */
    static String text(Object value) {
        return Text.escaped(String.valueOf(value));
    }

    /** A value, as a text. */
    public static String of(Object value) {
        var text = new StringWriter();
        try (JsonGenerator json = to(text)) {
            write(json, value);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // a StringWriter has none
        }
        return text.toString();
    }

    /** Writes to {@code out}, and leaves it open. */
    public static JsonGenerator to(Writer out) throws IOException {
        return open(new JsonFactory(), out);
    }

    /** The same for JSON that stands within a page. */
    static JsonGenerator forHtml(Writer out) throws IOException {
        JsonFactory factory = new JsonFactory();
        factory.setCharacterEscapes(new ForHtml());
        return open(factory, out);
    }

    private static JsonGenerator open(JsonFactory factory, Writer out) throws IOException {
        return factory.createGenerator(out).disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
    }

    /** The escapes that JSON needs, and one more, without which no element and no comment can begin or end. */
    private static final class ForHtml extends CharacterEscapes {
        private static final long serialVersionUID = 1;

        @Override
        public int[] getEscapeCodesForAscii() {
            int[] escapes = standardAsciiEscapesForJSON();
            escapes['<'] = ESCAPE_STANDARD;
            return escapes;
        }

        @Override
        public SerializableString getEscapeSequence(int character) {
            return null; // only asked for escapes that are not standard
        }
    }

    public static void write(JsonGenerator json, Object value) throws IOException {
        switch (value) {
            case null -> json.writeNull();
            case Boolean b -> json.writeBoolean(b);
            case Float f -> json.writeNumber(f);
            case Double d -> json.writeNumber(d);
            case BigInteger i -> json.writeNumber(i);
            case BigDecimal d -> json.writeNumber(d);
            case Number n -> json.writeNumber(n.longValue());
            case Optional<?> o -> write(json, o.orElse(null));
            case RecordValue r -> writeNamed(json, r.components());
            case Map<?, ?> m when hasNames(m) -> writeNamed(json, m);
            case Map<?, ?> m -> writePairs(json, m);
            case Collection<?> c -> {
                json.writeStartArray();
                for (Object item : c) {
                    write(json, item);
                }
                json.writeEndArray();
            }
            default -> {
                if (value.getClass().isArray()) {
                    writeArray(json, value);
                } else {
                    json.writeString(value.toString());
                }
            }
        }
    }

    private static void writeNamed(JsonGenerator json, Map<?, ?> named) throws IOException {
        json.writeStartObject();
        for (Map.Entry<?, ?> entry : named.entrySet()) {
            json.writeFieldName(String.valueOf(entry.getKey()));
            write(json, entry.getValue());
        }
        json.writeEndObject();
    }

    /** Whether its keys differ as text, too: 1 and "1" do not. */
    private static boolean hasNames(Map<?, ?> map) {
        var names = new HashSet<String>();
        return map.keySet().stream().allMatch(key -> key instanceof String)
                || map.keySet().stream().allMatch(key -> names.add(String.valueOf(key)));
    }

    private static void writePairs(JsonGenerator json, Map<?, ?> map) throws IOException {
        json.writeStartArray();
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            json.writeStartArray();
            write(json, entry.getKey());
            write(json, entry.getValue());
            json.writeEndArray();
        }
        json.writeEndArray();
    }

    private static void writeArray(JsonGenerator json, Object array) throws IOException {
        json.writeStartArray();
        for (int i = 0; i < Array.getLength(array); i++) {
            write(json, Array.get(array, i));
        }
        json.writeEndArray();
    }

    private Json() {}
}
