package io.github.forkless.coordinator.result;

import io.github.forkless.common.dataset.Slice;
import io.github.forkless.coordinator.result.Recording.Attempt;
import io.github.forkless.coordinator.result.Recording.Outcome;
import java.util.ArrayList;
import java.util.List;

/** Attempts in so little room that there may be a million: ten numbers each, in arrays that are never copied. */
final class AttemptTable {
    private static final int NUMBERS = 10;
    private static final int ROWS = 1024;
    private static final Outcome[] OUTCOMES = Outcome.values();

    private final List<long[]> chunks = new ArrayList<>();
    private int size;
    private long notKept;

    int size() {
        return size;
    }

    long notKept() {
        return notKept;
    }

    /** Adds one, or only counts it if there are {@link Recording#MAX_ATTEMPTS} already. */
    void add(Attempt attempt) {
        if (size == Recording.MAX_ATTEMPTS) {
            notKept++;
            return;
        }
        if (size == chunks.size() * ROWS) {
            chunks.add(new long[ROWS * NUMBERS]);
        }
        long[] chunk = chunks.getLast();
        int at = size % ROWS * NUMBERS;
        chunk[at] = attempt.task();
        chunk[at + 1] = attempt.slice().from();
        chunk[at + 2] = attempt.slice().to();
        chunk[at + 3] = pair(attempt.firstSet(), attempt.endSet());
        chunk[at + 4] = pair(attempt.worker(), attempt.number());
        chunk[at + 5] = pair(attempt.run(), attempt.outcome().ordinal() << 1 | (attempt.isMerge() ? 1 : 0));
        chunk[at + 6] = attempt.dealtNanos();
        chunk[at + 7] = attempt.startedNanos();
        chunk[at + 8] = attempt.endedNanos();
        chunk[at + 9] = pair((int) attempt.minorFaults(), (int) attempt.majorFaults());
        size++;
    }

    Attempt get(int index) {
        long[] chunk = chunks.get(index / ROWS);
        int at = index % ROWS * NUMBERS;
        return new Attempt(
                first(chunk[at + 4]),
                first(chunk[at + 5]),
                chunk[at],
                (second(chunk[at + 5]) & 1) != 0,
                second(chunk[at + 4]),
                new Slice(chunk[at + 1], chunk[at + 2]),
                first(chunk[at + 3]),
                second(chunk[at + 3]),
                chunk[at + 6],
                chunk[at + 7],
                chunk[at + 8],
                OUTCOMES[second(chunk[at + 5]) >> 1],
                first(chunk[at + 9]),
                second(chunk[at + 9]));
    }

    private static long pair(int first, int second) {
        return (long) first << 32 | second & 0xffff_ffffL;
    }

    private static int first(long pair) {
        return (int) (pair >> 32);
    }

    private static int second(long pair) {
        return (int) pair;
    }
}
