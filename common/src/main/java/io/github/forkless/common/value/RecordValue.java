package io.github.forkless.common.value;

import java.util.Map;
import java.util.Objects;

/**
 * A record whose class the reader does not know or does not trust: its parts, and nothing that could run.
 *
 * @param type the record's class name, as the sender gave it
 * @param components names and values in the order of declaration
 */
public record RecordValue(String type, Map<String, Object> components) {

    /** A record's own would be that of the map, a plain sum: of a million points of a grid, a thousand would be alike. */
    @Override
    public int hashCode() {
        int hash = type.hashCode();
        for (Map.Entry<String, Object> component : components.entrySet()) {
            int mixed = component.getKey().hashCode() * 0x9e3779b9 + Objects.hashCode(component.getValue());
            mixed = (mixed ^ mixed >>> 16) * 0x85ebca6b;
            mixed = (mixed ^ mixed >>> 13) * 0xc2b2ae35;
            hash += mixed ^ mixed >>> 16; // in any order, as maps are compared
        }
        return hash;
    }
}
