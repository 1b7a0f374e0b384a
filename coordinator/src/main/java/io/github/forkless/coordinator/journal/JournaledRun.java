package io.github.forkless.coordinator.journal;

import io.github.forkless.common.dataset.Slice;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A run's part of a journal: what it had finished before it was started this time, and what it finishes now. For one
 * thread at a time, except that another one may read pieces meanwhile.
 */
public final class JournaledRun {
    /** How many pieces, or bytes of them, are read at a time. */
    private static final int BATCH_PIECES = 64;

    private static final long BATCH_BYTES = 4 << 20;

    private final Journal journal;
    private final int number;
    private final List<Trait> identity;

    // What it had finished when the journal was opened.
    private final Coverage results = new Coverage();
    private final Map<Integer, Coverage> partials = new HashMap<>();
    private int pieces;
    private long from = Long.MAX_VALUE;
    private long to;
    private RecordReader reader;

    JournaledRun(Journal journal, int number, List<Trait> identity) {
        this.journal = journal;
        this.number = number;
        this.identity = identity;
    }

    List<Trait> identity() {
        return identity;
    }

    /** How many pieces it had finished. */
    int pieces() {
        return pieces;
    }

    /** Notes a piece that stands in the journal, and returns whether it is the first with what is in it. */
    boolean found(Piece piece, long recordFrom, long recordTo) {
        pieces++;
        from = Math.min(from, recordFrom);
        to = recordTo;
        return switch (piece) {
            case Piece.Partials p ->
                partials.computeIfAbsent(p.firstSet(), _ -> new Coverage())
                        .add(p.slice().from(), p.slice().to());
            case Piece.Results r -> results.add(r.firstSet(), r.endSet());
        };
    }

    /**
     * Whether the journal had any partials of a group when it was opened.
     *
     * @param firstSet the group's first parameter set
     */
    public boolean hasPartials(int firstSet) {
        return partials.containsKey(firstSet);
    }

    /**
     * What of a slice the journal had no partials of when it was opened.
     *
     * @param firstSet the first parameter set of the group
     */
    public List<Slice> missingPartials(int firstSet, Slice slice) {
        Coverage coverage = partials.get(firstSet);
        return coverage == null
                ? List.of(slice)
                : coverage.missing(slice.from(), slice.to()).stream()
                        .map(range -> new Slice(range.from(), range.to()))
                        .toList();
    }

    /** Which of the parameter sets from {@code firstSet} to, not including, {@code endSet} it had no results of. */
    public List<Range> missingResults(int firstSet, int endSet) {
        return results.missing(firstSet, endSet);
    }

    /**
     * The next few of the pieces that the journal had when it was opened, in the order in which they were finished; none
     * when there are no more. Waits for the disk.
     *
     * @throws JournalException when it cannot be read
     */
    public List<Piece> nextPieces() {
        List<Piece> pieces = new ArrayList<>();
        long bytes = 0;
        while (pieces.size() < BATCH_PIECES && bytes < BATCH_BYTES) {
            Optional<Piece> next = nextPiece();
            if (next.isEmpty()) {
                break;
            }
            pieces.add(next.get());
            bytes += next.get().content().length;
        }
        return pieces;
    }

    /** See {@link #nextPieces}. */
    Optional<Piece> nextPiece() {
        if (reader == null) {
            reader = journal.reader(Math.min(from, to), to);
        }
        try {
            while (reader.hasNext()) {
                Optional<JournalRecord> next = reader.next();
                if (next.isEmpty()) {
                    throw journal.failed("was whole when it was opened and is not now, at byte " + reader.position()
                            + "; something else writes to it");
                }
                if (next.get() instanceof JournalRecord.Done done && done.run() == number) {
                    return Optional.of(done.piece());
                }
            }
            return Optional.empty();
        } catch (IOException e) {
            throw journal.failed("cannot be read: " + JournalException.reason(e));
        }
    }

    /** Has partials written down, soon and by another thread; see {@link Piece.Partials}. */
    public void appendPartials(int firstSet, int endSet, Slice slice, byte[] content) {
        append(new Piece.Partials(firstSet, endSet, slice, content));
    }

    /** Has results written down, soon and by another thread; see {@link Piece.Results}. */
    public void appendResults(int firstSet, int endSet, byte[] content) {
        append(new Piece.Results(firstSet, endSet, content));
    }

    private void append(Piece piece) {
        journal.append(new JournalRecord.Done(number, piece));
    }

    /** See {@link Journal#isBehind}. */
    public boolean isBehind() {
        return journal.isBehind();
    }
}
