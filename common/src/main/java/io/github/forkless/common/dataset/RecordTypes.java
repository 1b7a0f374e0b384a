package io.github.forkless.common.dataset;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.openhft.chronicle.bytes.BytesMarshallable;

/**
 * Which classes records may be read as: those that a job or a program names. A file tells names of classes, which are compared
 * with these; it cannot have a class loaded. Safe for use by several threads.
 *
 * @param <T> what all of them are
 */
public final class RecordTypes<T> {
    /** For who wants no objects. */
    static final RecordTypes<?> NONE = new RecordTypes<>(List.of());

    /** The number of the class where records do not tell theirs. */
    static final int ONLY = -1;

    private final List<Type> types;

    record Type(Class<?> type, MethodHandle constructor) {}

    /** A record cannot be read as any of these. */
    static final class RefusedException extends Exception {
        private static final long serialVersionUID = 1L;

        RefusedException(String message) {
            super(message);
        }
    }

    private RecordTypes(List<Type> types) {
        this.types = types;
    }

    /**
     * @param type also stands for what it permits, if it is sealed
     * @throws IllegalArgumentException when one of them has no constructor without parameters
     */
    static <T> RecordTypes<T> of(Class<T> type, Class<?>... more) {
        List<Type> types = new ArrayList<>();
        add(type, types);
        for (Class<?> each : more) {
            add(each, types);
        }
        return new RecordTypes<>(List.copyOf(types));
    }

    /**
     * Classes that the program has named, and which travel by their names.
     *
     * @param loader finds them
     * @throws IllegalStateException when it does not, or one is no class of records
     */
    public static <T> RecordTypes<T> named(List<String> names, ClassLoader loader) {
        List<Type> types = new ArrayList<>();
        for (String name : names) {
            try {
                Class<?> type = Class.forName(name, false, loader);
                if (!BytesMarshallable.class.isAssignableFrom(type)) { // before any code of it runs
                    throw new IllegalStateException(name + " is no BytesMarshallable");
                }
                types.add(new Type(type, constructor(type)));
            } catch (ClassNotFoundException e) {
                throw new IllegalStateException(
                        "the class " + name + " of shared records is not found here: put it on the class path", e);
            }
        }
        return new RecordTypes<>(List.copyOf(types));
    }

    /** A cursor over a block of records as objects of these classes. */
    public RecordCursor<T> cursor(Block records) {
        return new RecordCursor<>(records, this);
    }

    private static void add(Class<?> type, List<Type> types) {
        if (!type.isInterface() && !Modifier.isAbstract(type.getModifiers())) {
            types.add(new Type(type, constructor(type)));
        }
        if (type.isSealed()) {
            Arrays.asList(type.getPermittedSubclasses()).forEach(each -> add(each, types));
        }
    }

    /** @throws IllegalArgumentException when it cannot be read back */
    static void requireReadable(Class<?> type) {
        constructor(type);
    }

    private static MethodHandle constructor(Class<?> type) {
        try {
            return MethodHandles.privateLookupIn(type, MethodHandles.lookup())
                    .findConstructor(type, MethodType.methodType(void.class))
                    .asType(MethodType.methodType(Object.class));
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException(
                    type.getName()
                            + " needs a constructor without parameters to be read from records, and must be static"
                            + " if it is within a class",
                    e);
        }
    }

    /** The class whose records have this number in the file, or {@link #ONLY}. */
    Type type(RecordIndex file, int number) throws RefusedException {
        return number == ONLY ? only() : named(file, number);
    }

    /** A new object of one of the classes. */
    @SuppressWarnings("unchecked") // all of them are T's
    T instance(Type type) {
        try {
            return (T) (Object) type.constructor.invokeExact();
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("cannot make a " + type.type.getName(), e);
        }
    }

    private Type only() throws RefusedException {
        if (types.isEmpty()) {
            throw new RefusedException(
                    "is read as an object, and nobody has said of which class: use records(Type.class)");
        }
        return types.getFirst();
    }

    private Type named(RecordIndex file, int number) throws RefusedException {
        List<String> names = file.classes();
        if (number >= names.size()) {
            throw new RefusedException(
                    "is of class " + number + " of the file, which has " + names.size() + " classes; it was changed");
        }
        String name = names.get(number);
        for (Type type : types) { // few, and mostly the first
            if (type.type.getName().equals(name)) {
                return type;
            }
        }
        throw new RefusedException("is a " + name + ", which is none of the classes that were named: " + named()
                + "; name it too, as in records(Type.class, More.class)");
    }

    private String named() {
        return types.isEmpty()
                ? "none"
                : String.join(
                        ", ", types.stream().map(each -> each.type.getName()).toList());
    }
}
