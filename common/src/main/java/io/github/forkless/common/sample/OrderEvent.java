package io.github.forkless.common.sample;

import net.openhft.chronicle.bytes.BytesIn;
import net.openhft.chronicle.bytes.BytesMarshallable;
import net.openhft.chronicle.bytes.BytesOut;

/**
 * What may happen in an order book: an order is placed, matched with another, or cancelled. {@code coordinator generate} writes
 * files of them, and their sources show what a class of records needs: a constructor without parameters, and two methods that
 * write and read the same.
 */
public sealed interface OrderEvent extends BytesMarshallable {

    /** The order's number: that of the event that placed it. */
    long order();

    /** Somebody wants to trade. */
    final class Placed implements OrderEvent {
        private long order;
        private String symbol = "";
        private double price;
        private int quantity;
        private String client = "";

        /** To be read into. */
        public Placed() {}

        public Placed(long order, String symbol, double price, int quantity, String client) {
            this.order = order;
            this.symbol = symbol;
            this.price = price;
            this.quantity = quantity;
            this.client = client;
        }

        @Override
        public long order() {
            return order;
        }

        public String symbol() {
            return symbol;
        }

        public double price() {
            return price;
        }

        public int quantity() {
            return quantity;
        }

        public String client() {
            return client;
        }

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

    /** All of an order, or some, is traded. */
    final class Matched implements OrderEvent {
        private long order;
        private String symbol = "";
        private int quantity;

        /** To be read into. */
        public Matched() {}

        public Matched(long order, String symbol, int quantity) {
            this.order = order;
            this.symbol = symbol;
            this.quantity = quantity;
        }

        @Override
        public long order() {
            return order;
        }

        public String symbol() {
            return symbol;
        }

        public int quantity() {
            return quantity;
        }

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

    /** An order is taken back. */
    final class Cancelled implements OrderEvent {
        private long order;

        /** To be read into. */
        public Cancelled() {}

        public Cancelled(long order) {
            this.order = order;
        }

        @Override
        public long order() {
            return order;
        }

        @Override
        public void writeMarshallable(BytesOut<?> out) {
            out.writeStopBit(order);
        }

        @Override
        public void readMarshallable(BytesIn<?> in) {
            order = in.readStopBit();
        }
    }
}
