/**
 * What a coordinator and a worker say to each other over the worker's stdin and stdout: {@link
 * io.github.forkless.common.wire.Message}, and the frame it travels in. docs/protocol.md tells who says what when.
 * An importer has a language of its own, {@link io.github.forkless.common.wire.ImportMessage}.
 */
package io.github.forkless.common.wire;
