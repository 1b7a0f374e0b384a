package io.github.forkless.common.value;

import io.github.forkless.common.text.Described;
import io.github.forkless.common.text.Text;
import io.github.forkless.common.text.Throwables;
import io.github.forkless.common.wire.ByteCounter;
import io.github.forkless.common.wire.ByteWriter;
import io.github.forkless.common.wire.WireException;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;

/**
 * Writes partials and results as data: null, booleans, numbers, characters, strings, {@link BigInteger} and
 * {@link BigDecimal}, {@code java.time}, UUIDs, paths, optionals, enums, arrays of primitives and of all these, lists, sets, maps, records of all these, {@link
 * Packable} and {@link net.openhft.chronicle.bytes.BytesMarshallable} objects. {@link ValueReader} reads them back: a
 * list as an {@code ArrayList}, a set or map as a {@code TreeSet} or {@code TreeMap} if it was sorted in natural order
 * and as a {@code LinkedHashSet} or {@code LinkedHashMap} if not. Anything else is refused with its class and its place
 * in the value.
 *
 * <p>A value is a tag (see {@link Tag}) and its contents. A record is written with the names of its class and
 * components the first time, and with a number after that. Not safe for use by several threads.
 */
public final class ValueWriter {
    /** Stands between encodings that are joined to one: each was written without knowing of the other. */
    public static final byte SEAM = Tag.RESTART;

    /** Deeper nesting than this is taken for a cycle. */
    static final int MAX_DEPTH = 256;

    /** What to say of a class, behind its name. */
    public static final String CANNOT_TRAVEL =
            ", which cannot travel between processes as data; use primitives, strings,"
                    + " arrays, lists, maps, records of these, or implement BytesMarshallable";

    private static final int LONGEST_PLACE = 100;

    private final ByteWriter out;
    private final long most;
    private final Map<Class<?>, Shape> shapes = new HashMap<>();
    /** Components of classes that were written before; finding them takes long. */
    private final Map<Class<?>, RecordComponent[]> components = new HashMap<>();

    /** What is being written. */
    private Object current;

    private int start;
    private final Ahead ahead = new Ahead();

    private record Shape(int number, RecordComponent[] components) {}

    /** How large {@link #current} is, for an answer before it is written. What is wrong with it is found when it is. */
    private final class Ahead implements ByteWriter.Forecast {
        @Override
        public long size() {
            var counter = new ByteCounter();
            try {
                new ValueWriter(counter).write(current, 0);
            } catch (WireException tooLarge) {
                throw tooLarge;
            } catch (RuntimeException | StackOverflowError e) {
                return 0;
            }
            requireFits(counter.count());
            return start + counter.count();
        }
    }

    public ValueWriter(ByteWriter out) {
        this(out, Long.MAX_VALUE);
    }

    /** @param most how many bytes a value may take */
    public ValueWriter(ByteWriter out, long most) {
        this.out = out;
        this.most = most;
    }

    /** A value takes more bytes than it may. */
    public static final class TooLargeException extends IllegalArgumentException {
        private static final long serialVersionUID = 1L;

        private TooLargeException(long most) {
            super("takes more than " + most + " bytes");
        }
    }

    /** The encoding of one value. */
    public static byte[] encode(Object value) {
        return encode(value, Long.MAX_VALUE);
    }

    /**
     * The encoding of one value.
     *
     * @throws TooLargeException when it takes more than {@code most} bytes
     */
    public static byte[] encode(Object value, long most) {
        var out = new ByteWriter();
        new ValueWriter(out, most).write(value);
        return out.toByteArray();
    }

    /**
     * Appends {@code value}. Code of its classes runs: what records' accessors, collections and {@link Packable#packed()}
     * return is what travels. They may be asked twice where that is much.
     *
     * @throws IllegalArgumentException for something that cannot travel as data, or whose own code throws
     * @throws TooLargeException for more than it may take, before it is written where that is much
     * @throws WireException for more than one message can hold, before it is written as far as that can be known
     */
    public void write(Object value) {
        current = value;
        start = out.size();
        out.expect(ahead);
        try {
            write(value, 0);
            requireFits(out.size() - start);
        } catch (Refused | TooLargeException | WireException e) {
            throw e;
        } catch (Throwable e) { // nothing else comes from here
            throw refused("cannot be read", e);
        } finally {
            out.expect(null);
            current = null;
        }
    }

