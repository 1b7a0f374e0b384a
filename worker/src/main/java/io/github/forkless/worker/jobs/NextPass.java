package io.github.forkless.worker.jobs;

import java.util.Map;

/**
 * What a job's {@code finish} returns in place of a result when it has to read the dataset again: the same job is to be
 * run once more, with these parameters in addition to those it had.
 *
 * @param parameters by name, as they would be typed
 */
public record NextPass(Map<String, String> parameters) {}
