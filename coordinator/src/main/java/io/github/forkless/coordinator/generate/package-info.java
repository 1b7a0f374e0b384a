/**
 * Writes a dataset of made-up numbers or records: quickly, the same bytes everywhere, and never half there under its name.
 *
 * <p>Start with {@link io.github.forkless.coordinator.generate.DatasetGenerator}: what each element is. It hands the
 * file itself to {@link io.github.forkless.coordinator.generate.DatasetWriter}, which reserves, fills, syncs and names
 * a file, whatever is in it.
 */
package io.github.forkless.coordinator.generate;