    private void requireFits(long bytes) {
        if (bytes > most) {
            throw new TooLargeException(most);
        }
    }

    /** @param failure what code that is not ours threw */
    private static Refused refused(String fault, Throwable failure) {
        if (failure instanceof VirtualMachineError error && !(error instanceof StackOverflowError)) {
            throw error; // of the whole process
        }
        return new Refused(fault + ": " + Throwables.line(failure), failure);
    }

    private void write(Object value, int depth) {
        if (depth > MAX_DEPTH) {
            throw new Refused("is nested more than " + MAX_DEPTH + " deep; does it contain itself?");
        }
        // No pattern switch: the first takes a fresh JVM 3 ms, and this is in the way of every run's first answer.
        if (value == null) {
            tag(Tag.NULL);
        } else if (value instanceof Boolean b) {
            tag(b ? Tag.TRUE : Tag.FALSE);
        } else if (value instanceof Integer i) {
            tag(Tag.INT);
            out.putInt(i);
        } else if (value instanceof Long l) {
            tag(Tag.LONG);
            out.putLong(l);
        } else if (value instanceof Double d) {
            tag(Tag.DOUBLE);
            out.putLong(Double.doubleToRawLongBits(d));
        } else if (value instanceof String s) {
            tag(Tag.STRING);
            out.putString(s);
        } else if (value instanceof Float f) {
            tag(Tag.FLOAT);
            out.putInt(Float.floatToRawIntBits(f));
        } else if (value instanceof Byte b) {
            tag(Tag.BYTE);
            out.putByte(b);
        } else if (value instanceof Short s) {
            tag(Tag.SHORT);
            out.putShort(s);
        } else if (value instanceof Character c) {
            tag(Tag.CHAR);
            out.putShort(c);
        } else if (value instanceof BigInteger i) {
            tag(Tag.BIG_INTEGER);
            out.putBytes(i.toByteArray());
        } else if (value instanceof BigDecimal d) {
            tag(Tag.BIG_DECIMAL);
            out.putInt(d.scale());
            out.putBytes(d.unscaledValue().toByteArray());
        } else if (value instanceof Enum<?> e) {
            tag(Tag.ENUM);
            out.putString(e.getDeclaringClass().getName());
            out.putString(e.name());
        } else if (value instanceof Record r) {
            writeRecord(r, depth);
        } else if (value instanceof Packable p) {
            write(p.packed(), depth + 1);
        } else if (value instanceof Map<?, ?> m) {
            writeMap(m, depth);
        } else if (value instanceof SortedSet<?> s && s.comparator() == null) {
            writeItems(Tag.SORTED_SET, s, depth);
        } else if (value instanceof Set<?> s) {
            writeItems(Tag.SET, s, depth);
        } else if (value instanceof List<?> l) {
            writeItems(Tag.LIST, l, depth);
        } else if (value instanceof Object[] array) {
            writeObjects(array, depth);
        } else if (value.getClass().isArray()) {
            PrimitiveArray.of(value.getClass().getComponentType()).write(value, out);
        } else if (Marshalled.isOne(value)) {
            Marshalled.write(value, out);
        } else if (value instanceof Optional<?> optional) {
            tag(Tag.OPTIONAL);
            write(optional.orElse(null), depth + 1);
        } else if (JdkValue.kind(value) >= 0) {
            JdkValue.write(JdkValue.kind(value), value, out);
        } else {
            throw new Refused("is a " + value.getClass().getName() + CANNOT_TRAVEL);
        }
    }

    /**
     * Whether something of this declared type may be written, also if it is none of {@link #isMarshalled}. Of an interface and of
     * an abstract class nobody knows. A list, a set or a map comes back as one that need not be of the same class.
     */
    public static boolean mayWrite(Class<?> declared) {
        if (declared.isPrimitive() || Modifier.isAbstract(declared.getModifiers()) || declared == Object.class) {
            return true;
        }
        for (Class<?> written : List.of(
                Boolean.class,
                Integer.class,
                Long.class,
                Double.class,
                String.class,
                Float.class,
                Byte.class,
                Short.class,
                Character.class,
                BigInteger.class,
                BigDecimal.class,
                Enum.class,
                Record.class,
                Packable.class,
                Map.class,
                Set.class,
                List.class,
                Optional.class,
                Void.class)) {
            if (written.isAssignableFrom(declared)) {
                return true;
            }
        }
        return JdkValue.mayBe(declared);
    }

