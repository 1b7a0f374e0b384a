package io.github.forkless.common.job;

import java.io.Serializable;

/** A task without a result that can travel to a worker, with what it captures. A lambda will do. */
@FunctionalInterface
public interface SerializableRunnable extends Runnable, Serializable {}
