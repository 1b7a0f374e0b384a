/**
 * Writes Arrow files. Start with {@link io.github.forkless.importer.arrow.ArrowWriter}; what reads them is in {@link
 * io.github.forkless.common.dataset.arrow}.
 */
package io.github.forkless.importer.arrow;
