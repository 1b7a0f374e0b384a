/**
 * Arrow IPC files, read where they are mapped, and written. Nothing else knows this format, and nothing here knows what a dataset is.
 *
 * <p>Start with {@link io.github.forkless.common.dataset.arrow.ArrowFile} and {@link
 * io.github.forkless.common.dataset.arrow.ArrowWriter}; {@code ArrowParts} knows streams, too. What a file says
 * is believed only as far as it fits together: whatever is in it, an {@link
 * io.github.forkless.common.dataset.arrow.ArrowException} is all that can come of it.
 */
package io.github.forkless.common.dataset.arrow;
