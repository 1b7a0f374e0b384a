package io.github.forkless.common.dataset;

import java.text.ParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The part of Python's literals that {@code .npy} headers are written in. {@code toString} writes each the way Python
 * would, near enough to name it in an error.
 */
sealed interface PythonLiteral {

    record Text(String value) implements PythonLiteral {
        @Override
        public String toString() {
            return "'" + value + "'";
        }
    }

    record Int(long value) implements PythonLiteral {
        @Override
        public String toString() {
            return Long.toString(value);
        }
    }

    record Bool(boolean value) implements PythonLiteral {
        @Override
        public String toString() {
            return value ? "True" : "False";
        }
    }

    record None() implements PythonLiteral {
        @Override
        public String toString() {
            return "None";
        }
    }

    record Tuple(List<PythonLiteral> items) implements PythonLiteral {
        @Override
        public String toString() {
            return joined(items, "(", items.size() == 1 ? ",)" : ")");
        }
    }

    /** A Python list; its name leaves {@link java.util.List} alone. */
    record Array(List<PythonLiteral> items) implements PythonLiteral {
        @Override
        public String toString() {
            return joined(items, "[", "]");
        }
    }

    /** Keys are strings, in the order written. */
    record Dict(Map<String, PythonLiteral> entries) implements PythonLiteral {
        @Override
        public String toString() {
            return entries.entrySet().stream()
                    .map(e -> "'" + e.getKey() + "': " + e.getValue())
                    .collect(Collectors.joining(", ", "{", "}"));
        }
    }

    /**
     * Reads one literal that fills {@code source} but for blanks around it.
     *
     * @throws ParseException if it is anything else, with the character where it goes wrong, from 0
     */
    static PythonLiteral parse(String source) throws ParseException {
        Parser parser = new Parser(source);
        PythonLiteral literal = parser.literal(0);
        parser.skipBlanks();
        if (parser.at < source.length()) {
            throw parser.unexpected("nothing more");
        }
        return literal;
    }

    private static String joined(List<PythonLiteral> items, String open, String close) {
        return items.stream().map(PythonLiteral::toString).collect(Collectors.joining(", ", open, close));
    }

    /** Recursive descent; the depth is bounded, so that no input can exhaust the stack. */
    final class Parser {
        private static final int MAX_DEPTH = 64;
        private static final char END = '\0';

        private final String source;
        private int at;

        private Parser(String source) {
            this.source = source;
        }

        private PythonLiteral literal(int depth) throws ParseException {
            if (depth > MAX_DEPTH) {
                throw new ParseException(
                        String.format(Locale.ROOT, "brackets are nested more than %d deep", MAX_DEPTH), at);
            }
            skipBlanks();
            char c = peek();
            return switch (c) {
                case '{' -> dict(depth);
                case '(' -> parenthesized(depth);
                case '[' -> new Array(items('[', ']', depth).list);
                case '\'', '"' -> new Text(text());
                case 'u', 'U', 'b', 'B' -> {
                    at++;
                    yield new Text(text());
                }
                case '-', '+', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> new Int(integer());
                case 'T' -> word("True", new Bool(true));
                case 'F' -> word("False", new Bool(false));
                case 'N' -> word("None", new None());
                default -> throw unexpected("a value");
            };
        }

        private PythonLiteral dict(int depth) throws ParseException {
            expect('{');
            Map<String, PythonLiteral> entries = new LinkedHashMap<>();
            while (!take('}')) {
                skipBlanks();
                int start = at;
                if (!(literal(depth + 1) instanceof Text(String key))) {
                    throw new ParseException("a key is not a string", start);
                }
                expect(':');
                // Python would take the last; a header that says two things is not to be believed.
                if (entries.put(key, literal(depth + 1)) != null) {
                    throw new ParseException(String.format(Locale.ROOT, "the key '%s' is there twice", key), start);
                }
                if (!take(',')) {
                    expect('}');
                    break;
                }
            }
            return new Dict(entries);
        }

        /** In Python the comma makes the tuple: {@code (3)} is a number. */
        private PythonLiteral parenthesized(int depth) throws ParseException {
            Items items = items('(', ')', depth);
            return items.list.size() == 1 && !items.commaAtEnd ? items.list.getFirst() : new Tuple(items.list);
        }

        private record Items(List<PythonLiteral> list, boolean commaAtEnd) {}

