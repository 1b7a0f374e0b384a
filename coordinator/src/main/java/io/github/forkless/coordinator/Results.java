package io.github.forkless.coordinator;

import io.github.forkless.common.value.TypeFinder;
import io.github.forkless.common.value.ValueReader;
import io.github.forkless.common.value.ValueRefusedException;
import io.github.forkless.common.wire.ByteReader;
import io.github.forkless.common.wire.ByteSpan;
import io.github.forkless.common.wire.WireException;
import java.util.HexFormat;

/** Reads results: the only things made by a job that are ever read on this side. */
final class Results {
    private static final int SHOWN_BYTES = 32;

    /** What is made of one message may take half of the heap: the rest of the program needs some too. */
    private static final long MOST_HEAP_BYTES = Runtime.getRuntime().maxMemory() / 2;

    /** What is printed is read without types. */
    private static final int MOST_PRINTED_BITS = 1 << 20;

    /**
     * @param content what a worker sent
     * @param count how many results that should be
     * @throws WireException when it is something else, showing how it begins
     * @throws ValueRefusedException when these are results that are not made here
     */
    static Object[] read(ByteSpan content, int count, TypeFinder types) {
        ByteReader bytes = content.reader();
        int mostBits = types == TypeFinder.NONE ? MOST_PRINTED_BITS : Integer.MAX_VALUE;
        var values = new ValueReader(bytes, types, new ValueReader.Bounds(MOST_HEAP_BYTES, mostBits));
        var results = new Object[count];
        try {
            for (int i = 0; i < count; i++) {
                results[i] = values.read();
            }
            bytes.expectEnd();
            return results;
        } catch (WireException e) {
            int from = content.from();
            int shown = Math.min(content.length(), SHOWN_BYTES);
            throw new WireException("a result of " + content.length() + " bytes that begins with "
                    + HexFormat.ofDelimiter(" ").formatHex(content.array(), from, from + shown) + " cannot be read: "
                    + e.getMessage());
        }
    }

    private Results() {}
}
