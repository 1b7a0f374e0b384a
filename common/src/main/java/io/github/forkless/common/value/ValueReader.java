package io.github.forkless.common.value;

import io.github.forkless.common.wire.ByteReader;
import io.github.forkless.common.wire.WireException;
import java.lang.reflect.Array;
import java.lang.reflect.Constructor;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Reads what {@link ValueWriter} wrote. Makes objects only of the JDK's data types and of the records, enums and
 * BytesMarshallable classes that its {@link TypeFinder} grants; a record that is not granted becomes a
 * {@link RecordValue}, an enum constant its name, and what was sorted by them keeps its order. Broken bytes are a
 * {@link WireException} that shows them. Not safe for use by several threads.
 */
public final class ValueReader {
    /** No Java method, so no record's constructor, takes more. */
    private static final int MAX_COMPONENTS = 255;

    /** Room made for a count that is only claimed: nested claims of what is left would add up to many times that. */
    private static final int CLAIMED_ITEMS = 1 << 10;

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
            case Tag.LIST -> readAll(depth);
            case Tag.SET -> new LinkedHashSet<>(readAll(depth));
            case Tag.SORTED_SET -> {
                List<Object> items = readAll(depth);
                yield isSorted(items) ? new TreeSet<>(items) : new LinkedHashSet<>(items);
            }
            case Tag.MAP -> readMap(depth);
            case Tag.SORTED_MAP -> {
                Map<Object, Object> map = readMap(depth);
                yield isSorted(map.keySet()) ? new TreeMap<>(map) : map;
            }
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
        int count = in.getCount(1);
        if (count > MAX_COMPONENTS) {
            throw in.broken("claims a record of " + count + " components");
        }
        String[] names = new String[count];
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
        } catch (InaccessibleObjectException e) {
            throw in.broken("takes " + type.getName() + " for a record of a job's (" + e.getMessage() + ")");
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
        Object made = make(shape, values);
        return made instanceof Packable.Packed packed ? unpack(packed) : made;
    }

    private Object make(Shape shape, Object[] values) {
        try {
            return shape.constructor.newInstance(values);
        } catch (InvocationTargetException e) {
            throw new WireException("a " + shape.type + " refused its components: " + e.getCause());
        } catch (ReflectiveOperationException | IllegalArgumentException e) {
            throw in.broken("has components that do not fit " + shape.type + " (" + e.getMessage() + ")");
        }
    }

    private static Object unpack(Packable.Packed packed) {
        try {
            return packed.unpacked();
        } catch (RuntimeException e) { // of a null where it expects none, of an index that lies, ...
            throw new WireException("a " + packed.getClass().getName() + " cannot be unpacked: " + e);
        }
    }

    private List<Object> readAll(int depth) {
        int count = in.getCount(1);
        List<Object> items = new ArrayList<>(Math.min(count, CLAIMED_ITEMS));
        for (int i = 0; i < count; i++) {
            items.add(read(depth + 1));
        }
        return items;
    }

    private Map<Object, Object> readMap(int depth) {
        Map<Object, Object> map = new LinkedHashMap<>();
        int count = in.getCount(2);
        for (int i = 0; i < count; i++) {
            Object key = read(depth + 1);
            map.put(key, read(depth + 1));
        }
        return map;
    }

    /**
     * Whether the items ascend in their natural order here, too. They do not where the sender compared objects of a
     * class that is not granted; then the sender's order is kept as it came.
     */
    @SuppressWarnings({"unchecked", "rawtypes"}) // whether they can be compared is the question
    private static boolean isSorted(Collection<?> items) {
        Object previous = null;
        try {
            for (Object item : items) {
                if (!(item instanceof Comparable comparable)
                        || previous != null && comparable.compareTo(previous) <= 0) {
                    return false;
                }
                previous = item;
            }
            return true;
        } catch (ClassCastException | NullPointerException e) {
            return false;
        }
    }

    private Object readObjects(int depth) {
        String component = in.getString();
        List<Object> items = readAll(depth);
        try {
            Class<?> type = ArrayComponent.find(component, types);
            return items.toArray((Object[]) Array.newInstance(type, items.size()));
        } catch (IllegalArgumentException e) {
            throw in.broken("has an array of more dimensions than there can be");
        } catch (ArrayStoreException e) {
            throw in.broken("has an array of " + component + " that holds something else");
        }
    }

    private Object readMarshalled() {
        String type = in.getString();
        Class<?> found = types.find(type)
                .orElseThrow(() -> in.broken("holds a " + type
                        + ", a BytesMarshallable, which is not read on this side; finish a job with plain data"));
        return Marshalled.read(in, found);
    }
}
