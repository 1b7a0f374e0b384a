package io.github.forkless.coordinator.run;

import io.github.forkless.common.job.FailedSet;
import io.github.forkless.common.value.RecordValue;
import io.github.forkless.common.value.TypeFinder;
import io.github.forkless.common.value.ValueCheck;
import io.github.forkless.common.value.ValueReader;
import io.github.forkless.common.wire.ByteReader;
import io.github.forkless.common.wire.ByteSpan;
import io.github.forkless.common.wire.WireException;
import io.github.forkless.coordinator.run.RunOutcome.EncodedResults;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads results: the only things made by a job that are ever read on this side. That may run constructors of the user's
 * records, so it is done by the thread that waits for them, and under no lock.
 */
public final class ResultReader {
    /** What is made of one message may take half of the heap: the rest of the program needs some too. */
    private static final long MOST_HEAP_BYTES = Runtime.getRuntime().maxMemory() / 2;

    /** What is printed is read without types. */
    private static final int MOST_PRINTED_BITS = 1 << 20;

    /**
     * All results of a run, in the order of their parameter sets; null for one that has failed.
     *
     * @throws WireException when they are something else
     * @throws io.github.forkless.common.value.ValueRefusedException when these are results that are not made here
     */
    public static List<Object> readAll(List<EncodedResults> results, TypeFinder types) {
        List<Object> all = new ArrayList<>();
        for (EncodedResults it : results) {
            Object[] part = read(it, types);
            for (int i = 0; i < part.length; i++) {
                put(all, it.number(i), isFailedSet(part[i]) ? null : part[i]);
            }
        }
        return all;
    }

    private static void put(List<Object> results, int number, Object result) {
        if (number == EncodedResults.NOTHING) {
            return;
        }
        while (results.size() <= number) {
            results.add(null);
        }
        results.set(number, result);
    }

    private static boolean isFailedSet(Object result) {
        return result instanceof RecordValue record && record.type().equals(FailedSet.class.getName());
    }

    /** @throws WireException when they are something else, showing how that begins */
    static Object[] read(EncodedResults encoded, TypeFinder types) {
        byte[] content = encoded.content();
        var bytes = new ByteReader(content);
        int mostBits = types == TypeFinder.NONE ? MOST_PRINTED_BITS : Integer.MAX_VALUE;
        var values = new ValueReader(bytes, types, new ValueReader.Bounds(MOST_HEAP_BYTES, mostBits));
        var results = new Object[encoded.end() - encoded.first()];
        try {
            for (int i = 0; i < results.length; i++) {
                results[i] = values.read();
            }
            bytes.expectEnd();
            return results;
        } catch (WireException e) {
            throw ValueCheck.broken(ByteSpan.of(content), e);
        }
    }

    private ResultReader() {}
}
