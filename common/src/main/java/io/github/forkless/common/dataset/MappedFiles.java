package io.github.forkless.common.dataset;

import java.lang.foreign.Arena;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Several files, of which those are mapped that are read, and some that were read lately: there may be more files than one
 * process may map.
 */
final class MappedFiles implements MappedDataset {
    /**
     * Files that are unmapped together, which takes as long as for one: all threads of this process have to agree. Twice as many
     * are kept though nobody reads them, since a sweep comes back to a slice for each group of its parameter sets.
     */
    private static final int TOGETHER = 32;

    private final DatasetFiles files;

    /** What is mapped, by its number among the parts. */
    private final Map<Integer, Part> mapped = new HashMap<>();

    /** The oldest first; the last one is filled. */
    private final ArrayDeque<Batch> batches = new ArrayDeque<>();

    private boolean isClosed;

    private record Part(MappedFile dataset, Batch batch) {}

    private static final class Batch {
        private final Arena mapping = Arena.ofShared();
        private int parts;
        private int readers;
    }

    private MappedFiles(DatasetFiles files) {
        this.files = files;
    }

    /** Where there is one file alone, this class need not be loaded. */
    static MappedDataset of(Dataset files) {
        return new MappedFiles((DatasetFiles) files);
    }

    @Override
    public Dataset dataset() {
        return files;
    }

    @Override
    public void forEachBlock(Slice slice, int blockBytes, int recordLength, Consumer<Block> consumer) {
        for (int i = files.partOf(slice.from()); i < files.parts().size() && files.start(i) < slice.to(); i++) {
            long from = Math.max(slice.from() - files.start(i), 0);
            long to = Math.min(slice.to() - files.start(i), files.parts().get(i).count());
            if (from < to) {
                read(i, new Slice(from, to), blockBytes, recordLength, consumer);
            }
        }
    }

    private void read(int number, Slice slice, int blockBytes, int recordLength, Consumer<Block> consumer) {
        Part part = begin(number);
        try {
            part.dataset.forEachBlock(slice, blockBytes, recordLength, consumer);
        } catch (RuntimeException | Error e) {
            e.addSuppressed(new WhileReading(files.parts().get(number).path(), files.start(number)));
            throw e;
        } finally {
            end(part.batch);
        }
    }

    private synchronized Part begin(int number) {
        if (isClosed) {
            throw new IllegalStateException(files.name() + " is not mapped any more");
        }
        Part part = mapped.get(number);
        if (part == null) {
            if (batches.isEmpty() || batches.getLast().parts == TOGETHER) {
                batches.add(new Batch());
            }
            Batch batch = batches.getLast();
            part = new Part(MappedFile.mapPart(files.parts().get(number), files.start(number), batch.mapping), batch);
            batch.parts++;
            mapped.put(number, part);
        }
        part.batch.readers++;
        return part;
    }

    private synchronized void end(Batch read) {
        read.readers--;
        while (!isClosed && batches.size() > 2 && batches.getFirst().readers == 0) {
            Batch oldest = batches.removeFirst();
            mapped.values().removeIf(part -> part.batch == oldest);
            oldest.mapping.close();
        }
    }

    @Override
    public Block whole() {
        throw new IllegalStateException(
                files.name() + " is not one block; use a job, which gets the blocks of each file");
    }

    @Override
    public synchronized void close() {
        isClosed = true;
        mapped.clear();
        while (!batches.isEmpty()) {
            batches.removeFirst().mapping.close();
        }
    }

    @Override
    public synchronized boolean isOpen() {
        return !isClosed;
    }

    @Override
    public void requireUnchanged() {
        files.requireUnchanged();
    }
}
