package io.github.forkless.common.shared;

import io.github.forkless.common.shared.PerWorker.Recipe;
import io.github.forkless.common.text.Throwables;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * The objects that one worker has made for itself: see {@link PerWorker}. A worker that is a process has those of the process, and
 * so has a program; a worker that is a thread has its own. Safe for use by several threads.
 */
public final class WorkerObjects {
    private static final WorkerObjects OF_PROCESS = new WorkerObjects();
    private static final ThreadLocal<WorkerObjects> OF_THREAD = new ThreadLocal<>();

    private final Map<Long, Entry> entries = new ConcurrentHashMap<>();
    /** In the order in which they were made. */
    private final List<Entry> made = new ArrayList<>();

    private WorkerObjects() {}

    public static WorkerObjects ofProcess() {
        return OF_PROCESS;
    }

    /** Those of a worker that is the calling thread, from now on until {@link #leaveThread}. */
    public static WorkerObjects ofThread() {
        WorkerObjects objects = OF_THREAD.get();
        if (objects == null) {
            objects = new WorkerObjects();
            OF_THREAD.set(objects);
        }
        return objects;
    }

    /** The calling thread is no worker any more. */
    public static void leaveThread() {
        OF_THREAD.remove();
    }

    /** Those of the worker that the calling thread is, or else is in. */
    static WorkerObjects current() {
        WorkerObjects objects = OF_THREAD.get();
        return objects != null ? objects : OF_PROCESS;
    }

    /** An object that may be asked for, from now on. */
    public void define(long number, Supplier<Recipe<?>> recipe) {
        entries.put(number, new Entry(recipe));
    }

    Object get(long number) {
        Entry entry = entries.get(number);
        if (entry == null) {
            throw closed();
        }
        return entry.get();
    }

    static IllegalStateException closed() {
        return new IllegalStateException(
                "this object of each worker was closed, or its pool was, or it belongs to another"
                        + " pool; close it when all is done that uses it");
    }

    /** Closes the object, if it was made. Nobody gets it any more. */
    public void close(long number) {
        close(List.of(number));
    }

    /** Closes all objects of these numbers that were made, the last one first. */
    public void close(Collection<Long> numbers) {
        List<Entry> closing = new ArrayList<>();
        for (long number : numbers) {
            Entry entry = entries.remove(number);
            if (entry != null && entry.end()) {
                closing.add(entry);
            }
        }
        closeInOrder(closing);
    }

    /** Closes all objects that were made, the last one first. */
    public void closeAll() {
        close(List.copyOf(entries.keySet()));
    }

    private void closeInOrder(List<Entry> closing) {
        List<Entry> ordered;
        synchronized (made) {
            ordered = new ArrayList<>(made);
            made.removeAll(closing);
        }
        ordered.retainAll(closing);
        ordered.reversed().forEach(Entry::close);
    }

    private final class Entry {
        private final Supplier<Recipe<?>> source;

        private Recipe<?> recipe;
        private Object object;
        private boolean isMaking;
        private boolean isEnded;
        /** Whether {@link #object} is there. */
        private volatile boolean isMade;

        Entry(Supplier<Recipe<?>> source) {
            this.source = source;
        }

        Object get() {
            return isMade ? object : make();
        }

        private synchronized Object make() {
            if (isMade) {
                return object;
            }
            if (isEnded) {
                throw closed();
            }
            if (isMaking) {
                throw new IllegalStateException("an object of this worker is asked for by what makes it");
            }
            isMaking = true;
            try {
                if (recipe == null) {
                    recipe = source.get();
                }
                object = recipe.maker().call();
                isMade = true;
            } catch (Exception e) {
                throw WorkerObjects.<RuntimeException>undeclared(e);
            } finally {
                isMaking = false;
            }
            synchronized (made) {
                made.add(this);
            }
            return object;
        }

        /** Nobody gets it any more. Returns whether it was made; waits for that, if it is just being made. */
        synchronized boolean end() {
            boolean wasMade = isMade;
            isEnded = true;
            isMade = false;
            return wasMade;
        }

        @SuppressWarnings("unchecked") // its maker has made it
        void close() {
            try {
                ((Recipe<Object>) recipe).closer().close(object);
            } catch (Throwable e) { // it is the user's, and no answer hangs on it
                System.err.println("an object of this worker could not be closed: " + Throwables.trace(e));
            }
        }
    }

    @SuppressWarnings("unchecked") // what is caught is thrown as it is
    private static <E extends Throwable> E undeclared(Throwable e) throws E {
        throw (E) e;
    }
}
