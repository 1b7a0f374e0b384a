/**
 * Makes tables of what other programs write: an Arrow file, which is read in place, of a CSV file.
 *
 * <p>Start with {@link io.github.forkless.coordinator.importer.CsvImport}. {@link io.github.forkless.coordinator.importer.CsvType}
 * says what columns can be.
 */
package io.github.forkless.coordinator.importer;
