package io.github.forkless.common.value;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The element classes of object arrays: the JDK's data types always, others if the reader grants them. */
final class ArrayComponent {
    private static final List<Class<?>> KNOWN = List.of(
            String.class,
            Boolean.class,
            Byte.class,
            Short.class,
            Integer.class,
            Long.class,
            Float.class,
            Double.class,
            Character.class,
            Number.class,
            BigInteger.class,
            BigDecimal.class,
            List.class,
            Set.class,
            Map.class);

    private static final List<Class<?>> PRIMITIVES = List.of(
            boolean.class, byte.class, short.class, char.class, int.class, long.class, float.class, double.class);

    /** The class that {@link Class#getName()} calls {@code name}; {@code Object} if it is not granted. */
    static Class<?> find(String name, TypeFinder types) {
        if (name.startsWith("[") && name.length() <= 255) {
            return elementOfArray(name.substring(1), types).arrayType();
        }
        for (Class<?> known : KNOWN) {
            if (known.getName().equals(name)) {
                return known;
            }
        }
        Class<?> found = types.find(name).orElse(null);
        if (found == null && name.startsWith("java.") && !name.startsWith("java.lang.")) {
            found = JdkValue.type(name);
        }
        return found == null ? Object.class : found;
    }

    private static Class<?> elementOfArray(String descriptor, TypeFinder types) {
        for (Class<?> primitive : PRIMITIVES) {
            if (primitive.descriptorString().equals(descriptor)) {
                return primitive;
            }
        }
        boolean isClass = descriptor.startsWith("L") && descriptor.endsWith(";");
        return find(isClass ? descriptor.substring(1, descriptor.length() - 1) : descriptor, types);
    }

    private ArrayComponent() {}
}
