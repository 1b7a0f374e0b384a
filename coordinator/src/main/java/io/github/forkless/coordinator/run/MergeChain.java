package io.github.forkless.coordinator.run;

import io.github.forkless.common.dataset.Slice;
import io.github.forkless.common.wire.Content;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The partials of one group of parameter sets on their way to one result. Partials arrive in any order and are merged
 * in the dataset's: always the merged beginning with the slices that follow it. Whether that happens in one step or in
 * many makes no difference to the answer, for the same merges are made in the same order. The steps are the same, too,
 * whenever the partials arrive: so many of them, or of their bytes, make a step. The larger the merged beginning is, which
 * travels with each step, the more make one.
 *
 * <p>This is also the proof that an answer is complete: {@link #coveredTo} only ever moves from the end of one slice to
 * the end of the slice that begins there, whether that has a partial or is left out, and a slice that overlaps another
 * is refused.
 *
 * <p>Only bytes are held here; the merging is done by workers. Not safe for use by several threads.
 */
final class MergeChain {
    /** How many partials, or bytes of them, are merged while others are still awaited. */
    private static final int BATCH_PARTIALS = 64;

    private static final long BATCH_BYTES = 4 << 20;

    /** And half as much as is merged already, or it would be sent again for every few that come, but no more than this. */
    private static final int MOST_NEEDED_BYTES = 256 << 20;

    private final Slice all;

    /** What came before its left neighbour, by where it begins. */
    private final TreeMap<Long, Arrival> early = new TreeMap<>();

    private long earlyBytes;

    /** Every element before this one is in {@link #merged}, in {@link #waiting}, being merged, or left out. */
    private long coveredTo;

    private final ArrayDeque<Arrival> waiting = new ArrayDeque<>();
    private long waitingBytes;
    private Content merged;
    private int neededBytes;
    private boolean merging;

    /** What is held of the slice that ends before {@code to}; nothing if that is left out. */
    private record Arrival(long to, Optional<Content> partial) {
        private int bytes() {
            return partial.isPresent() ? partial.get().length() : 0;
        }
    }

    /** Partials in order, what they cover together, from the beginning on, and whether that is everything. */
    record Batch(Slice slice, List<Content> partials, boolean isLast) {}

    /** @param all what the partials will cover together */
    MergeChain(Slice all) {
        this.all = all;
        this.coveredTo = all.from();
    }

    /** Takes the partial of one slice. */
    void arrived(Slice slice, Content partial) {
        cover(slice, Optional.of(partial));
    }

    /** Goes on without the partial of one slice. */
    void leaveOut(Slice slice) {
        cover(slice, Optional.empty());
    }

    private void cover(Slice slice, Optional<Content> partial) {
        Map.Entry<Long, Arrival> before = early.lowerEntry(slice.to());
        boolean overlaps = slice.from() < coveredTo || before != null && before.getValue().to > slice.from();
        if (overlaps || slice.length() == 0 || slice.to() > all.to()) {
            throw new IllegalStateException(slice + " of " + all + " was not awaited: everything before " + coveredTo
                    + " is there" + (before == null ? "" : ", and so is a slice from " + before.getKey()));
        }
        var arrival = new Arrival(slice.to(), partial);
        early.put(slice.from(), arrival);
        earlyBytes += arrival.bytes();
        for (Arrival next = early.remove(coveredTo); next != null; next = early.remove(coveredTo)) {
            coveredTo = next.to;
            earlyBytes -= next.bytes();
            if (next.partial.isPresent()) {
                waiting.add(next);
                waitingBytes += next.bytes();
            }
        }
    }

    /** How many bytes wait here for what workers are at: for a slice before theirs, or for the merge before theirs. */
    long blockedBytes() {
        return earlyBytes + (merging ? waitingBytes : 0);
    }

    /** The first element that something is awaited of; the end if nothing is. */
    long coveredTo() {
        return coveredTo;
    }

    /** Takes what became of the batch that {@link #nextBatch} returned, unless it was the last. */
    void merged(Content partial) {
        merged = partial;
        neededBytes = Math.min(partial.length() / 2, MOST_NEEDED_BYTES);
        merging = false;
    }

    /** Whether as much as is merged at a time waits for what is being merged. */
    boolean isBehind() {
        return merging && isBatch(waiting.size(), waitingBytes);
    }

    private boolean isBatch(int partials, long bytes) {
        return (partials >= BATCH_PARTIALS || bytes >= BATCH_BYTES) && bytes >= neededBytes;
    }

    /** What can be merged now and is worth it; empty if nothing is, or if a batch is being merged already. */
    Optional<Batch> nextBatch() {
        // A large one alone would only be read and written.
        boolean isWorthIt = isBatch(waiting.size(), waitingBytes) && (merged != null || waiting.size() > 1);
        if (merging || !(isWorthIt || coveredTo == all.to())) {
            return Optional.empty();
        }
        List<Content> partials = new ArrayList<>(Math.min(BATCH_PARTIALS, waiting.size()) + 1);
        if (merged != null) {
            partials.add(merged);
            merged = null;
        }
        long to = 0;
        long bytes = 0;
        for (int n = 0; !(isBatch(n, bytes) && partials.size() > 1) && !waiting.isEmpty(); n++) {
            Arrival next = waiting.remove();
            partials.add(next.partial.orElseThrow());
            bytes += next.bytes();
            to = next.to;
        }
        waitingBytes -= bytes;
        merging = true;
        boolean isLast = waiting.isEmpty() && coveredTo == all.to();
        return Optional.of(new Batch(new Slice(all.from(), isLast ? all.to() : to), partials, isLast));
    }
}
