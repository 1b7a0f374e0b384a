package io.github.forkless.common.shared;

import io.github.forkless.common.dataset.DatasetFile;
import io.github.forkless.common.dataset.MappedDataset;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What this process has mapped of shared data. Safe for use by several threads. */
public final class SharedMappings {
    /** What pools of this process share, by the file's path. */
    private static final Map<Path, MappedDataset> OWN = new ConcurrentHashMap<>();

    /** What this worker has been given handles of. */
    private static final Map<Path, MappedDataset> GIVEN = new ConcurrentHashMap<>();

    /** Of these the files, by the numbers that the coordinator calls them by. */
    private static final Map<Integer, Path> NUMBERED = new ConcurrentHashMap<>();

    /** Of these the ones that others may change. */
    private static final Map<Path, MappedDataset> WATCHED = new ConcurrentHashMap<>();

    private SharedMappings() {}

    /** What a pool of this process has written, mapped already: to open its file again and close it would undo its lock. */
    public static void addOwn(MappedDataset dataset) {
        OWN.put(dataset.file().path(), dataset);
    }

    /** Whoever still reads it keeps it mapped. */
    public static void removeOwn(Path file) {
        OWN.remove(file);
    }

    static MappedDataset map(int number, DatasetFile file, boolean isPrivate) {
        MappedDataset own = OWN.get(file.path());
        return own != null
                ? own
                : GIVEN.computeIfAbsent(file.path(), path -> {
                    MappedDataset mapped = MappedDataset.map(file);
                    NUMBERED.put(number, path);
                    if (!isPrivate) {
                        WATCHED.put(path, mapped);
                    }
                    return mapped;
                });
    }

    /** Unmaps what the coordinator calls by a number, if it is mapped. */
    public static void close(int number) {
        Path path = NUMBERED.remove(number);
        if (path != null) {
            WATCHED.remove(path);
            GIVEN.remove(path).close();
        }
    }

    /** @throws io.github.forkless.common.dataset.DatasetException when a mapped file that others may change has changed */
    public static void requireUnchanged() {
        WATCHED.values().forEach(MappedDataset::requireUnchanged);
    }
}
