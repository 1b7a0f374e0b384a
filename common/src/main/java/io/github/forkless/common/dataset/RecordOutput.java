package io.github.forkless.common.dataset;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.bytes.BytesMarshallable;

/**
 * Writes a file of records of different lengths, as {@link RecordsFormat} reads it. By plain writes, which fail where a disk is
 * full. Not safe for use by several threads.
 */
public final class RecordOutput {
    private static final int GATHERED = 1 << 20;

    private final WritableByteChannel out;
    private final ByteBuffer gathered = ByteBuffer.allocateDirect(GATHERED).order(ByteOrder.LITTLE_ENDIAN);
    private Bytes<?> record;
    private final Map<Class<?>, Integer> classes = new LinkedHashMap<>();

    private long[] offsets = new long[16];
    private long count;
    private long written;
    private Class<?> lastClass;
    private int lastNumber;

    /** @throws IllegalStateException when this JVM was started without the options that Chronicle Bytes needs */
    public static void requireOptions() {
        ChronicleOptions.require();
    }

    public RecordOutput(WritableByteChannel out) {
        this.out = out;
        gathered.putLong(RecordsFormat.MAGIC).putInt(RecordsFormat.VERSION).putInt(0);
    }

    /**
     * Writes a record. What its class throws comes from here, and then nothing of it was written.
     *
     * @throws IOException when {@code out} cannot be written to
     * @throws IllegalStateException as {@link #requireOptions} does
     */
    public void write(BytesMarshallable value) throws IOException {
        if (record == null) {
            requireOptions();
            record = ChronicleView.elastic(1 << 12);
        }
        record.clear();
        value.writeMarshallable(record);
        write(
                value.getClass(),
                (byte[]) record.underlyingObject(),
                (int) record.readPosition(),
                Math.toIntExact(record.readRemaining()));
    }

    /**
     * Writes a record of which the bytes are known, without Chronicle.
     *
     * @param type whose objects write such bytes
     * @throws IOException when {@code out} cannot be written to
     */
    public void write(Class<?> type, byte[] bytes, int from, int length) throws IOException {
        int number = numberOf(type);
        if (count % RecordIndex.STRIDE == 0) {
            addOffset();
        }
        room(RecordHeader.LONGEST);
        RecordHeader.write(length, number, gathered);
        put(bytes, from, length);
        count++;
    }

    private int numberOf(Class<?> type) {
        if (type != lastClass) {
            Integer known = classes.get(type);
            if (known == null) {
                RecordTypes.requireReadable(type);
                known = classes.size();
                classes.put(type, known);
            }
            lastNumber = known;
            lastClass = type;
        }
        return lastNumber;
    }

    private void addOffset() {
        int at = Math.toIntExact(count / RecordIndex.STRIDE);
        if (at == offsets.length) {
            offsets = Arrays.copyOf(offsets, offsets.length * 2);
        }
        offsets[at] = position();
    }

    private long position() {
        return written + gathered.position();
    }

    /** How many were written. */
    public long count() {
        return count;
    }

    /** The names of the classes that the records are of. */
    public List<String> classes() {
        return classes.keySet().stream().map(Class::getName).toList();
    }

    /**
     * Writes what stands behind the records: now the file is whole.
     *
     * @return where the records lie in it
     */
    public Layout.Records finish() throws IOException {
        long indexAt = position();
        int groups = Math.toIntExact(Math.ceilDiv(count, RecordIndex.STRIDE));
        for (int i = 0; i < groups; i++) {
            room(Long.BYTES).putLong(offsets[i]);
        }
        room(Long.BYTES).putLong(indexAt);
        long classesAt = position();
        room(Integer.BYTES).putInt(classes.size());
        for (Class<?> type : classes.keySet()) {
            byte[] name = type.getName().getBytes(StandardCharsets.UTF_8);
            room(Integer.BYTES).putInt(name.length);
            put(name, 0, name.length);
        }
        room(RecordsFormat.TAIL_BYTES)
                .putLong(count)
                .putLong(indexAt)
                .putLong(classesAt)
                .putLong(position() + Long.BYTES * 2)
                .putLong(RecordsFormat.MAGIC);
        flush();
        return new Layout.Records(RecordsFormat.HEAD_BYTES, count, indexAt - RecordsFormat.HEAD_BYTES, 0);
    }

    private void put(byte[] bytes, int from, int length) throws IOException {
        for (int at = 0; at < length; ) {
            ByteBuffer room = room(1);
            int some = Math.min(room.remaining(), length - at);
            room.put(bytes, from + at, some);
            at += some;
        }
    }

    private ByteBuffer room(int bytes) throws IOException {
        if (gathered.remaining() < bytes) {
            flush();
        }
        return gathered;
    }

    private void flush() throws IOException {
        gathered.flip();
        written += gathered.remaining();
        while (gathered.hasRemaining()) {
            out.write(gathered);
        }
        gathered.clear();
    }
}
