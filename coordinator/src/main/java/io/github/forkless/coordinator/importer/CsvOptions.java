package io.github.forkless.coordinator.importer;

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
public record CsvOptions(
        Map<String, CsvType> types,
        Optional<Boolean> hasHeader,
        Optional<Byte> delimiter,
        byte quote,
        String nullText) {}