        private Items items(char open, char close, int depth) throws ParseException {
            expect(open);
            List<PythonLiteral> list = new ArrayList<>();
            boolean comma = false;
            while (!take(close)) {
                list.add(literal(depth + 1));
                comma = take(',');
                if (!comma) {
                    expect(close);
                    break;
                }
            }
            return new Items(list, comma);
        }

        private long integer() throws ParseException {
            int start = at;
            boolean negative = peek() == '-';
            if (negative || peek() == '+') {
                at++;
            }
            if (!isDigit(peek())) {
                throw unexpected("a digit");
            }
            int digits = at;
            // Counted downwards, because the smallest number has no positive twin.
            long value = 0;
            try {
                while (isDigit(peek())) {
                    value = Math.subtractExact(Math.multiplyExact(value, 10), source.charAt(at) - '0');
                    at++;
                }
                value = negative ? value : Math.negateExact(value);
            } catch (ArithmeticException e) {
                throw new ParseException("an integer does not fit 64 bits", start);
            }
            // An octal number to Python 2 and an error to Python 3.
            if (source.charAt(digits) == '0' && at > digits + 1) {
                throw new ParseException("an integer begins with a zero", start);
            }
            // Python 2 marked its long integers so.
            if (peek() == 'L') {
                at++;
            }
            return value;
        }

        private String text() throws ParseException {
            int start = at;
            char quote = peek();
            if (quote != '\'' && quote != '"') {
                throw unexpected("a string");
            }
            at++;
            StringBuilder text = new StringBuilder();
            while (at < source.length() && source.charAt(at) != quote) {
                char c = source.charAt(at++);
                if (c == '\n') {
                    throw new ParseException("a string does not end on its line", start);
                }
                if (c == '\\') {
                    escape(text);
                } else {
                    text.append(c);
                }
            }
            if (peek() != quote) {
                throw new ParseException("a string does not end", start);
            }
            at++;
            return text.toString();
        }

        private void escape(StringBuilder text) throws ParseException {
            char c = peek();
            at++;
            switch (c) {
                case '\\', '\'', '"' -> text.append(c);
                case 'n' -> text.append('\n');
                case 'r' -> text.append('\r');
                case 't' -> text.append('\t');
                case 'a' -> text.append('\u0007');
                case 'b' -> text.append('\b');
                case 'f' -> text.append('\f');
                case 'v' -> text.append('\u000b');
                case 'x' -> text.append((char) hexadecimal(2));
                case 'u' -> text.append((char) hexadecimal(4));
                case 'U' -> {
                    int codePoint = hexadecimal(8);
                    if (!Character.isValidCodePoint(codePoint)) {
                        throw new ParseException("no such character", at - 8);
                    }
                    text.appendCodePoint(codePoint);
                }
                case '0', '1', '2', '3', '4', '5', '6', '7' -> {
                    int value = c - '0';
                    for (int i = 0; i < 2 && peek() >= '0' && peek() <= '7'; i++) {
                        value = value * 8 + source.charAt(at++) - '0';
                    }
                    text.append((char) value);
                }
                default -> throw new ParseException("an escape that is not understood", at - 1);
            }
        }

        private int hexadecimal(int digits) throws ParseException {
            int value = 0;
            for (int i = 0; i < digits; i++) {
                int digit = Character.digit(peek(), 16);
                if (digit < 0) {
                    throw unexpected("a hexadecimal digit");
                }
                value = value << 4 | digit;
                at++;
            }
            return value;
        }

        private PythonLiteral word(String word, PythonLiteral meaning) throws ParseException {
            if (!source.startsWith(word, at)) {
                throw unexpected("a value");
            }
            at += word.length();
            return meaning;
        }

        private boolean take(char wanted) {
            skipBlanks();
            boolean there = peek() == wanted;
            if (there) {
                at++;
            }
            return there;
        }

        private void expect(char wanted) throws ParseException {
            if (!take(wanted)) {
                throw unexpected("'" + wanted + "'");
            }
        }

        private void skipBlanks() {
            while (" \t\n\r\f".indexOf(peek()) >= 0) {
                at++;
            }
        }

        /** The next character; {@link #END} after the last, which no literal contains outside a string. */
        private char peek() {
            return at < source.length() ? source.charAt(at) : END;
        }

        private static boolean isDigit(char c) {
            return c >= '0' && c <= '9';
        }

        private ParseException unexpected(String wanted) {
            String found = at < source.length() ? "'" + source.charAt(at) + "'" : "its end";
            return new ParseException("expected " + wanted + ", found " + found, at);
        }
    }
}
