package io.github.forkless.importer;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What is known of a CSV file; the rest is found in it.
 *
 * @param types of columns, by their names
 * @param hasHeader whether the first row has the columns' names
 * @param quote around fields; 0 for none
 * @param nullText what stands for no value, besides nothing at all
 */
record CsvOptions(
        Map<String, CsvType> types,
        Optional<Boolean> hasHeader,
        Optional<Byte> delimiter,
        byte quote,
        String nullText) {

    /**
     * What was typed, which the command has looked at, but for types: {@code --as price=float32 --quote '"'}.
     *
     * @throws ImportRequestException if there is no such type
     */
    static CsvOptions parse(List<String> options) {
        Map<String, CsvType> types = new LinkedHashMap<>();
        Optional<Boolean> hasHeader = Optional.empty();
        Optional<Byte> delimiter = Optional.empty();
        byte quote = '"';
        String nullText = "";
        for (int i = 0; i + 1 < options.size(); i += 2) {
            String value = options.get(i + 1);
            switch (options.get(i)) {
                case "--as" -> {
                    int equals = value.lastIndexOf('='); // no type has one
                    types.put(value.substring(0, equals), type(value.substring(equals + 1)));
                }
                case "--header" -> hasHeader = Optional.of(value.equals("yes"));
                case "--delimiter" -> delimiter = Optional.of((byte) value.charAt(0));
                case "--quote" -> quote = value.isEmpty() ? 0 : (byte) value.charAt(0);
                case "--null" -> nullText = value;
                default -> throw new IllegalArgumentException(options.get(i));
            }
        }
        return new CsvOptions(types, hasHeader, delimiter, quote, nullText);
    }

    private static CsvType type(String text) {
        try {
            return CsvType.valueOf(text.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new ImportRequestException("--as: no type " + text + "; there are " + CsvType.labels());
        }
    }
}
