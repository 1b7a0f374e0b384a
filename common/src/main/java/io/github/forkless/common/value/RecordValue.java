package io.github.forkless.common.value;

import java.util.Map;

/**
 * A record whose class the reader does not know or does not trust: its parts, and nothing that could run.
 *
 * @param type the record's class name, as the sender gave it
 * @param components names and values in the order of declaration
 */
public record RecordValue(String type, Map<String, Object> components) {}