    /** Whether objects of a class are written and read by Chronicle Bytes. */
    public static boolean isMarshalled(Class<?> type) {
        return Marshalled.areOf(type);
    }

    /** What is written from now on can be read without what was written before: from here on, or put behind something else. */
    public void restart() {
        if (!shapes.isEmpty()) {
            shapes.clear();
            out.putByte(SEAM);
        }
    }

    private void writeRecord(Record value, int depth) {
        Class<?> type = value.getClass();
        Shape known = shapes.get(type);
        Shape shape = known != null ? known : new Shape(shapes.size(), components(type));
        if (known == null) {
            shapes.put(type, shape);
            tag(Tag.NEW_RECORD);
            out.putString(type.getName());
            out.putVarint(shape.components.length);
            for (RecordComponent component : shape.components) {
                out.putString(component.getName());
            }
        } else {
            tag(Tag.RECORD);
            out.putVarint(shape.number);
        }
        for (RecordComponent component : shape.components) {
            try {
                write(read(component, value), depth + 1);
            } catch (Refused e) {
                throw e.in("." + component.getName());
            }
        }
    }

    private RecordComponent[] components(Class<?> type) {
        RecordComponent[] known = components.get(type);
        if (known == null) {
            known = openComponents(type);
            components.put(type, known);
        }
        return known;
    }

    private static RecordComponent[] openComponents(Class<?> type) {
        RecordComponent[] components = type.getRecordComponents();
        try {
            for (RecordComponent component : components) {
                component.getAccessor().setAccessible(true);
            }
        } catch (InaccessibleObjectException e) {
            throw new Refused(ClosedModule.describe(type));
        }
        return components;
    }

    private static Object read(RecordComponent component, Record owner) {
        try {
            return component.getAccessor().invoke(owner);
        } catch (InvocationTargetException e) {
            throw refused("cannot be read", e.getCause());
        } catch (ReflectiveOperationException e) {
            throw refused("cannot be read", e);
        }
    }

    private void writeMap(Map<?, ?> map, int depth) {
        tag(map instanceof SortedMap<?, ?> sorted && sorted.comparator() == null ? Tag.SORTED_MAP : Tag.MAP);
        int size = map.size();
        out.putVarint(size);
        int written = 0;
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            writeKey(entry.getKey(), depth);
            try {
                write(entry.getValue(), depth + 1);
            } catch (Refused e) {
                throw e.in("[" + Described.of(entry.getKey(), LONGEST_PLACE) + "]");
            }
            written++;
        }
        if (written != size) {
            throw new Refused(
                    "is a map of " + size + " that had " + written + " when it was written; does a thread change it?");
        }
    }

    private void writeKey(Object key, int depth) {
        try {
            write(key, depth + 1);
        } catch (Refused e) {
            throw e.in(".keySet()");
        }
    }

    private void writeItems(int tag, Collection<?> items, int depth) {
        tag(tag);
        writeAll(items.toArray(), depth);
    }

    private void writeObjects(Object[] array, int depth) {
        tag(Tag.OBJECT_ARRAY);
        out.putString(array.getClass().getComponentType().getName());
        writeAll(array, depth);
    }

    private void writeAll(Object[] items, int depth) {
        out.putVarint(items.length);
        for (int i = 0; i < items.length; i++) {
            try {
                write(items[i], depth + 1);
            } catch (Refused e) {
                throw e.in("[" + i + "]");
            }
        }
    }

    private void tag(int tag) {
        out.putByte(tag);
    }

    /** Something that cannot travel; its place is put together on the way out, where it costs nothing otherwise. */
    private static final class Refused extends IllegalArgumentException {
        private static final long serialVersionUID = 1L;
        private final String fault;
        private String place = "";

        Refused(String fault) {
            this(fault, null);
        }

        Refused(String fault, Throwable cause) {
            super(cause);
            this.fault = fault;
        }

        Refused in(String step) {
            place = Text.shortened(step + place, LONGEST_PLACE);
            return this;
        }

        @Override
        public String getMessage() {
            return "the value" + place + " " + fault;
        }
    }
}
