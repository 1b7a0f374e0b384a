package io.github.forkless.common.shared;

import io.github.forkless.common.dataset.DatasetException;
import io.github.forkless.common.dataset.DatasetFile;
import io.github.forkless.common.dataset.FileIdentity;
import io.github.forkless.common.dataset.MappedDataset;
import io.github.forkless.common.dataset.MappedFile;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/**
 * What this process has mapped of shared data, by the numbers of what was shared. A number is random, for a process may have
 * handles of several pools, and of pools of other processes. Safe for use by several threads.
 */
public final class SharedMappings {
    /** What pools of this process share. */
    private static final Map<Long, Own> OWN = new ConcurrentHashMap<>();

    /** The handles of it: what a worker says of them in a result is not believed. */
    private static final Map<Long, Shared<?>> HANDLES = new ConcurrentHashMap<>();

    /** What this worker has been given handles of, and has mapped. */
    private static final Map<Long, MappedDataset> GIVEN = new ConcurrentHashMap<>();

    /** What files of other hosts are on this one. */
    private static final Map<Path, FileIdentity> HERE = new ConcurrentHashMap<>();

    /** What is mapped of data that others may change. Nobody would be told of a text that has grown, so none may. */
    private static final Map<Long, DatasetFile> WATCHED = new ConcurrentHashMap<>();

    /** Only a worker maps what it is given handles of; a program maps what it has shared. */
    private static volatile boolean isWorker;

    private SharedMappings() {}

    /** Handles come from another host: this is what they mean by that file. */
    public static void knowHere(Path file, FileIdentity identity) {
        HERE.put(file, identity);
    }

    private static DatasetFile here(DatasetFile file) {
        FileIdentity identity = HERE.get(file.path());
        return identity == null ? file : new DatasetFile(file.path(), file.layout(), identity);
    }

    /** This process is a worker: it believes its coordinator. */
    public static void mapWhatIsGiven() {
        isWorker = true;
    }

    /** Mapped when this process asks for it, until nobody here has it any more: what is only passed on takes no memory here. */
    private static final class Own {
        private final DatasetFile file;
        /** Of a file that this process has written. To open it again and close it would undo its lock. Else null. */
        private final FileChannel channel;

        private MappedDataset mapped;

        Own(DatasetFile file, FileChannel channel) {
            this.file = file;
            this.channel = channel;
        }

        synchronized MappedDataset mapped() {
            if (mapped == null) {
                try {
                    mapped = channel == null ? MappedFile.mapWhileRead(file) : MappedFile.mapWhileRead(file, channel);
                } catch (IOException e) {
                    throw DatasetException.unreadable(file.path(), e);
                }
            }
            return mapped;
        }
    }

    /**
     * What a pool of this process has written.
     *
     * @return its number
     */
    public static long addOwn(DatasetFile file, FileChannel channel) {
        return add(new Own(file, channel));
    }

    /**
     * A dataset that others have written, and that a pool of this process shares.
     *
     * @return its number
     */
    public static long addOwn(DatasetFile dataset) {
        return add(new Own(dataset, null));
    }

    private static long add(Own own) {
        long number = ThreadLocalRandom.current().nextLong();
        OWN.put(number, own);
        return number;
    }

    static void addOwn(long number, Shared<?> handle) {
        HANDLES.put(number, handle);
    }

    /** The handle of what this process has shared, or null. */
    static Shared<?> ownHandle(long number) {
        return HANDLES.get(number);
    }

    /** Whoever still reads it keeps it mapped. */
    public static void removeOwn(long number) {
        OWN.remove(number);
        HANDLES.remove(number);
        WATCHED.remove(number);
    }

    /** @throws IllegalStateException in a program that does not share it, or not any more */
    static MappedDataset map(long number, DatasetFile given, boolean isPrivate) {
        DatasetFile file = here(given);
        Own own = OWN.get(number);
        if (own == null && !isWorker) {
            throw Shared.closed();
        }
        MappedDataset mapped = own != null
                ? own.mapped()
                : GIVEN.computeIfAbsent(number, _ -> isPrivate ? MappedFile.mapOurs(file) : MappedDataset.map(file));
        if (!isPrivate) {
            WATCHED.put(number, file);
        }
        return mapped;
    }

    /** Unmaps what a worker was given, if it is mapped. */
    public static void closeGiven(long number) {
        WATCHED.remove(number);
        MappedDataset given = GIVEN.remove(number);
        if (given != null) {
            given.close();
        }
    }

    /** Unmaps all that a worker was given. */
    public static void closeAllGiven() {
        for (long number : GIVEN.keySet()) {
            closeGiven(number);
        }
    }

    /** @throws DatasetException when a mapped file that others may change has changed */
    public static void requireUnchanged() {
        for (DatasetFile watched : WATCHED.values()) { // each worker's first task comes here: no lambda
            watched.identity().requireUnchanged(watched.path());
        }
    }
}
