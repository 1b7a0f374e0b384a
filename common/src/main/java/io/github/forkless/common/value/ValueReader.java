package io.github.forkless.common.value;

import io.github.forkless.common.text.Described;
import io.github.forkless.common.text.Throwables;
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
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Reads what {@link ValueWriter} wrote. Makes objects only of the JDK's data types and of the records, enums and
 * BytesMarshallable classes that its {@link TypeFinder} grants; a record that is not granted becomes a
 * {@link RecordValue}, an enum constant its name, and what was sorted by them keeps its order.
 *
 * <p>With {@link TypeFinder#NONE} no code of anybody's runs, whatever was sent: reading takes time in proportion to the
 * bytes, and memory within the {@link Bounds}, on any thread. Where classes are granted, code of theirs runs on the thread
 * that calls {@link #read()}: constructors, {@link Packable.Packed#unpacked()}, {@code readMarshallable}, the static
 * initializers of enums, and in sets and maps {@code hashCode}, {@code equals} and {@code compareTo}. What that throws is the
 * cause of a {@link ValueRefusedException}; how long it takes is for the caller to bound.
 *
 * <p>Not safe for use by several threads.
 */
public final class ValueReader {
    /** No Java method, so no record's constructor, takes more. */
    private static final int MAX_COMPONENTS = 255;

    /** Room made for a count that is only claimed: nested claims of what is left would add up to many times that. */
    private static final int CLAIMED_ITEMS = 1 << 10;

    // What is counted of the heap, generously, for each of these, in bytes.

    private static final int OBJECT_BYTES = 64;
    /** In a list or a record: a reference, and the number that it may lead to. */
    private static final int ITEM_BYTES = 24;

    private static final int TABLE_BYTES = 160;
    /** In a table, for each key. */
    private static final int ENTRY_BYTES = 64;

    /** Each level of keys within keys has everything below it hashed once more. */
    private static final int MOST_KEYS_WITHIN_KEYS = 16;

    private static final int LONGEST_KEY = 100;

    private final ByteReader in;
    private final TypeFinder types;
    private final int mostIntegerBytes;
    private final long heapBytes;
    private long heapBytesLeft;
    private int keysWithinKeys;
    private final List<Shape> shapes = new ArrayList<>();
    /** Those that have appeared, seams or not: finding a constructor takes long. */
    private final Map<String, Shape> knownShapes = new HashMap<>();

    private final Keys keys = new Keys();

    /** A record class as it appeared in the stream; {@code constructor} is null if it may not be made. */
    private record Shape(String type, String[] names, Constructor<?> constructor) {}

    /**
     * What values may take of the process that reads them. A few bytes can stand for an object of a hundred.
     *
     * @param heapBytes how much heap all values of a reader may take together, on a generous estimate
     * @param integerBits how long a {@link BigInteger} or {@link BigDecimal} may be: to print a million bits takes some
     *     tenths of a second, 40 million 25 s
     */
    public record Bounds(long heapBytes, int integerBits) {}

    /** A reader without bounds, for bytes that are trusted. */
    public ValueReader(ByteReader in, TypeFinder types) {
        this(in, types, Long.MAX_VALUE, Integer.MAX_VALUE);
    }

    /** A reader for bytes from anywhere. */
    public ValueReader(ByteReader in, TypeFinder types, Bounds bounds) {
        this(in, types, bounds.heapBytes, bounds.integerBits);
    }

    private ValueReader(ByteReader in, TypeFinder types, long heapBytes, int integerBits) {
        this.in = in;
        this.types = types;
        this.heapBytes = heapBytes;
        this.heapBytesLeft = heapBytes;
        this.mostIntegerBytes = integerBits / Byte.SIZE + 1;
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
     * @throws WireException when the bytes are not a value, showing them
     * @throws ValueRefusedException when they are, but it cannot be made here
     */
    public Object read() {
        try {
            return read(0);
        } catch (WireException | ValueRefusedException e) {
            throw e;
        } catch (Throwable e) { // nothing else comes from here
            throw refused("a value of the program's own classes cannot be made", e);
        }
    }

    /** @param failure what code that is not ours threw */
    static ValueRefusedException refused(String fault, Throwable failure) {
        if (failure instanceof VirtualMachineError error && !(error instanceof StackOverflowError)) {
            throw error; // of the whole process
        }
        return new ValueRefusedException(fault + ": " + Throwables.line(failure), failure);
    }

    private void takeHeap(long bytes) {
        heapBytesLeft -= bytes;
        if (heapBytesLeft < 0) {
            throw new ValueRefusedException("what was sent takes more than " + (heapBytes >> 20)
                    + " MiB of heap, and no more may be used for it; send less, or give this JVM a larger heap (-Xmx)");
        }
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
            case Tag.STRING -> string();
            case Tag.BIG_INTEGER -> bigInteger();
            case Tag.BIG_DECIMAL -> {
                int scale = in.getInt();
                yield new BigDecimal(bigInteger(), scale);
            }
            case Tag.ENUM -> readEnum();
            case Tag.NEW_RECORD -> readRecord(newShape(), depth);
            case Tag.RECORD -> readRecord(knownShape(), depth);
            case Tag.LIST -> readAll(depth);
            case Tag.SET -> readSet(false, depth);
            case Tag.SORTED_SET -> readSet(true, depth);
            case Tag.MAP -> readMap(false, depth);
            case Tag.SORTED_MAP -> readMap(true, depth);
            case Tag.OBJECT_ARRAY -> readObjects(depth);
            case Tag.MARSHALLED -> readMarshalled();
            case Tag.OPTIONAL -> {
                takeHeap(OBJECT_BYTES);
                yield Optional.ofNullable(read(depth + 1));
            }
            case Tag.JDK_VALUE -> {
                int start = in.position();
                Object value = JdkValue.read(in);
                takeHeap(2L * OBJECT_BYTES + 2L * (in.position() - start));
                yield value;
            }
            case Tag.RESTART -> {
                shapes.clear();
                yield read(depth + 1);
            }
            default -> {
                PrimitiveArray array = PrimitiveArray.ofTag(tag);
                if (array == null) {
                    throw in.broken("has no value of kind " + tag);
                }
                int start = in.position();
                Object elements = array.read(in);
                takeHeap(OBJECT_BYTES + in.position() - start);
                yield elements;
            }
        };
    }

    private String string() {
        int start = in.position();
        String text = in.getString();
        takeHeap(OBJECT_BYTES + 2L * (in.position() - start));
        return text;
    }

    private BigInteger bigInteger() {
        int length = in.getCount(1);
        if (length == 0) {
            throw in.broken("has an integer of no bytes");
        }
        if (length > mostIntegerBytes) {
            throw new ValueRefusedException("what was sent holds an integer of " + 8L * length
                    + " bits, which takes long to" + " print; return it as text or as bytes");
        }
        takeHeap(OBJECT_BYTES + length);
        return new BigInteger(in.array(), in.take(length), length);
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // an enum class checked to be one
    private Object readEnum() {
        String type = in.getString();
        String constant = in.getString();
        Class<?> found = types.find(type).orElse(null);
        if (found == null && type.startsWith("java.time.")) {
            found = JdkValue.type(type);
        }
        if (found == null) {
            requireReplaceable(type);
            return constant;
        }
        if (!found.isEnum()) {
            throw in.broken("takes " + type + " for an enum");
        }
        try {
            return Enum.valueOf((Class) found, constant);
        } catch (IllegalArgumentException e) {
            List<String> names = Stream.of(((Class<? extends Enum>) found).getEnumConstants())
                    .map(Enum::name)
                    .toList();
            throw in.broken("names " + constant + ", which is not one of " + names);
        }
    }

    private void requireReplaceable(String type) {
        if (types instanceof TypeFinder.Strict strict) {
            strict.requireReplaceable(type);
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
        if (new HashSet<>(Arrays.asList(names)).size() < count) {
            throw in.broken("has a record of two components of one name: " + Arrays.toString(names));
        }
        Shape known = knownShapes.get(type);
        Shape shape = known != null && Arrays.equals(known.names, names) ? known : findShape(type, names);
        shapes.add(shape);
        return shape;
    }

    private Shape findShape(String type, String[] names) {
        Class<?> found = types.find(type).orElse(null);
        if (found == null) {
            requireReplaceable(type);
        }
        var shape = new Shape(type, names, found == null ? null : canonicalConstructor(found, names));
        knownShapes.put(type, shape);
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
            throw new ValueRefusedException("what was sent " + ClosedModule.describe(type));
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
        int count = shape.names.length;
        takeHeap(2L * OBJECT_BYTES + (long) count * ITEM_BYTES);
        if (shape.constructor == null) {
            takeTable(count);
        }
        Object[] values = new Object[count];
        for (int i = 0; i < values.length; i++) {
            values[i] = read(depth + 1);
        }
        if (shape.constructor == null) {
            Map<String, Object> components = LinkedHashMap.newLinkedHashMap(count);
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
            throw refused("a " + shape.type + " refused its components", e.getCause());
        } catch (ReflectiveOperationException | IllegalArgumentException e) {
            throw in.broken("has components that do not fit " + shape.type + " (" + e.getMessage() + ")");
        }
    }

    private static Object unpack(Packable.Packed packed) {
        try {
            return packed.unpacked();
        } catch (Throwable e) { // of a null where it expects none, of an index that lies, ...
            throw refused("a " + packed.getClass().getName() + " cannot be unpacked", e);
        }
    }

    private List<Object> readAll(int depth) {
        int count = in.getCount(1);
        takeHeap(OBJECT_BYTES + (long) count * ITEM_BYTES);
        List<Object> items = new ArrayList<>(Math.min(count, CLAIMED_ITEMS));
        for (int i = 0; i < count; i++) {
            items.add(read(depth + 1));
        }
        return items;
    }

    private Set<Object> readSet(boolean sorted, int depth) {
        enterKeys();
        List<Object> items = readAll(depth);
        keysWithinKeys--;
        takeTable(items.size());
        if (sorted && Keys.areSorted(items)) {
            return new TreeSet<>(items);
        }
        keys.requireSpread(items);
        Set<Object> set = LinkedHashSet.newLinkedHashSet(items.size());
        for (Object item : items) {
            if (!set.add(item)) {
                throw twice("set", item);
            }
        }
        return set;
    }

    private Map<Object, Object> readMap(boolean sorted, int depth) {
        int count = in.getCount(2);
        takeHeap(2L * OBJECT_BYTES + 2L * count * ITEM_BYTES);
        List<Object> mapKeys = new ArrayList<>(Math.min(count, CLAIMED_ITEMS));
        List<Object> mapValues = new ArrayList<>(Math.min(count, CLAIMED_ITEMS));
        for (int i = 0; i < count; i++) {
            enterKeys();
            mapKeys.add(read(depth + 1));
            keysWithinKeys--;
            mapValues.add(read(depth + 1));
        }
        takeTable(count);
        Map<Object, Object> map;
        if (sorted && Keys.areSorted(mapKeys)) {
            map = new TreeMap<>();
        } else {
            keys.requireSpread(mapKeys);
            map = LinkedHashMap.newLinkedHashMap(count);
        }
        for (int i = 0; i < count; i++) {
            map.put(mapKeys.get(i), mapValues.get(i));
            if (map.size() == i) {
                throw twice("map", mapKeys.get(i));
            }
        }
        return map;
    }

    private void enterKeys() {
        if (++keysWithinKeys > MOST_KEYS_WITHIN_KEYS) {
            throw new ValueRefusedException("what was sent has keys within keys more than " + MOST_KEYS_WITHIN_KEYS
                    + " deep, which would take hours to make; use other keys, or return lists");
        }
    }

    private void takeTable(int entries) {
        takeHeap(TABLE_BYTES + (long) entries * ENTRY_BYTES);
    }

    /** Where the sender's objects differ in what is not sent, such as the classes of enum constants of one name. */
    private static ValueRefusedException twice(String what, Object key) {
        return new ValueRefusedException(
                "a " + what + " arrived with two keys that were different where it was sent, and are" + " one here: "
                        + Described.of(key, LONGEST_KEY) + "; grant their classes, or return a list");
    }

    private Object readObjects(int depth) {
        String component = in.getString();
        List<Object> items = readAll(depth);
        takeHeap(OBJECT_BYTES + (long) items.size() * ITEM_BYTES);
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
                .orElseThrow(() -> new ValueRefusedException("what was sent holds a " + type
                        + ", a BytesMarshallable, which is not read on this side; finish a job with plain data"));
        return Marshalled.read(in, found);
    }
}
