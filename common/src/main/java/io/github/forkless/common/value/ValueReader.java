package io.github.forkless.common.value;

import io.github.forkless.common.wire.ByteReader;
import io.github.forkless.common.wire.WireException;
import java.lang.reflect.Array;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Reads what {@link ValueWriter} wrote. Makes objects only of the JDK's data types and of the records, enums and
 * BytesMarshallable classes that its {@link TypeFinder} grants; a record that is not granted becomes a
 * {@link RecordValue}, an enum constant its name. Broken bytes are a {@link WireException} that shows them. Not safe for
 * use by several threads.
 */
public final class ValueReader {
    private final ByteReader in;
    private final TypeFinder types;
    private final List<Shape> shapes = new ArrayList<>();

    /** A record class as it appeared in the stream; {@code constructor} is null if it may not be made. */
    private record Shape(String type, String[] names, Constructor<?> constructor) {}

    public ValueReader(ByteReader in, TypeFinder types) {
        this.in = in;
        this.types = types;
    }

    /** The one value that {@code encoded} holds. */
    public static Object decode(byte[] encoded, TypeFinder types) {
        var in = new ByteReader(encoded);
        Object value = new ValueReader(in, types).read();
        in.expectEnd();
        return value;
    }

    /**
     * The next value.
     *
     * @throws WireException when the bytes are not a value
     */
    public Object read() {
        return read(0);
    }

    private Object read(int depth) {
        if (depth > ValueWriter.MAX_DEPTH) {
            throw in.broken("nests values more than " + ValueWriter.MAX_DEPTH + " deep");
        }
        int tag = in.getByte();
        return switch (tag) {
            case Tag.NULL -> null;
            case Tag.FALSE -> false;
            case Tag.TRUE -> true;
            case Tag.BYTE -> (byte) in.getByte();
            case Tag.SHORT -> in.getShort();
            case Tag.INT -> in.getInt();
            case Tag.LONG -> in.getLong();
            case Tag.FLOAT -> Float.intBitsToFloat(in.getInt());
            case Tag.DOUBLE -> Double.longBitsToDouble(in.getLong());
            case Tag.CHAR -> (char) in.getShort();
            case Tag.STRING -> in.getString();
            case Tag.BIG_INTEGER -> bigInteger();
            case Tag.BIG_DECIMAL -> {
                int scale = in.getInt();
                yield new BigDecimal(bigInteger(), scale);
            }
            case Tag.ENUM -> readEnum();
            case Tag.NEW_RECORD -> readRecord(newShape(), depth);
            case Tag.RECORD -> readRecord(knownShape(), depth);
            case Tag.LIST -> new ArrayList<>(Arrays.asList(readAll(depth)));
            case Tag.SET -> new LinkedHashSet<>(Arrays.asList(readAll(depth)));
            case Tag.SORTED_SET -> sorted(() -> new TreeSet<>(Arrays.asList(readAll(depth))));
            case Tag.MAP -> readMap(new LinkedHashMap<>(), depth);
            case Tag.SORTED_MAP -> sorted(() -> readMap(new TreeMap<>(), depth));
            case Tag.OBJECT_ARRAY -> readObjects(depth);
            case Tag.MARSHALLED -> readMarshalled();
            default -> {
                PrimitiveArray array = PrimitiveArray.ofTag(tag);
                if (array == null) {
                    throw in.broken("has no value of kind " + tag);
                }
                yield array.read(in);
            }
        };
    }

