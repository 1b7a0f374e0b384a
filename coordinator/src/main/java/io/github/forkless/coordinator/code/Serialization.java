package io.github.forkless.coordinator.code;

import io.github.forkless.common.job.DataFunction;
import io.github.forkless.common.job.WithoutData;
import io.github.forkless.common.wire.JobSource;
import io.github.forkless.coordinator.result.InvalidRequestException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.lang.invoke.SerializedLambda;
import java.lang.reflect.AccessFlag;
import java.lang.reflect.Field;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/** Packs lambdas and jobs for their way to the workers, and says what cannot travel. */
public final class Serialization {
    /** Deeper than this, the way to what cannot travel is not worth reading. */
    private static final int MAX_DEPTH = 8;

    /** Of lambdas that capture nothing, once one was seen: their bytes never change, and take 7 us, of a round trip of 100. */
    private static final ClassValue<AtomicReference<Packed>> WITHOUT_STATE = new ClassValue<>() {
        @Override
        protected AtomicReference<Packed> computeValue(Class<?> function) {
            return new AtomicReference<>();
        }
    };

    /**
     * @param most how many bytes what it captures may be
     * @throws InvalidRequestException when that is more, or part of it is not serializable, naming the part
     */
    public static Packed pack(DataFunction<?, ?> function, long most) {
        if (!JobSource.Function.isWithoutState(function)) {
            return pack(function, "the function", most);
        }
        AtomicReference<Packed> known = WITHOUT_STATE.get(function.getClass());
        if (known.get() == null) {
            known.set(pack(function, "the function", most));
        }
        return known.get();
    }

    /**
     * @param what what users call {@code object}, for messages
     * @param most how many bytes it may be
     * @throws InvalidRequestException when it is more, or part of it is not serializable, naming the part
     */
    public static Packed pack(Object object, String what, long most) {
        var bytes = new Bounded(most);
        Set<Class<?>> foreign = new LinkedHashSet<>();
        try (var out = new Writer(bytes, foreign)) {
            out.writeObject(object);
        } catch (TooManyBytesException e) {
            throw InvalidRequestException.ofCopy(what, most);
        } catch (NotSerializableException e) {
            Object written = object instanceof DataFunction<?, ?> function ? WithoutData.written(function) : object;
            throw new InvalidRequestException(
                    what + " cannot travel to the workers: it is " + describe(written, e.getMessage(), 0));
        } catch (IOException e) {
            throw new InvalidRequestException(what + " cannot travel to the workers: " + e);
        }
        return new Packed(object, bytes.toByteArray(), foreign, most);
    }

    /** Notes the classes that workers may not have. */
    private static final class Writer extends ObjectOutputStream {
        private final Set<Class<?>> foreign;

        Writer(OutputStream bytes, Set<Class<?>> foreign) throws IOException {
            super(bytes);
            this.foreign = foreign;
        }

        @Override
        protected void annotateClass(Class<?> type) {
            if (ForeignCode.has(type)) {
                foreign.add(type);
            }
        }
    }

    private static final class TooManyBytesException extends IOException {
        private static final long serialVersionUID = 1L;
    }

    /** Goes no further than it may: what is too much would fill the heap first. */
    private static final class Bounded extends OutputStream {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final long most;

        Bounded(long most) {
            this.most = most;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] some, int offset, int length) throws IOException {
            if (bytes.size() + (long) length > most) {
                throw new TooManyBytesException();
            }
            bytes.write(some, offset, length);
        }

