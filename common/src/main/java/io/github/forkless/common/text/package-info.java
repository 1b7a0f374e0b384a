/** Text that users make: {@link io.github.forkless.common.text.Text} carries any string between processes as it is. */
package io.github.forkless.common.text;