    private BigInteger bigInteger() {
        byte[] bytes = in.getBytes();
        if (bytes.length == 0) {
            throw in.broken("has an integer of no bytes");
        }
        return new BigInteger(bytes);
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // an enum class checked to be one
    private Object readEnum() {
        String type = in.getString();
        String constant = in.getString();
        Class<?> found = types.find(type).orElse(null);
        if (found == null) {
            return constant;
        }
        if (!found.isEnum()) {
            throw in.broken("takes " + type + " for an enum");
        }
        try {
            return Enum.valueOf((Class) found, constant);
        } catch (IllegalArgumentException e) {
            throw in.broken("names " + constant + ", which is not one of " + Arrays.toString(found.getEnumConstants()));
        }
    }

    private Shape newShape() {
        String type = in.getString();
        String[] names = new String[in.getCount(1)];
        for (int i = 0; i < names.length; i++) {
            names[i] = in.getString();
        }
        Class<?> found = types.find(type).orElse(null);
        var shape = new Shape(type, names, found == null ? null : canonicalConstructor(found, names));
        shapes.add(shape);
        return shape;
    }

    private Constructor<?> canonicalConstructor(Class<?> type, String[] names) {
        RecordComponent[] components = type.getRecordComponents();
        if (components == null) {
            throw in.broken("takes " + type.getName() + " for a record");
        }
        String[] expected =
                Arrays.stream(components).map(RecordComponent::getName).toArray(String[]::new);
        if (!Arrays.equals(expected, names)) {
            throw in.broken("has " + type.getName() + Arrays.toString(names) + ", but here it is "
                    + Arrays.toString(expected) + "; use the same version on both sides");
        }
        try {
            Constructor<?> constructor = type.getDeclaredConstructor(
                    Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
            constructor.setAccessible(true);
            return constructor;
        } catch (NoSuchMethodException e) {
            throw new AssertionError("every record has its canonical constructor", e);
        }
    }

    private Shape knownShape() {
        long number = in.getVarint();
        if (number >= shapes.size()) {
            throw in.broken("refers to record class " + number + ", but only " + shapes.size() + " have appeared");
        }
        return shapes.get((int) number);
    }

    private Object readRecord(Shape shape, int depth) {
        Object[] values = new Object[shape.names.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = read(depth + 1);
        }
        if (shape.constructor == null) {
            Map<String, Object> components = new LinkedHashMap<>();
            for (int i = 0; i < values.length; i++) {
                components.put(shape.names[i], values[i]);
            }
            return new RecordValue(shape.type, components);
        }
        try {
            Object made = shape.constructor.newInstance(values);
            return made instanceof Packable.Packed packed ? packed.unpacked() : made;
        } catch (InvocationTargetException e) {
            throw new WireException(
                    "a " + shape.type + " refused its components " + Arrays.toString(values) + ": " + e.getCause());
        } catch (ReflectiveOperationException | IllegalArgumentException e) {
            throw in.broken("has components that do not fit " + shape.type + " (" + e.getMessage() + ")");
        }
    }

    private Object[] readAll(int depth) {
        Object[] items = new Object[in.getCount(1)];
        for (int i = 0; i < items.length; i++) {
            items[i] = read(depth + 1);
        }
        return items;
    }

    private <M extends Map<Object, Object>> M readMap(M map, int depth) {
        int count = in.getCount(2);
        for (int i = 0; i < count; i++) {
            Object key = read(depth + 1);
            map.put(key, read(depth + 1));
        }
        return map;
    }

    /** A hostile stream can put keys into a sorted collection that cannot be compared. */
    private <T> T sorted(java.util.function.Supplier<T> reading) {
        try {
            return reading.get();
        } catch (ClassCastException | NullPointerException e) {
            throw in.broken("has a sorted collection whose items cannot be compared");
        }
    }

    private Object readObjects(int depth) {
        String component = in.getString();
        Object[] items = readAll(depth);
        Class<?> type = ArrayComponent.find(component, types);
        Object array = Array.newInstance(type, items.length);
        try {
            System.arraycopy(items, 0, array, 0, items.length);
        } catch (ArrayStoreException e) {
            throw in.broken("has an array of " + component + " that holds something else");
        }
        return array;
    }

    private Object readMarshalled() {
        String type = in.getString();
        Class<?> found = types.find(type)
                .orElseThrow(() -> in.broken("holds a " + type
                        + ", a BytesMarshallable, which is not read on this side; finish a job with plain data"));
        return Marshalled.read(in, found);
    }
}
