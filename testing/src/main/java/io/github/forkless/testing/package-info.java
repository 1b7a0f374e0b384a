/**
 * What the tests of all modules share. {@link io.github.forkless.testing.Patience} says how long to wait on this machine;
 * {@link io.github.forkless.testing.TestDeadline} gives every test a deadline by it. {@link
 * io.github.forkless.testing.ArrowFiles} writes tables; {@link io.github.forkless.testing.ProcessVariables} reads those of others.
 */
package io.github.forkless.testing;
