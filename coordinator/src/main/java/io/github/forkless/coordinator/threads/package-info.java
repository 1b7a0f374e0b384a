/**
 * The engine whose workers are threads of this JVM: {@link io.github.forkless.coordinator.threads.ThreadEngine} starts them,
 * and {@code ThreadWorker} is one of them. A worker is sent the encoded messages that a child JVM would be sent, and what does
 * them is the same code.
 */
package io.github.forkless.coordinator.threads;
