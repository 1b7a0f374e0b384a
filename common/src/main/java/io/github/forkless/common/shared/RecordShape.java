package io.github.forkless.common.shared;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Constructor;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Which columns records of a class have, how their values are had of a record, and how a record is made of them. */
final class RecordShape {
    private static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();

    private static final Map<Class<?>, ColumnType> PRIMITIVES = Map.of(
            boolean.class, ColumnType.BOOLEAN,
            byte.class, ColumnType.BYTE,
            short.class, ColumnType.SHORT,
            char.class, ColumnType.CHAR,
            int.class, ColumnType.INT,
            long.class, ColumnType.LONG,
            float.class, ColumnType.FLOAT,
            double.class, ColumnType.DOUBLE);

    /** Classes that are like records of these parts: the methods that return them, and the one that takes them. */
    private static final Map<Class<?>, Parts> LIKE_RECORDS = Map.of(
            Instant.class, new Parts("ofEpochSecond", "epochSecond getEpochSecond", "nano getNano"),
            Duration.class, new Parts("ofSeconds", "seconds getSeconds", "nano getNano"),
            LocalDate.class, new Parts("ofEpochDay", "epochDay toEpochDay"),
            LocalTime.class, new Parts("ofNanoOfDay", "nanoOfDay toNanoOfDay"),
            LocalDateTime.class, new Parts("of", "date toLocalDate", "time toLocalTime"),
            UUID.class, new Parts(null, "high getMostSignificantBits", "low getLeastSignificantBits"));

    /** @param factory null for the constructor */
    private record Parts(String factory, String... getters) {}

    /** A method handle has at most 255 arguments, of which a position takes two. */
    private static final int MOST_COMPONENTS = 120;

    /** Part of a record, or all of it. */
    sealed interface Field {
        /** Of the column; of what is nested, with the name of the column that it is nested in and a dot before. */
        String name();

        Class<?> type();

        /** From what it is part of, an {@code Object}, to what is said here; null for all of it. */
        MethodHandle getter();

        default boolean isNullable() {
            return !type().isPrimitive();
        }
    }

    /** A column. */
    record Value(String name, Class<?> type, ColumnType column, MethodHandle getter) implements Field {}

    /**
     * Several.
     *
     * @param maker from the parts to an {@code Object}
     * @param isNullable whether it can be null
     */
    record Group(
            String name, Class<?> type, MethodHandle getter, List<Field> parts, MethodHandle maker, boolean isNullable)
            implements Field {}

    private final Class<?> root;
    /** What is being looked at, and what that is in: none can be in itself. */
    private final List<Class<?>> path = new ArrayList<>();

    private RecordShape(Class<?> root) {
        this.root = root;
    }

    /** @throws IllegalArgumentException when they cannot be columns, naming the component */
    static Group of(Class<?> type) {
        if (!type.isRecord()) {
            throw new IllegalArgumentException(type.getName() + " is not a class of records");
        }
        return new RecordShape(type).record("", type, null, false);
    }

    private Group record(String name, Class<?> type, MethodHandle getter, boolean isNullable) {
        RecordComponent[] components = type.getRecordComponents();
        if (components.length > MOST_COMPONENTS) {
            throw new IllegalArgumentException("a record of " + components.length + " components, as " + type.getName()
                    + " is, cannot be shared as columns; put some of them into a record of their own");
        }
        path.add(type);
        List<Field> parts = new ArrayList<>();
        for (RecordComponent component : components) {
            String partName = name.isEmpty() ? component.getName() : name + "." + component.getName();
            parts.add(field(partName, component.getType(), handle(component.getAccessor()), type, component, true));
        }
        path.removeLast();
        try {
            Class<?>[] types =
                    Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
            return new Group(name, type, getter, parts, handle(type.getDeclaredConstructor(types)), isNullable);
        } catch (NoSuchMethodException e) {
            throw new AssertionError("every record has its canonical constructor", e);
        }
    }

    private Field field(
            String name,
            Class<?> type,
            MethodHandle getter,
            Class<?> owner,
            RecordComponent component,
            boolean isNullable) {
        ColumnType primitive =
                PRIMITIVES.get(MethodType.methodType(type).unwrap().returnType());
        if (primitive != null) {
            return new Value(name, type, primitive, getter);
        } else if (type == String.class) {
            return new Value(name, type, ColumnType.STRING, getter);
        } else if (type.isEnum()) {
            return new Value(name, type, ColumnType.ENUM, getter);
        } else if (LIKE_RECORDS.containsKey(type)) {
            return likeRecord(name, type, getter, isNullable);
        } else if (type.isRecord() && !path.contains(type)) {
            return record(name, type, getter, isNullable);
        }
        String what = path.contains(type)
                ? "is a " + type.getTypeName() + " in a " + type.getTypeName()
                : "is a " + component.getGenericType().getTypeName();
        throw new IllegalArgumentException(
                "records of " + root.getName() + " cannot be shared as columns: " + owner.getName()
                        + "." + component.getName() + " " + what
                        + "; a column is a primitive or its box, a String, an enum, an Instant, Duration, LocalDate,"
                        + " LocalTime, LocalDateTime or UUID, or a record of these: share a record without it, or"
                        + " objects of any shape with pool.shareRecords");
    }

    private Group likeRecord(String name, Class<?> type, MethodHandle getter, boolean isNullable) {
        Parts parts = LIKE_RECORDS.get(type);
        List<Field> fields = new ArrayList<>();
        try {
            for (String part : parts.getters) {
                String[] names = part.split(" ");
                Method method = type.getMethod(names[1]);
                fields.add(field(name + "." + names[0], method.getReturnType(), handle(method), type, null, false));
            }
            return new Group(name, type, getter, fields, maker(type, parts.factory, fields), isNullable);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError("the JDK has them", e);
        }
    }

    private static MethodHandle maker(Class<?> type, String factory, List<Field> fields)
            throws ReflectiveOperationException {
        Class<?>[] types = fields.stream().map(Field::type).toArray(Class<?>[]::new);
        if (factory == null) {
            return handle(type.getConstructor(types));
        }
        Class<?>[] taken =
                Arrays.stream(types).map(t -> t == int.class ? long.class : t).toArray(Class<?>[]::new);
        MethodHandle made = MethodHandles.publicLookup().findStatic(type, factory, MethodType.methodType(type, taken));
        return made.asType(MethodType.methodType(Object.class, types));
    }

    private static MethodHandle handle(Method getter) {
        try {
            getter.setAccessible(true);
            MethodHandle handle = LOOKUP.unreflect(getter);
            return handle.asType(handle.type().changeParameterType(0, Object.class));
        } catch (InaccessibleObjectException | IllegalAccessException e) {
            throw inaccessible(getter.getDeclaringClass(), e);
        }
    }

    private static MethodHandle handle(Constructor<?> constructor) {
        try {
            constructor.setAccessible(true);
            MethodHandle handle = LOOKUP.unreflectConstructor(constructor);
            return handle.asType(handle.type().changeReturnType(Object.class));
        } catch (InaccessibleObjectException | IllegalAccessException e) {
            throw inaccessible(constructor.getDeclaringClass(), e);
        }
    }

    private static IllegalArgumentException inaccessible(Class<?> type, Exception e) {
        return new IllegalArgumentException(
                "records of " + type.getName() + " cannot be read or made; open its package to "
                        + RecordShape.class.getModule() + ": " + e.getMessage(),
                e);
    }
}
