package io.github.forkless.common.dataset;

import java.lang.foreign.MemorySegment;
import java.nio.BufferUnderflowException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Walks the records of a block: {@code while (records.next()) use(records.get());}. Not safe for use by several threads.
 *
 * @param <T> what the records are read as
 */
public final class RecordCursor<T> {
    private final Block block;
    private final RecordIndex index;
    private final RecordTypes<T> types;
    private final MemorySegment segment;
    /** Null where records have none. */
    private final RecordHeader header;

    private final Map<Class<?>, T> others = new HashMap<>();

    private long next;
    private long end;
    private long from;
    private RecordBytes bytes;
    private RecordTypes.Type type;
    private int typeNumber;
    private T reused;

    RecordCursor(Block block, RecordTypes<T> types) {
        this.block = block;
        this.index = block.index();
        this.types = types;
        this.segment = block.segment();
        this.header = index != null && index.hasHeaders() ? new RecordHeader(segment) : null;
    }

    /**
     * Moves to the next record; false when there is none.
     *
     * @throws DatasetException when it is not where the file says
     */
    public boolean next() {
        if (next == block.count()) {
            if (end != segment.byteSize()) {
                throw index.broken(block.start() + next - 1);
            }
            return false;
        }
        if (header == null) {
            from = end;
            end = from + index.width();
        } else if (header.read(end)) {
            from = header.from();
            end = from + header.length();
        } else {
            throw index.broken(block.start() + next);
        }
        next++;
        return true;
    }

    /** Moves to a record of the block. */
    public void moveTo(long record) {
        Objects.checkIndex(record, block.count());
        if (record != next) {
            end = index.start(block.start() + record) - index.start(block.start());
            next = record;
        }
        next();
    }

    /** Which record of the dataset the current one is, from 0. */
    public long number() {
        return block.start() + next - 1;
    }

    /** The name of the class that the current record was written of; empty where records do not tell theirs. */
    public String className() {
        if (header == null) {
            return "";
        }
        List<String> classes = index.classes();
        return header.type() < classes.size() ? classes.get(header.type()) : "class " + header.type();
    }

    /** Where in the block's segment the current record's bytes begin. */
    public long from() {
        return from;
    }

    /** Bytes of the current record. */
    public long length() {
        return end - from;
    }

    /**
     * The current record, as a new object.
     *
     * @throws DatasetException when it is of a class that was not named, or its class cannot read it
     */
    public T get() {
        return read(null);
    }

    /**
     * Reads the current record into an object, and returns it.
     *
     * @param into of exactly the record's class
     * @throws DatasetException when it is of another class, or its class cannot read it
     */
    public T get(T into) {
        return read(Objects.requireNonNull(into, "into"));
    }

    /**
     * The current record, in an object that is read anew for the next record of its class: nothing may keep it.
     *
     * @throws DatasetException as {@link #get()} does
     */
    public T reused() {
        findType();
        if (reused == null || reused.getClass() != type.type()) {
            reused = others.computeIfAbsent(type.type(), _ -> types.instance(type));
        }
        return read(reused);
    }

    private T read(T into) {
        findType();
        if (into != null && into.getClass() != type.type()) {
            throw index.unreadable(
                    number(),
                    "is a " + type.type().getName() + ", and cannot be read into a "
                            + into.getClass().getName());
        }
        if (bytes == null) {
            bytes = new RecordBytes();
        }
        T record = into == null ? types.instance(type) : into;
        try {
            bytes.read(segment, from, end - from, record);
        } catch (BufferUnderflowException e) {
            throw index.unreadable(
                    number(),
                    "has " + length() + " bytes, fewer than a " + type.type().getName() + " reads");
        }
        return record;
    }

    private void findType() {
        int number = header == null ? RecordTypes.ONLY : header.type();
        if (type == null || number != typeNumber) {
            try {
                type = types.type(index, number);
                typeNumber = number;
            } catch (RecordTypes.RefusedException e) {
                throw index.unreadable(number(), e.getMessage());
            }
        }
    }
}
