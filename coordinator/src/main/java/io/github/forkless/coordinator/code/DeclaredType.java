package io.github.forkless.coordinator.code;

import io.github.forkless.common.value.ValueWriter;
import io.github.forkless.coordinator.result.InvalidRequestException;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.lang.reflect.WildcardType;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Refuses what is declared to be of a type that cannot travel, before there is a value. An interface, an abstract class and a
 * type variable do not tell; then the value is refused, where it is written or read.
 */
final class DeclaredType {
    private final String sentence;
    /** Null where it is not read here. */
    private final Collection<Class<?>> granted;

    private final Set<Class<?>> seen = new HashSet<>();

    private DeclaredType(String sentence, Collection<Class<?>> granted) {
        this.sentence = sentence;
        this.granted = granted;
    }

    /**
     * For what goes from worker to worker.
     *
     * @param what the beginning of a sentence that goes on with the type
     * @throws InvalidRequestException when it cannot be written
     */
    static void requireWritable(String what, Type declared) {
        new DeclaredType(what + declared.getTypeName(), null).require(declared, "");
    }

    /**
     * For what arrives here.
     *
     * @param what the beginning of a sentence that goes on with the type
     * @param granted classes that are made here, whatever they are
     * @throws InvalidRequestException when it cannot be written, or not be read
     */
    static void requireReadable(String what, Type declared, Collection<Class<?>> granted) {
        new DeclaredType(what + declared.getTypeName(), List.copyOf(granted)).require(declared, "");
    }

    /** @param part how the sentence goes on before the name of a part's class; empty for the whole */
    private void require(Type type, String part) {
        switch (type) {
            case Class<?> c when c.isArray() -> require(c.getComponentType(), part);
            case Class<?> c -> requireClass(c, part);
            case ParameterizedType p -> {
                Class<?> raw = (Class<?>) p.getRawType();
                requireClass(raw, part);
                if (Collection.class.isAssignableFrom(raw)
                        || Map.class.isAssignableFrom(raw)
                        || raw == Optional.class) {
                    for (Type argument : p.getActualTypeArguments()) {
                        require(argument, "; it holds a " + name(argument));
                    }
                }
            }
            case GenericArrayType a -> require(a.getGenericComponentType(), part);
            case WildcardType w -> require(w.getUpperBounds()[0], part);
            default -> {} // a variable
        }
    }

    private void requireClass(Class<?> type, String part) {
        if (!seen.add(type) || granted != null && granted.stream().anyMatch(type::isAssignableFrom)) {
            return;
        }
        if (ValueWriter.mayWrite(type)) {
            requireComponents(type);
        } else if (!ValueWriter.isMarshalled(type)) {
            throw new InvalidRequestException(sentence + part + ValueWriter.CANNOT_TRAVEL);
        } else if (granted != null) {
            throw new InvalidRequestException(
                    sentence + part + ", a BytesMarshallable, whose code runs here only if its"
                            + " class is granted: PoolOptions.withResultTypes(" + inSource(type.getName()) + ".class)");
        }
    }

    private void requireComponents(Class<?> type) {
        if (type.isRecord()) {
            for (RecordComponent component : type.getRecordComponents()) {
                Type of = component.getGenericType();
                require(of, "; '" + component.getName() + "' of " + type.getSimpleName() + " is a " + name(of));
            }
        }
    }

    private static String name(Type type) {
        return type.getTypeName();
    }

    /** A class's name as its program's source may have it. */
    static String inSource(String name) {
        return name.replaceFirst("^.*\\.(\\$JShell\\$\\w+\\$)?", "").replace('$', '.');
    }
}
