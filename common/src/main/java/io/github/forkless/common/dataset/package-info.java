/**
 * What a dataset is: a file of typed numbers, of text, of records or of a table, or several, looked at before anything maps them.
 *
 * <p>Start with {@link io.github.forkless.common.dataset.Dataset} and its parts, each a {@link
 * io.github.forkless.common.dataset.DatasetFile}, which asks the formats in {@code DatasetFormat.ALL}
 * what a file holds and where: its {@link io.github.forkless.common.dataset.Layout}. {@link io.github.forkless.common.dataset.Slices}, which cuts it into
 * {@link io.github.forkless.common.dataset.Slice slices}. A
 * {@link io.github.forkless.common.dataset.FileIdentity} tells later whether it is still the same file. Everything that
 * can be wrong with the data is a {@link io.github.forkless.common.dataset.DatasetException}, in one line.
 */
package io.github.forkless.common.dataset;
