package io.github.forkless.common.shared;

import io.github.forkless.common.dataset.Block;
import io.github.forkless.common.dataset.RecordCursor;
import io.github.forkless.common.dataset.RecordOutput;
import io.github.forkless.common.dataset.RecordTypes;
import java.util.Objects;
import java.util.function.Consumer;
import net.openhft.chronicle.bytes.BytesMarshallable;

/**
 * Shared objects that write and read themselves by Chronicle Bytes, in as many bytes as each takes. Positions count from 0 and
 * are 64 bits wide. Safe for use by several threads.
 *
 * <p>Programs that write or read them have to be started with some options for Chronicle, which an {@link
 * IllegalStateException} tells where they are missing. Workers have them.
 *
 * @param <T> what all of them are
 */
public final class Records<T extends BytesMarshallable> {
    private final Block block;
    private final RecordTypes<T> types;
    /** What it takes to read them is not for several threads, and is not made anew for each. */
    private final ThreadLocal<RecordCursor<T>> cursors;

    Records(Block block, RecordTypes<T> types) {
        this.block = block;
        this.types = types;
        this.cursors = ThreadLocal.withInitial(this::cursor);
    }

    /**
     * Objects to be shared, which may be of several classes. Each class must have a constructor without parameters; what its
     * objects have travels as {@link BytesMarshallable#writeMarshallable} writes it.
     */
    public static <T extends BytesMarshallable> Shareable<Records<T>> of(Iterable<? extends T> objects) {
        return Shareable.of(0, false, (out, _) -> {
            var records = new RecordOutput(out);
            for (T each : objects) {
                records.write(each);
            }
            var layout = records.finish();
            return new RecordsView(layout.offset(), layout.count(), layout.bytes(), records.classes());
        });
    }

    /** How many there are. */
    public long count() {
        return block.count();
    }

    /**
     * A new object of what is at an index.
     *
     * @throws IndexOutOfBoundsException when {@code index} is not from 0 to {@code count() - 1}
     */
    public T at(long index) {
        return cursorAt(index).get();
    }

    /**
     * Reads what is at an index into an object, and returns that.
     *
     * @param into of exactly its class
     * @throws IndexOutOfBoundsException when {@code index} is not from 0 to {@code count() - 1}
     */
    public T read(long index, T into) {
        return cursorAt(index).get(into);
    }

    private RecordCursor<T> cursorAt(long index) {
        Objects.checkIndex(index, block.count());
        RecordCursor<T> cursor = cursors.get();
        cursor.moveTo(index);
        return cursor;
    }

    /** Shows each of them, in their order, in one object of each class, which is read anew for the next: nothing may keep it. */
    public void forEach(Consumer<? super T> action) {
        RecordCursor<T> cursor = cursor();
        while (cursor.next()) {
            action.accept(cursor.reused());
        }
    }

    /** Goes through them one after another: {@code while (cursor.next()) use(cursor.get());}. */
    public RecordCursor<T> cursor() {
        return types.cursor(block);
    }

    /**
     * Those from {@code from} up to, not including, {@code to}; a view, not a copy.
     *
     * @throws IndexOutOfBoundsException when not all of them are there
     */
    public Records<T> part(long from, long to) {
        return new Records<>(block.part(from, to), types);
    }
}
