/**
 * Partials and results as data: {@link io.github.forkless.common.value.ValueWriter} and {@link
 * io.github.forkless.common.value.ValueReader}. The reader decides which classes it makes objects of.
 */
package io.github.forkless.common.value;
