package io.github.forkless.coordinator.generate;

import io.github.forkless.common.dataset.RecordOutput;
import io.github.forkless.common.sample.OrderEvent;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Made-up {@link OrderEvent}s, of which each depends on the seed and on its own place only: six of ten place an order, two match
 * some of it, two cancel it. An order that is matched or cancelled is one of the last thousand or so, perhaps not for the first
 * time. The bytes are those that the classes of the events write, which a test checks: this JVM was not started for Chronicle.
 *
 * @param count events
 */
record OrderEvents(long count, long seed) implements DatasetWriter.Contents {
    private static final byte[][] SYMBOLS = {bytes("ALFA"), bytes("BRAVO"), bytes("CHARLIE")};
    private static final byte[] CLIENT = bytes("client-");
    private static final int REMEMBERED = 1000;

    /** Words for each event: of its kind, its symbol or which order, its price and its quantity, its client. */
    private static final int WORDS = 4;

    @Override
    public void writeTo(FileChannel file, Path folder) throws IOException {
        var out = new RecordOutput(file);
        ByteBuffer bytes = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
        for (long event = 0; event < count; event++) {
            Class<? extends OrderEvent> type = put(event, bytes.clear());
            out.write(type, bytes.array(), 0, bytes.position());
        }
        out.finish();
    }

    private Class<? extends OrderEvent> put(long event, ByteBuffer out) {
        if (isPlaced(event)) {
            putStopBit(event, out);
            putUtf8(symbol(event), out);
            out.putDouble((9_000 + below(2_000, word(event, 2) << 32)) / 100.0);
            out.putInt(quantity(event));
            int client = below(1_000_000, word(event, 3));
            byte[] digits = bytes(Integer.toString(client));
            putStopBit(CLIENT.length + digits.length, out);
            out.put(CLIENT).put(digits);
            return OrderEvent.Placed.class;
        }
        long order = event - 1 - below((int) Math.min(event, REMEMBERED), word(event, 1));
        while (!isPlaced(order)) {
            order--;
        }
        putStopBit(order, out);
        if (kind(event) >= 8) {
            return OrderEvent.Cancelled.class;
        }
        putUtf8(symbol(order), out);
        out.putInt(1 + below(quantity(order), word(event, 2)));
        return OrderEvent.Matched.class;
    }

    /** The first event is. */
    private boolean isPlaced(long event) {
        return event == 0 || kind(event) < 6;
    }

    private int kind(long event) {
        return below(10, word(event, 0));
    }

    private byte[] symbol(long placed) {
        return SYMBOLS[below(SYMBOLS.length, word(placed, 1))];
    }

    private int quantity(long placed) {
        return 1 + below(999, word(placed, 2));
    }

    private long word(long event, int which) {
        return RandomWords.word(seed, event * WORDS + which);
    }

    /** From 0 to {@code bound - 1}, by the upper half of a word. */
    private static int below(int bound, long word) {
        return (int) ((word >>> 32) * bound >>> 32);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static void putUtf8(byte[] text, ByteBuffer out) {
        putStopBit(text.length, out);
        out.put(text);
    }

    private static void putStopBit(long value, ByteBuffer out) {
        long left = value;
        while (left > 0x7f) {
            out.put((byte) (left | 0x80));
            left >>>= 7;
        }
        out.put((byte) left);
    }
}
