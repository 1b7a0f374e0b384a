package io.github.forkless.coordinator;

import io.github.forkless.common.value.TypeFinder;
import io.github.forkless.common.value.ValueReader;
import io.github.forkless.common.wire.ByteReader;
import io.github.forkless.common.wire.ByteSpan;
import io.github.forkless.common.wire.WireException;
import java.util.HexFormat;

/** Reads results: the only things made by a job that are ever read on this side. */
final class Results {
    private static final int SHOWN_BYTES = 32;

    /**
     * @param content what a worker sent
     * @param count how many results that should be
     * @throws WireException when it is something else, showing how it begins
     */
    static Object[] read(ByteSpan content, int count, TypeFinder types) {
        ByteReader bytes = content.reader();
        var values = new ValueReader(bytes, types);
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
