package io.github.forkless.worker;

import io.github.forkless.common.dataset.Dataset;
import io.github.forkless.common.dataset.DatasetException;
import io.github.forkless.common.dataset.MappedDataset;
import java.util.HashMap;
import java.util.Map;

/**
 * The datasets that the workers of one JVM have mapped: each of them once, until nobody needs it any more. Safe for use by
 * several threads.
 */
public final class SharedMappings implements AutoCloseable {
    private final Map<Dataset, Mapping> mappings = new HashMap<>();

    private static final class Mapping {
        private final MappedDataset dataset;
        private int users;

        Mapping(MappedDataset dataset) {
            this.dataset = dataset;
        }
    }

    /** @throws DatasetException when the file is no longer what it was when {@code dataset} was made, or cannot be mapped */
    synchronized MappedDataset map(Dataset dataset) {
        Mapping mapping = mappings.get(dataset);
        if (mapping == null) {
            mapping = new Mapping(MappedDataset.map(dataset));
            mappings.put(dataset, mapping);
        } else {
            mapping.dataset.requireUnchanged();
        }
        mapping.users++;
        return mapping.dataset;
    }

    synchronized void release(MappedDataset dataset) {
        Mapping mapping = mappings.get(dataset.dataset());
        if (mapping != null && mapping.dataset == dataset && --mapping.users == 0) {
            mappings.remove(dataset.dataset());
            dataset.close();
        }
    }

    /** Unmaps all. Whoever still reads one of them, as a worker that does not stop, gets an {@link IllegalStateException}. */
    @Override
    public synchronized void close() {
        for (Mapping mapping : mappings.values()) {
            try {
                mapping.dataset.close();
            } catch (IllegalStateException e) {
                // It is being read by a system call, for a worker that was given up: it stays mapped.
            }
        }
        mappings.clear();
    }
}
