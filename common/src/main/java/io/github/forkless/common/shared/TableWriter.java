package io.github.forkless.common.shared;

import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.ArrayList;
import java.util.List;

/** Writes records of one class as columns. Not safe for use by several threads. */
final class TableWriter {
    private static final MethodHandle BOOLEAN_BITS;
    private static final MethodHandle FLOAT_BITS;
    private static final MethodHandle DOUBLE_BITS;

    static {
        MethodHandles.Lookup lookup = MethodHandles.lookup();
        try {
            BOOLEAN_BITS =
                    lookup.findStatic(TableWriter.class, "bits", MethodType.methodType(long.class, boolean.class));
            FLOAT_BITS =
                    lookup.findStatic(Float.class, "floatToRawIntBits", MethodType.methodType(int.class, float.class));
            DOUBLE_BITS = lookup.findStatic(
                    Double.class, "doubleToRawLongBits", MethodType.methodType(long.class, double.class));
        } catch (ReflectiveOperationException e) {
            throw new AssertionError("they are there", e);
        }
    }

    private final ColumnFile file;
    private final long count;
    private final List<Added> added = new ArrayList<>();
    private final Putter all;

    /** Writes part of a record. */
    private interface Putter {
        /** @param owner null where that is */
        void put(Object owner);
    }

    /** What a {@link Table.Column} will be; each number is -1, or which it is in the file. */
    private record Added(String name, ColumnType type, int values, int presence) {}

    /** @param count {@link ColumnFile#UNKNOWN}, or how many records there will be */
    TableWriter(RecordShape.Group shape, ColumnFile file, long count) throws IOException {
        this.file = file;
        this.count = count;
        this.all = putter(shape);
    }

    /** How many columns there will be in the file. */
    static int columns(RecordShape.Group shape) {
        int n = 1;
        for (RecordShape.Field part : shape.parts()) {
            n += part instanceof RecordShape.Group group ? columns(group) : 2;
        }
        return n;
    }

    /** How many bytes a record takes at least. */
    static long bytes(RecordShape.Group shape) {
        long bytes = 0;
        for (RecordShape.Field part : shape.parts()) {
            bytes += switch (part) {
                case RecordShape.Group group -> bytes(group);
                case RecordShape.Value value -> value.column().width();
            };
        }
        return bytes;
    }

    void put(Record row) {
        all.put(row);
    }

    /** Writes what is left. */
    List<Table.Column> finish() throws IOException {
        List<Long> offsets = file.finish();
        return added.stream()
                .map(column -> new Table.Column(
                        column.name,
                        column.type,
                        column.values < 0 ? -1 : offsets.get(column.values),
                        column.presence < 0 ? -1 : offsets.get(column.presence)))
                .toList();
    }

    private Putter putter(RecordShape.Group group) throws IOException {
        PresenceWriter presence = group.isNullable() ? presence() : null;
        if (presence != null) {
            added.add(new Added(group.name(), ColumnType.RECORD, -1, file.columns() - 1));
        }
        Putter[] parts = new Putter[group.parts().size()];
        for (int i = 0; i < parts.length; i++) {
            parts[i] = switch (group.parts().get(i)) {
                case RecordShape.Group nested -> nested(nested);
                case RecordShape.Value value -> putter(value);
            };
        }
        return owner -> {
            if (presence != null) {
                presence.put(owner != null);
            }
            for (Putter part : parts) {
                part.put(owner);
            }
        };
    }

    private Putter nested(RecordShape.Group group) throws IOException {
        MethodHandle getter = reference(group.getter());
        Putter putter = putter(group);
        return owner -> putter.put(get(getter, owner));
    }