        byte[] toByteArray() {
            return bytes.toByteArray();
        }
    }

    private static void write(Object object, OutputStream bytes) throws IOException {
        try (var out = new ObjectOutputStream(bytes)) {
            out.writeObject(object);
        }
    }

    /**
     * The classes that {@code object} is made of, by name: those of all objects in it, and those that the code of lambdas
     * is in.
     */
    static Set<String> classNames(Object object) {
        Set<String> names = new HashSet<>();
        forEachPart(object, part -> {
            names.add(part.getClass().getName());
            if (part instanceof SerializedLambda lambda) {
                names.add(lambda.getImplClass());
                names.add(lambda.getCapturingClass());
            } else if (part instanceof Class<?> type) {
                names.add(type.getName());
            }
        });
        return names;
    }

    /** All objects that {@code object} is made of, where it travels. */
    static void forEachPart(Object object, Consumer<Object> action) {
        try (var out = new PartStream(action)) {
            out.writeObject(object);
        } catch (IOException e) {
            throw new InvalidRequestException("what is handed over cannot travel to the workers: " + e);
        }
    }

    private static final class PartStream extends ObjectOutputStream {
        private final Consumer<Object> action;

        PartStream(Consumer<Object> action) throws IOException {
            super(OutputStream.nullOutputStream());
            this.action = action;
            enableReplaceObject(true);
        }

        /** Called with every object; replaces none. */
        @Override
        protected Object replaceObject(Object part) {
            action.accept(part);
            return part;
        }
    }

    /** How {@code object} would be serialized if it is a serializable lambda. */
    static Optional<SerializedLambda> lambda(Object object) {
        try {
            Method replace = object.getClass().getDeclaredMethod("writeReplace");
            replace.setAccessible(true);
            return asLambda(replace.invoke(object));
        } catch (InaccessibleObjectException e) { // of a module that is closed to this one, but not to the JDK
            List<Object> first = new ArrayList<>();
            try {
                forEachPart(object, first::add);
            } catch (InvalidRequestException cannotTravel) {
                // That is for others to say.
            }
            return first.isEmpty() ? Optional.empty() : asLambda(first.getFirst());
        } catch (ReflectiveOperationException e) {
            return Optional.empty();
        }
    }

    private static Optional<SerializedLambda> asLambda(Object replacement) {
        return replacement instanceof SerializedLambda lambda ? Optional.of(lambda) : Optional.empty();
    }

    /**
     * The way from {@code object} to the part of it that is not serializable: {@code a lambda that captures 'log', a
     * java.util.logging.Logger, which is not Serializable; ...}.
     */
    private static String describe(Object object, String unserializable, int depth) {
        if (!(object instanceof Serializable)) {
            return a(object) + ", which is not Serializable";
        }
        if (depth < MAX_DEPTH) {
            Optional<SerializedLambda> lambda = lambda(object);
            if (lambda.isPresent()) {
                return describeLambda(lambda.get(), object.getClass().getClassLoader(), unserializable, depth);
            }
            if (object instanceof Collection<?> items) {
                for (Object item : items) {
                    if (isStuck(item)) {
                        return a(object) + " that holds " + describe(item, unserializable, depth + 1);
                    }
                }
            }
            for (Field field : object.getClass().getDeclaredFields()) {
                Optional<Object> value = serializedValue(field, object);
                if (value.isPresent() && isStuck(value.get())) {
                    String remedy = field.getName().startsWith("this$") ? "; make its class static" : "";
                    return a(object) + " whose '" + field.getName() + "' is "
                            + describe(value.get(), unserializable, depth + 1) + remedy;
                }
            }
        }
        return a(object) + " that holds a " + unserializable + ", which is not Serializable";
    }

    private static String describeLambda(
            SerializedLambda lambda, ClassLoader loader, String unserializable, int depth) {
        for (int i = 0; i < lambda.getCapturedArgCount(); i++) {
            Object captured = lambda.getCapturedArg(i);
            if (isStuck(captured)) {
                return "a lambda that captures " + CapturedName.of(lambda, loader, i) + ", "
                        + describe(captured, unserializable, depth + 1)
                        + "; copy what it needs of that into a local variable first";
            }
        }
        return "a lambda that captures a " + unserializable + ", which is not Serializable";
    }

    private static Optional<Object> serializedValue(Field field, Object owner) {
        if (field.accessFlags().contains(AccessFlag.STATIC)
                || field.accessFlags().contains(AccessFlag.TRANSIENT)) {
            return Optional.empty();
        }
        try {
            field.setAccessible(true);
            return Optional.ofNullable(field.get(owner));
        } catch (IllegalAccessException | InaccessibleObjectException e) {
            return Optional.empty(); // the JDK's own
        }
    }

    private static boolean isStuck(Object part) {
        try {
            write(part, OutputStream.nullOutputStream());
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    private static String a(Object object) {
        return "a " + object.getClass().getTypeName();
    }

    private Serialization() {}
}
