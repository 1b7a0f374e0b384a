/**
 * Arrow files and streams of others as files that are read in place. Start with {@link
 * io.github.forkless.importer.arrow.ArrowCopy}; what reads and writes Arrow files is in {@link
 * io.github.forkless.common.dataset.arrow}.
 */
package io.github.forkless.importer.arrow;
