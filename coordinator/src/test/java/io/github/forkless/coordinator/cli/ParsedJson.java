package io.github.forkless.coordinator.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads JSON into maps, lists, strings, booleans, and numbers: Integer, Long or BigInteger, whichever is the smallest
 * that holds it, or Double.
 */
public final class ParsedJson {

    /** An object, and nothing behind it. */
    public static Map<String, Object> object(String text) {
        return map(parse(text));
    }

    public static Object parse(String text) {
        try (JsonParser json = new JsonFactory().createParser(text)) {
            json.nextToken();
            Object value = value(json);
            if (json.nextToken() != null) {
                throw new AssertionError("more than one value: " + text);
            }
            return value;
        } catch (IOException e) {
            throw new UncheckedIOException("not JSON: " + text, e);
        }
    }

    @SuppressWarnings("unchecked") // all keys that this class puts into a map are strings
    public static Map<String, Object> map(Object value) {
        return (Map<String, Object>) value;
    }

    public static List<Map<String, Object>> maps(Object list) {
        return ((List<?>) list).stream().map(ParsedJson::map).toList();
    }

    public static long integer(Object value) {
        return ((Number) value).longValue();
    }

    private static Object value(JsonParser json) throws IOException {
        return switch (json.currentToken()) {
            case START_OBJECT -> {
                Map<String, Object> object = new LinkedHashMap<>();
                while (json.nextToken() != JsonToken.END_OBJECT) {
                    String name = json.currentName();
                    json.nextToken();
                    if (object.put(name, value(json)) != null) {
                        throw new AssertionError("two fields named " + name);
                    }
                }
                yield object;
            }
            case START_ARRAY -> {
                List<Object> array = new ArrayList<>();
                while (json.nextToken() != JsonToken.END_ARRAY) {
                    array.add(value(json));
                }
                yield array;
            }
            case VALUE_STRING -> json.getText();
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> json.getNumberValue();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> null;
            case NOT_AVAILABLE, END_OBJECT, END_ARRAY, FIELD_NAME, VALUE_EMBEDDED_OBJECT ->
                throw new AssertionError(json.currentToken());
        };
    }

    private ParsedJson() {}
}
