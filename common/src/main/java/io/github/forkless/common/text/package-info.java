/**
 * {@link io.github.forkless.common.text.Swar} searches text in bytes. Of text that comes from users and their code, {@link
 * io.github.forkless.common.text.Text} carries any string between processes as it is, {@link
 * io.github.forkless.common.text.Throwables} describes any exception, {@link io.github.forkless.common.text.Printable} makes
 * any text safe to show, and {@link io.github.forkless.common.text.Secrets} safe to keep.
 */
package io.github.forkless.common.text;
