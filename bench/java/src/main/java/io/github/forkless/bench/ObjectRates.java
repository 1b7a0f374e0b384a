package io.github.forkless.bench;

import io.github.forkless.common.shared.Doubles;
import io.github.forkless.common.shared.Ints;
import io.github.forkless.common.shared.Longs;
import io.github.forkless.common.shared.Records;
import io.github.forkless.common.shared.Shared;
import io.github.forkless.common.shared.Strings;
import io.github.forkless.common.shared.Table;
import io.github.forkless.coordinator.PoolOptions;
import io.github.forkless.coordinator.WorkerPool;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import net.openhft.chronicle.bytes.BytesIn;
import net.openhft.chronicle.bytes.BytesMarshallable;
import net.openhft.chronicle.bytes.BytesOut;

/**
 * Objects of a program that all workers read: {@code ObjectRates records|table|columns|serialization PROCS COUNT}. Prints the median
 * rates of several goes in one warm pool, in millions of objects a second: written once, and read by each worker.
 */
public final class ObjectRates {
    private static final int GOES = 5;

    private static final String[] SYMBOLS = {"ALFA", "BRAVO", "CHARLIE", "DELTA"};

    /** A trade. */
    static final class Trade implements BytesMarshallable, Serializable {
        private static final long serialVersionUID = 1L;

        private long number;
        private double price;
        private int quantity;
        private String symbol;

        Trade() {}

        Trade(int i) {
            number = i;
            price = i * 0.25;
            quantity = i % 1000;
            symbol = SYMBOLS[i % SYMBOLS.length];
        }

        @Override
        public void writeMarshallable(BytesOut<?> out) {
            out.writeStopBit(number);
            out.writeDouble(price);
            out.writeInt(quantity);
            out.write8bit(symbol);
        }

        @Override
        public void readMarshallable(BytesIn<?> in) {
            number = in.readStopBit();
            price = in.readDouble();
            quantity = in.readInt();
            symbol = in.read8bit();
        }

        /** Of all fields. */
        long sum() {
            return number + (long) price + quantity + symbol.length();
        }
    }

    /** A way of having objects where workers read them. */
    private interface Way extends AutoCloseable {
        /** The sums that each worker found in all of them. */
        List<Long> sums(WorkerPool pool, List<Integer> workers);

        @Override
        void close();
    }

    private interface Writing {
        Way write(WorkerPool pool, List<Trade> trades);
    }

    public static void main(String[] args) {
        int procs = Integer.parseInt(args[1]);
        List<Trade> trades = IntStream.range(0, Integer.parseInt(args[2]))
                .mapToObj(Trade::new)
                .toList();
        Writing writing = switch (args[0]) {
            case "records" -> AsRecords::new;
            case "table" -> AsTable::new;
            case "columns" -> AsColumns::new;
            case "serialization" -> AsSerialized::new;
            default -> throw new IllegalArgumentException(args[0]);
        };
        long expected = trades.stream().mapToLong(Trade::sum).sum();
        try (var pool = WorkerPool.open(PoolOptions.defaults().withProcs(procs))) {
            double[] written = new double[GOES];
            double[] read = new double[GOES];
            for (int go = -1; go < GOES; go++) { // the first one warms up
                long started = System.nanoTime();
                try (Way way = writing.write(pool, trades)) {
                    long ready = System.nanoTime();
                    List<Integer> workers = IntStream.range(0, procs).boxed().toList();
                    List<Long> sums = way.sums(pool, workers);
                    long done = System.nanoTime();
                    if (!sums.stream().allMatch(sum -> sum == expected)) {
                        throw new IllegalStateException(sums + " is not " + expected);
                    }
                    written[Math.max(go, 0)] = trades.size() * 1e3 / (ready - started);
                    read[Math.max(go, 0)] = (double) procs * trades.size() * 1e3 / (done - ready);
                }
            }
            Arrays.sort(written);
            Arrays.sort(read);
            System.out.printf("M/s written\t%.4f%nM/s read\t%.4f%n", written[GOES / 2], read[GOES / 2]);
        }
    }

    private static final class AsRecords implements Way {
        private final Shared<Records<Trade>> shared;

        AsRecords(WorkerPool pool, List<Trade> trades) {
            shared = pool.shareRecords(trades);
        }

