package io.github.forkless.coordinator.cli;

import io.github.forkless.common.text.Text;
import io.github.forkless.coordinator.result.InvalidRequestException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A {@code name=value} from the command line. */
record Assignment(String name, String value) {

    /** The assignments in their order; {@code option} is what they were given with. */
    static Map<String, String> byName(String option, List<Assignment> assignments) {
        Map<String, String> values = new LinkedHashMap<>();
        for (Assignment assignment : assignments) {
            String before = values.put(assignment.name, assignment.value);
            if (before != null) {
                throw new InvalidRequestException(Text.format(
                        "%s %s is given twice: %s and %s", option, assignment.name, before, assignment.value));
            }
        }
        return values;
    }
}
