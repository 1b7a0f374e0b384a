import io.github.forkless.common.dataset.Block;
import io.github.forkless.common.dataset.RecordCursor;
import io.github.forkless.common.job.Job;
import io.github.forkless.coordinator.RecordWriter;
import java.nio.file.Path;
import java.util.Random;
import java.util.TreeMap;
import net.openhft.chronicle.bytes.BytesIn;
import net.openhft.chronicle.bytes.BytesMarshallable;
import net.openhft.chronicle.bytes.BytesOut;

/** The volume traded in each symbol, from what happened in an order book. {@code main} makes up such a book. */
public record OrderBook() implements Job<TreeMap<String, Long>, TreeMap<String, Long>> {

    /** What may happen: an order is placed, matched with another, or cancelled. */
    public sealed interface Event extends BytesMarshallable {}

    public static final class Placed implements Event {
        long order;
        String symbol;
        double price;
        int quantity;
        String client;

        @Override
        public void writeMarshallable(BytesOut<?> out) {
            out.writeStopBit(order);
            out.writeUtf8(symbol);
            out.writeDouble(price);
            out.writeInt(quantity);
            out.writeUtf8(client);
        }

        @Override
        public void readMarshallable(BytesIn<?> in) {
            order = in.readStopBit();
            symbol = in.readUtf8();
            price = in.readDouble();
            quantity = in.readInt();
            client = in.readUtf8();
        }
    }

    public static final class Matched implements Event {
        long order;
        String symbol;
        int quantity;

        @Override
        public void writeMarshallable(BytesOut<?> out) {
            out.writeStopBit(order);
            out.writeUtf8(symbol);
            out.writeInt(quantity);
        }

        @Override
        public void readMarshallable(BytesIn<?> in) {
            order = in.readStopBit();
            symbol = in.readUtf8();
            quantity = in.readInt();
        }
    }

    public static final class Cancelled implements Event {
        long order;

        @Override
        public void writeMarshallable(BytesOut<?> out) {
            out.writeStopBit(order);
        }

        @Override
        public void readMarshallable(BytesIn<?> in) {
            order = in.readStopBit();
        }
    }

    @Override
    public TreeMap<String, Long> start() {
        return new TreeMap<>();
    }

    @Override
    public TreeMap<String, Long> accept(TreeMap<String, Long> volumes, Block block) {
        for (RecordCursor<Event> events = block.records(Event.class); events.next(); ) {
            if (events.reused() instanceof Matched matched) {
                volumes.merge(matched.symbol, (long) matched.quantity, Long::sum);
            }
        }
        return volumes;
    }

    @Override
    public TreeMap<String, Long> merge(TreeMap<String, Long> left, TreeMap<String, Long> right) {
        right.forEach((symbol, volume) -> left.merge(symbol, volume, Long::sum));
        return left;
    }

    @Override
    public TreeMap<String, Long> finish(TreeMap<String, Long> volumes) {
        return volumes;
    }

    /** Writes a book, the same one every time: OrderBook FILE EVENTS. */
    public static void main(String[] args) {
        long count = Long.parseLong(args[1]);
        var random = new Random(1);
        String[] symbols = {"ALFA", "BRAVO", "CHARLIE"};
        try (RecordWriter<Event> book = RecordWriter.create(Path.of(args[0]))) {
            for (long order = 0; order < count; order++) {
                book.write(event(order, symbols[random.nextInt(3)], random));
            }
            book.publish();
        }
    }

    private static Event event(long order, String symbol, Random random) {
        int kind = random.nextInt(10);
        if (kind < 6) {
            var placed = new Placed();
            placed.order = order;
            placed.symbol = symbol;
            placed.price = random.nextInt(9_000, 11_000) / 100.0;
            placed.quantity = random.nextInt(1, 1000);
            placed.client = "client-" + random.nextInt(1_000_000);
            return placed;
        } else if (kind < 8) {
            var matched = new Matched();
            matched.order = order;
            matched.symbol = symbol;
            matched.quantity = random.nextInt(1, 1000);
            return matched;
        }
        var cancelled = new Cancelled();
        cancelled.order = order;
        return cancelled;
    }
}
