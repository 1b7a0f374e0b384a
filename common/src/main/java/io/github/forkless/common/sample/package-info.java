/** Classes of records that {@code coordinator generate} writes: {@link io.github.forkless.common.sample.OrderEvent}. */
package io.github.forkless.common.sample;
