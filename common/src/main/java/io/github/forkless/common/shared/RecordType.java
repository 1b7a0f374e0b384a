package io.github.forkless.common.shared;

import io.github.forkless.common.value.Packable;
import java.io.Serializable;

/** A class of records, which travels by name. With Java serialization it is found where the classes of jobs are. */
final class RecordType implements Serializable, Packable {
    private static final long serialVersionUID = 1L;

    private final String name;
    /** Null where only the name has travelled. */
    private final Class<?> type;

    RecordType(Class<?> type) {
        this(type.getName(), type);
    }

    private RecordType(String name, Class<?> type) {
        this.name = name;
        this.type = type;
    }

    String name() {
        return name;
    }

    /** @throws IllegalStateException when this process does not have it */
    Class<?> find() {
        if (type != null) {
            return type;
        }
        try { // a worker's threads have the program's class loader
            return Class.forName(name, false, Thread.currentThread().getContextClassLoader());
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(
                    "this process does not have the class " + name
                            + " of the shared records; read them as columns, or put it"
                            + " on the class path of the workers, see PoolOptions.withClassPath",
                    e);
        }
    }

    @Override
    public Name packed() {
        return new Name(name);
    }

    /** What travels as data. */
    record Name(String name) implements Packable.Packed {
        @Override
        public RecordType unpacked() {
            return new RecordType(name, null);
        }
    }
}
