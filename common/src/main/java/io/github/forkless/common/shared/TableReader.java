package io.github.forkless.common.shared;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/** Makes records of one class of their columns. Safe for use by several threads. */
final class TableReader {
    private static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();

    private static final MethodHandle IS_THERE =
            find("isThere", MethodType.methodType(boolean.class, MemorySegment.class, long.class));
    private static final MethodHandle IS_TRUE = find("isTrue", MethodType.methodType(boolean.class, byte.class));
    private static final MethodHandle CONSTANT =
            find("constant", MethodType.methodType(Object.class, Object[].class, short.class));

    private final Table.Source source;
    /** From a row's number to the record. */
    private final MethodHandle maker;

    /** @throws IllegalStateException when this process's class is another than that of the records that were shared */
    TableReader(RecordShape.Group shape, Table.Source source) {
        this.source = source;
        this.maker = group(shape);
    }

    Object read(long row) {
        try {
            return maker.invokeExact(row);
        } catch (Throwable e) {
            throw TableWriter.ofProgram(e);
        }
    }

    private MethodHandle field(RecordShape.Field field) {
        return switch (field) {
            case RecordShape.Group group -> group(group);
            case RecordShape.Value value -> value(value);
        };
    }

    private MethodHandle group(RecordShape.Group group) {
        MethodHandle[] parts = group.parts().stream().map(this::field).toArray(MethodHandle[]::new);
        MethodHandle made = MethodHandles.filterArguments(group.maker(), 0, parts);
        if (parts.length == 0) {
            made = MethodHandles.dropArguments(made, 0, long.class);
        } else {
            made = MethodHandles.permuteArguments(
                    made, MethodType.methodType(Object.class, long.class), new int[parts.length]);
        }
        if (group.isNullable()) {
            made = orNull(made, source.column(group.name(), ColumnType.RECORD));
        }
        return made.asType(MethodType.methodType(group.name().isEmpty() ? Object.class : group.type(), long.class));
    }

    private MethodHandle value(RecordShape.Value value) {
        Table.Column column = source.column(value.name(), value.column());
        MethodHandle read = at(source.values(column));
        switch (value.column()) {
            case BOOLEAN -> read = MethodHandles.filterReturnValue(read, IS_TRUE);
            case ENUM ->
                read = MethodHandles.filterReturnValue(
                        read, CONSTANT.bindTo(value.type().getEnumConstants()));
            default -> {
                // as it is
            }
        }
        read = read.asType(MethodType.methodType(value.type(), long.class));
        return column.presence() < 0 ? read : orNull(read, column);
    }

    private MethodHandle orNull(MethodHandle read, Table.Column column) {
        MethodHandle isThere = IS_THERE.bindTo(source.presence(column));
        MethodHandle none = MethodHandles.empty(read.type());
        return MethodHandles.guardWithTest(isThere, read, none);
    }

    private static MethodHandle at(Object view) {
        Class<?> type = view.getClass();
        for (var method : type.getMethods()) {
            if (method.getName().equals("at")) {
                try {
                    return LOOKUP.unreflect(method).bindTo(view);
                } catch (IllegalAccessException e) {
                    throw new AssertionError("views are public", e);
                }
            }
        }
        throw new AssertionError("a view without at: " + type);
    }

    private static MethodHandle find(String name, MethodType type) {
        try {
            return LOOKUP.findStatic(TableReader.class, name, type);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError("it is there", e);
        }
    }

    /** @param bits see {@link TableWriter} */
    static boolean isThere(MemorySegment bits, long row) {
        return (bits.get(ValueLayout.JAVA_BYTE, row >>> 3) >>> (row & 7) & 1) != 0;
    }

    private static boolean isTrue(byte value) {
        return value != 0;
    }

    private static Object constant(Object[] constants, short ordinal) {
        return ordinal < 0 ? null : constants[ordinal];
    }
}
