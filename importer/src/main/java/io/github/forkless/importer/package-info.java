/**
 * Makes a table, an Arrow file that is read in place, of what other programs write. It runs in a process of its own, which can be
 * limited and ended: {@link io.github.forkless.importer.ImportMain}.
 *
 * <p>Each format has an {@link io.github.forkless.importer.Importer}; {@code Codecs} is what files are compressed with.
 */
package io.github.forkless.importer;
