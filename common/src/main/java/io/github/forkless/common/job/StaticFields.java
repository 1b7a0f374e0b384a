package io.github.forkless.common.job;

import java.lang.reflect.Field;
import java.util.Set;

/**
 * Static fields that code reads which travels, by name, and whether its program has set them. Each process has static fields of
 * its own: what a program has set in its {@code main} is not set in a worker, and code that reads it there would see zero or null,
 * in silence.
 */
public final class StaticFields {
    private static final String NAME_FROM = "#";

    /** The value of a field that was never set. */
    private static final Set<Object> UNSET = Set.of((byte) 0, (short) 0, 0, 0L, 0f, 0d, '\0', false);

    private StaticFields() {}

    /** {@code package.Class#name}. */
    public static String name(Field field) {
        return field.getDeclaringClass().getName() + NAME_FROM + field.getName();
    }

    /** The field that {@link #name} names. Initializes its class. */
    public static Field named(String name, ClassLoader loader) throws ReflectiveOperationException {
        String[] parts = name.split(NAME_FROM, 2);
        return Class.forName(parts[0], true, loader).getDeclaredField(parts[1]);
    }

    /** Whether a field holds something else than zero, false or null. */
    public static boolean isSet(Field field) throws ReflectiveOperationException {
        field.setAccessible(true);
        Object value = field.get(null);
        return value != null && !UNSET.contains(value);
    }

    /**
     * The first field that is not set in this process; null if all are. Initializes the fields' classes, as the code that reads
     * them would.
     *
     * @param names of fields that are set where the code comes from
     */
    public static String firstUnset(Iterable<String> names, ClassLoader loader) {
        for (String name : names) {
            try {
                if (!isSet(named(name, loader))) {
                    return name.replace(NAME_FROM, ".");
                }
            } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
                // The code that reads it says what is wrong, in its own words.
            }
        }
        return null;
    }
}
