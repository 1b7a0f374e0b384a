package io.github.forkless.common.dataset;

import net.openhft.chronicle.bytes.BytesIn;
import net.openhft.chronicle.bytes.BytesMarshallable;
import net.openhft.chronicle.bytes.BytesOut;

/** What tests write as records: of two classes, one of which holds another. */
public sealed interface Event extends BytesMarshallable {
    long id();

    final class Placed implements Event {
        long id;
        String note = "";
        Price price = new Price();

        Placed() {}

        public Placed(long id, String note, double price) {
            this.id = id;
            this.note = note;
            this.price.value = price;
        }

        @Override
        public long id() {
            return id;
        }

        @Override
        public void writeMarshallable(BytesOut<?> out) {
            out.writeStopBit(id);
            out.writeUtf8(note);
            price.writeMarshallable(out);
        }

        @Override
        public void readMarshallable(BytesIn<?> in) {
            id = in.readStopBit();
            note = in.readUtf8();
            price.readMarshallable(in);
        }
    }

    final class Price implements BytesMarshallable {
        double value;

        @Override
        public void writeMarshallable(BytesOut<?> out) {
            out.writeDouble(value);
        }

        @Override
        public void readMarshallable(BytesIn<?> in) {
            value = in.readDouble();
        }
    }

    final class Cancelled implements Event {
        long id;

        Cancelled() {}

        public Cancelled(long id) {
            this.id = id;
        }

        @Override
        public long id() {
            return id;
        }

        @Override
        public void writeMarshallable(BytesOut<?> out) {
            out.writeStopBit(id);
        }

        @Override
        public void readMarshallable(BytesIn<?> in) {
            id = in.readStopBit();
        }
    }
}
