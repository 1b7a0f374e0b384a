package io.github.forkless.coordinator;

import io.github.forkless.common.dataset.Slice;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The partials of one group of parameter sets on their way to one result. Partials arrive in any order and are merged
 * in the dataset's: always the merged beginning with the slices that follow it. Whether that happens in one step or in
 * many makes no difference to the answer, for the same merges are made in the same order.
 *
 * <p>Only bytes are held here; the merging is done by workers. Not safe for use by several threads.
 */
final class MergeChain {
    /** So many partials, or so many bytes of them, are merged while others are still awaited. */
    private static final int BATCH_PARTIALS = 64;

    private static final long BATCH_BYTES = 4 << 20;

    private final List<Slice> slices;
    private final long elements;
    private final byte[][] arrived;
    /** How many slices, from the first, {@link #merged} covers. */
    private int mergedSlices;

    private byte[] merged;
    private boolean merging;
    /** The first slice, from {@link #mergedSlices} on, whose partial has not arrived. */
    private int firstMissing;

    private long waitingBytes;

    /** Partials of neighbouring slices, in order, and the slice that they cover together. */
    record Batch(Slice slice, List<byte[]> partials, boolean isLast) {}

    MergeChain(List<Slice> slices, long elements) {
        this.slices = slices;
        this.elements = elements;
        this.arrived = new byte[slices.size()][];
    }

    /** Takes the partial of one slice. */
    void arrived(int slice, byte[] partial) {
        if (slice < mergedSlices || arrived[slice] != null) {
            throw new IllegalStateException("a second partial for " + slices.get(slice));
        }
        arrived[slice] = partial;
        while (firstMissing < arrived.length && arrived[firstMissing] != null) {
            waitingBytes += arrived[firstMissing].length;
            firstMissing++;
        }
    }

    /** Takes what became of the batch that {@link #nextBatch} returned, unless it was the last. */
    void merged(byte[] partial) {
        merged = partial;
        merging = false;
    }

    /** What can be merged now and is worth it; empty if nothing is, or if a batch is being merged already. */
    Optional<Batch> nextBatch() {
        boolean isLast = firstMissing == slices.size();
        int waiting = firstMissing - mergedSlices;
        if (merging || !(isLast || waiting >= BATCH_PARTIALS || waitingBytes >= BATCH_BYTES)) {
            return Optional.empty();
        }
        List<byte[]> partials = new ArrayList<>(waiting + 1);
        if (merged != null) {
            partials.add(merged);
        }
        for (; mergedSlices < firstMissing; mergedSlices++) {
            partials.add(arrived[mergedSlices]);
            arrived[mergedSlices] = null;
        }
        merged = null;
        waitingBytes = 0;
        merging = true;
        return Optional.of(new Batch(covered(), partials, isLast));
    }

    /** The slice from the dataset's start to the end of what was merged, proved to be without gap or overlap. */
    private Slice covered() {
        long to = 0;
        for (Slice slice : slices.subList(0, mergedSlices)) {
            if (slice.from() != to) {
                throw new IllegalStateException("after element " + to + " comes " + slice + ": a gap or an overlap");
            }
            to = slice.to();
        }
        if (mergedSlices == slices.size() && to != elements) {
            throw new IllegalStateException("the slices end at element " + to + " of " + elements);
        }
        return new Slice(0, to);
    }
}
