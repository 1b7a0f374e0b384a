package io.github.forkless.common.shared;

import io.github.forkless.common.job.SerializableCallable;
import io.github.forkless.common.value.Packable;
import java.io.Serializable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

/**
 * A handle of an object that each worker makes for itself: a connection, an engine with a licence, a cache. It is small: a lambda
 * may capture it, and it may be a field of a job, a parameter, or in a record. In a worker {@link #get} makes the object when it is
 * first called, with what its maker captures; all tasks of that worker then have the same one. A worker that replaces another makes
 * its own. In the program itself, {@link #get} makes one for the program.
 *
 * <p>The object is closed by {@link #close}, or when its worker ends in an orderly way, those made last first. A worker that is
 * killed closes nothing. Safe for use by several threads.
 *
 * @param <T> what the object is; it does not travel
 */
public final class PerWorker<T> implements Serializable, Packable, AutoCloseable {
    private static final long serialVersionUID = 1L;

    private final transient long number;
    /** Null where it has travelled to. */
    private final transient Recipe<T> recipe;
    /** Null where it has travelled to. */
    private final transient Runnable remover;
    /** For journals, {@link #recipe} as bytes. */
    private final transient Function<Recipe<?>, byte[]> packing;

    private final transient AtomicBoolean isClosed = new AtomicBoolean();
    /** Those of where it is. */
    private final transient WorkerObjects objects;

    /**
     * Closes an object. A lambda or a method reference will do.
     *
     * @param <T> what it closes
     */
    @FunctionalInterface
    public interface Closer<T> extends Serializable {
        /** Whatever this throws is printed, and costs nobody an answer. */
        void close(T object) throws Exception;
    }

    /** For the pool: how an object is made and closed, which is sent to each worker once. */
    public record Recipe<T>(SerializableCallable<T> maker, Closer<T> closer) implements Serializable {}

    private PerWorker(
            long number,
            Recipe<T> recipe,
            Function<Recipe<?>, byte[]> packing,
            Runnable remover,
            WorkerObjects objects) {
        this.number = number;
        this.recipe = recipe;
        this.packing = packing;
        this.remover = remover;
        this.objects = objects;
    }

    /**
     * For the pool.
     *
     * @param number that workers know it by
     * @param packing makes bytes of a recipe, for a journal to compare
     * @param remover run once, at the first {@link #close}
     */
    public static <T> PerWorker<T> of(
            long number, Recipe<T> recipe, Function<Recipe<?>, byte[]> packing, Runnable remover) {
        WorkerObjects objects = WorkerObjects.ofProcess();
        objects.define(number, () -> recipe);
        return new PerWorker<>(number, recipe, packing, remover, objects);
    }

    /**
     * This worker's object.
     *
     * @throws IllegalStateException when it was closed, or its pool was, or this is a worker of another pool
     */
    @SuppressWarnings(
            "unchecked") // its maker makes a T. What that throws is thrown here, whether it is declared or not
    public T get() {
        return (T) objects.get(number);
    }

    /**
     * Has all workers close theirs, when they are done with what they are at, and closes that of the program. Does nothing in a
     * worker, which has only a handle.
     */
    @Override
    public void close() {
        if (remover != null && isClosed.compareAndSet(false, true)) {
            remover.run();
            objects.close(number);
        }
    }

    @Override
    public Packed packed() {
        if (isClosed.get()) {
            throw WorkerObjects.closed();
        }
        return Shared.isPackingContent() && recipe != null ? new Content(packing.apply(recipe)) : new Handle(number);
    }

    /** A journal looks at the code of what is serialized, too. */
    private Object writeReplace() {
        Packed packed = packed();
        return packed instanceof Content ? recipe : packed;
    }

    @Override
    public String toString() {
        return "an object of each worker";
    }

    /** What travels. */
    record Handle(long number) implements Packable.Packed, Serializable {
        @Override
        public PerWorker<?> unpacked() {
            return new PerWorker<>(number, null, null, null, WorkerObjects.current());
        }

        private Object readResolve() {
            return unpacked();
        }
    }

    /** What it is known by in another program. */
    private record Content(byte[] recipe) implements Packable.Packed {
        @Override
        public PerWorker<?> unpacked() {
            throw new IllegalArgumentException("it is for comparison only");
        }
    }
}