        @Override
        public List<Long> sums(WorkerPool pool, List<Integer> workers) {
            Shared<Records<Trade>> handle = shared;
            return pool.map(workers, _ -> sum(handle.get()));
        }

        private static long sum(Records<Trade> trades) {
            long sum = 0;
            for (var cursor = trades.cursor(); cursor.next(); ) {
                sum += cursor.reused().sum();
            }
            return sum;
        }

        @Override
        public void close() {
            shared.close();
        }
    }

    private static final class AsTable implements Way {
        private record Row(long number, double price, int quantity, String symbol) {}

        private final Shared<Table<Row>> shared;

        AsTable(WorkerPool pool, List<Trade> trades) {
            shared = pool.share(Table.of(
                    Row.class,
                    trades.stream().map(trade -> new Row(trade.number, trade.price, trade.quantity, trade.symbol))));
        }

        @Override
        public List<Long> sums(WorkerPool pool, List<Integer> workers) {
            Shared<Table<Row>> handle = shared;
            return pool.map(workers, _ -> sum(handle.get()));
        }

        private static long sum(Table<Row> trades) {
            Longs numbers = trades.longs("number");
            Doubles prices = trades.doubles("price");
            Ints quantities = trades.ints("quantity");
            Strings symbols = trades.strings("symbol");
            long sum = 0;
            for (long i = 0; i < trades.count(); i++) {
                sum += numbers.at(i)
                        + (long) prices.at(i)
                        + quantities.at(i)
                        + symbols.at(i).length();
            }
            return sum;
        }

        @Override
        public void close() {
            shared.close();
        }
    }

    private static final class AsColumns implements Way {
        private final Shared<Longs> numbers;
        private final Shared<Doubles> prices;
        private final Shared<Ints> quantities;
        private final Shared<Ints> symbols;

        AsColumns(WorkerPool pool, List<Trade> trades) {
            numbers =
                    pool.share(trades.stream().mapToLong(trade -> trade.number).toArray());
            prices =
                    pool.share(trades.stream().mapToDouble(trade -> trade.price).toArray());
            quantities =
                    pool.share(trades.stream().mapToInt(trade -> trade.quantity).toArray());
            List<String> names = List.of(SYMBOLS);
            symbols = pool.share(trades.stream()
                    .mapToInt(trade -> names.indexOf(trade.symbol))
                    .toArray());
        }

        @Override
        public List<Long> sums(WorkerPool pool, List<Integer> workers) {
            Shared<Longs> n = numbers;
            Shared<Doubles> p = prices;
            Shared<Ints> q = quantities;
            Shared<Ints> s = symbols;
            return pool.map(workers, _ -> sum(n.get(), p.get(), q.get(), s.get()));
        }

        private static long sum(Longs numbers, Doubles prices, Ints quantities, Ints symbols) {
            long sum = 0;
            for (long i = 0; i < numbers.count(); i++) {
                sum += numbers.at(i) + (long) prices.at(i) + quantities.at(i) + SYMBOLS[symbols.at(i)].length();
            }
            return sum;
        }

        @Override
        public void close() {
            List.of(numbers, prices, quantities, symbols).forEach(Shared::close);
        }
    }

    private static final class AsSerialized implements Way {
        private static final int RESET_EVERY = 1000; // or both sides would keep all objects

        private final Path file;

        AsSerialized(WorkerPool pool, List<Trade> trades) {
            try {
                file = Files.createTempFile("trades", ".ser");
                try (var out = new ObjectOutputStream(new BufferedOutputStream(Files.newOutputStream(file), 1 << 16))) {
                    for (int i = 0; i < trades.size(); i++) {
                        if (i % RESET_EVERY == 0) {
                            out.reset();
                        }
                        out.writeObject(trades.get(i));
                    }
                    out.writeObject(null);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public List<Long> sums(WorkerPool pool, List<Integer> workers) {
            String path = file.toString();
            return pool.map(workers, _ -> sum(path));
        }

        private static long sum(String path) {
            long sum = 0;
            try (var in =
                    new ObjectInputStream(new BufferedInputStream(Files.newInputStream(Path.of(path)), 1 << 16))) {
                while (in.readObject() instanceof Trade trade) {
                    sum += trade.sum();
                }
                return sum;
            } catch (IOException | ClassNotFoundException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public void close() {
            try {
                Files.delete(file);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private ObjectRates() {}
}