    private Putter putter(RecordShape.Value value) throws IOException {
        ColumnType column = value.column();
        boolean isBox = column != ColumnType.STRING && column != ColumnType.ENUM && value.isNullable();
        ElementWriter out = file.add(count * column.width());
        int values = file.columns() - 1;
        PresenceWriter presence = isBox ? presence() : null;
        added.add(new Added(value.name(), column, values, isBox ? values + 1 : -1));
        if (!value.isNullable()) {
            return primitive(bits(value.getter()), column.width(), out);
        }
        MethodHandle getter = reference(value.getter());
        return switch (column) {
            case STRING -> owner -> out.put(file.heap().put((String) get(getter, owner)));
            case ENUM ->
                owner -> {
                    var constant = (Enum<?>) get(getter, owner);
                    out.put((short) (constant == null ? -1 : constant.ordinal()));
                };
            default ->
                owner -> {
                    Object box = get(getter, owner);
                    presence.put(box != null);
                    put(out, column.width(), bits(box));
                };
        };
    }

    private PresenceWriter presence() throws IOException {
        var presence = new PresenceWriter(file.add(Math.ceilDiv(count, Byte.SIZE)));
        file.atEnd(presence::flush);
        return presence;
    }

    private static Putter primitive(MethodHandle bits, int width, ElementWriter out) {
        return switch (width) { // one lambda each, so that each is compiled for itself
            case Byte.BYTES -> owner -> out.put((byte) bits(bits, owner));
            case Short.BYTES -> owner -> out.put((short) bits(bits, owner));
            case Integer.BYTES -> owner -> out.put((int) bits(bits, owner));
            default -> owner -> out.put(bits(bits, owner));
        };
    }

    private static void put(ElementWriter out, int width, long bits) {
        switch (width) {
            case Byte.BYTES -> out.put((byte) bits);
            case Short.BYTES -> out.put((short) bits);
            case Integer.BYTES -> out.put((int) bits);
            default -> out.put(bits);
        }
    }

    /** To a long, of which the column takes as many bytes as it has. */
    private static MethodHandle bits(MethodHandle getter) {
        Class<?> type = getter.type().returnType();
        MethodHandle bits = getter;
        if (type == boolean.class) {
            bits = MethodHandles.filterReturnValue(getter, BOOLEAN_BITS);
        } else if (type == float.class) {
            bits = MethodHandles.filterReturnValue(getter, FLOAT_BITS);
        } else if (type == double.class) {
            bits = MethodHandles.filterReturnValue(getter, DOUBLE_BITS);
        }
        return bits.asType(MethodType.methodType(long.class, Object.class));
    }

    private static long bits(boolean value) {
        return value ? 1 : 0;
    }

    private static long bits(Object box) {
        return switch (box) {
            case null -> 0;
            case Boolean b -> bits((boolean) b);
            case Character c -> c;
            case Float f -> Float.floatToRawIntBits(f);
            case Double d -> Double.doubleToRawLongBits(d);
            default -> ((Number) box).longValue();
        };
    }

    private static MethodHandle reference(MethodHandle getter) {
        return getter.asType(MethodType.methodType(Object.class, Object.class));
    }

    private static long bits(MethodHandle getter, Object owner) {
        if (owner == null) {
            return 0;
        }
        try {
            return (long) getter.invokeExact(owner);
        } catch (Throwable e) {
            throw ofProgram(e);
        }
    }

    private static Object get(MethodHandle getter, Object owner) {
        if (owner == null) {
            return null;
        }
        try {
            return getter.invokeExact(owner);
        } catch (Throwable e) {
            throw ofProgram(e);
        }
    }

    /** What an accessor or a constructor of a record throws, which is nothing checked. */
    static RuntimeException ofProgram(Throwable thrown) {
        if (thrown instanceof Error error) {
            throw error;
        }
        return (RuntimeException) thrown;
    }

    /** A bit for each value, the lowest of a byte first: whether it is not null. */
    private static final class PresenceWriter {
        private final ElementWriter out;
        private int bits;
        private int filled;

        PresenceWriter(ElementWriter out) {
            this.out = out;
        }

        void put(boolean isThere) {
            bits |= (isThere ? 1 : 0) << filled;
            if (++filled == Byte.SIZE) {
                flush();
            }
        }

        void flush() {
            if (filled > 0) {
                out.put((byte) bits);
                bits = 0;
                filled = 0;
            }
        }
    }
}
