package io.github.forkless.common.job;

import java.util.Map;

/**
 * What a job finishes with in place of a result when it has to read the dataset again: the same job is run once more,
 * with these parameters in addition to those that it had. The job is a record, or has no parameters.
 *
 * @param parameters by name, as they would be typed
 */
public record NextPass(Map<String, String> parameters) {}
