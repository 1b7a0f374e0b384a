package io.github.forkless.common.value;

import io.github.forkless.common.wire.ByteReader;
import io.github.forkless.common.wire.ByteWriter;
import java.lang.reflect.Constructor;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.bytes.BytesMarshallable;

/**
 * Objects that write and read themselves through Chronicle Bytes. Apart from the other values, so that Chronicle's
 * classes are loaded only where such an object is met.
 */
final class Marshalled {

    static void write(Object value, ByteWriter out) {
        Bytes<?> bytes = Bytes.allocateElasticOnHeap();
        ((BytesMarshallable) value).writeMarshallable(bytes);
        out.putByte(Tag.MARSHALLED);
        out.putString(value.getClass().getName());
        out.putBytes(bytes.toByteArray());
    }

    static boolean isOne(Object value) {
        return value instanceof BytesMarshallable;
    }

    /** Whether objects of a class are such. */
    static boolean areOf(Class<?> type) {
        return BytesMarshallable.class.isAssignableFrom(type);
    }

    static Object read(ByteReader in, Class<?> type) {
        byte[] content = in.getBytes();
        if (!BytesMarshallable.class.isAssignableFrom(type)) { // before any code of it runs
            throw in.broken("takes " + type.getName() + " for a BytesMarshallable");
        }
        try {
            Constructor<?> constructor = type.getDeclaredConstructor();
            constructor.setAccessible(true);
            var value = (BytesMarshallable) constructor.newInstance();
            value.readMarshallable(Bytes.wrapForRead(content));
            return value;
        } catch (NoSuchMethodException e) {
            throw new ValueRefusedException(type.getName() + " needs a constructor without arguments to be read back");
        } catch (Throwable e) {
            throw ValueReader.refused("a " + type.getName() + " cannot read its bytes", e);
        }
    }

    private Marshalled() {}
}
