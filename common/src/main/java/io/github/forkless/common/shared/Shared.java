package io.github.forkless.common.shared;

import io.github.forkless.common.dataset.Block;
import io.github.forkless.common.dataset.DatasetException;
import io.github.forkless.common.dataset.DatasetFile;
import io.github.forkless.common.dataset.ElementType;
import io.github.forkless.common.dataset.FileIdentity;
import io.github.forkless.common.dataset.Layout;
import io.github.forkless.common.dataset.MappedDataset;
import io.github.forkless.common.value.Packable;
import java.io.Serializable;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * A handle of data that a pool's workers share. It is small: a lambda may capture it, and it may be a field of a job, a
 * parameter, or in a record. In a worker {@link #get} maps the data when it is first called; all processes that do so read one
 * physical copy.
 *
 * <p>{@link #close}, or the end of the pool, removes the data. What is at work keeps it until it is done; {@link #get} fails in
 * what begins later. Safe for use by several threads.
 *
 * @param <V> what the data is read as, such as {@link Doubles}
 */
public final class Shared<V> implements Serializable, Packable, AutoCloseable {
    private static final long serialVersionUID = 1L;

    /** Bound where it counts what data is, and not which file it is in today. */
    private static final ScopedValue<Boolean> AS_CONTENT = ScopedValue.newInstance();

    private static final long DIGESTED_BYTES = 1 << 24;

    private final transient long number;
    private final transient DatasetFile file;
    private final transient View view;
    /** Whether the file is the pool's, which nobody else changes. */
    private final transient boolean isPrivate;
    /** Null where it has travelled to. */
    private final transient Runnable remover;

    private final transient AtomicBoolean isClosed = new AtomicBoolean();
    private transient volatile Opened<V> opened;
    /** For journals, which may ask twice; null before. */
    private transient volatile String digest;

    private record Opened<V>(MappedDataset mapping, V data) {}

    private Shared(long number, DatasetFile file, View view, boolean isPrivate, Runnable remover) {
        this.number = number;
        this.file = file;
        this.view = view;
        this.isPrivate = isPrivate;
        this.remover = remover;
    }

    /**
     * For the pool: the handle of a file that it has written.
     *
     * @param number that {@link SharedMappings} knows it by
     * @param remover run once, at the first {@link #close}
     */
    public static <V> Shared<V> ofOwn(long number, DatasetFile file, Shareable.Written<V> data, Runnable remover) {
        return own(new Shared<>(number, file, data.view(), true, remover));
    }

    /** For the pool: the handle of a dataset that others have written. */
    public static Shared<Block> ofDataset(long number, DatasetFile file, Runnable remover) {
        return own(new Shared<>(number, file, Elements.DATASET, false, remover));
    }

    private static <V> Shared<V> own(Shared<V> handle) {
        SharedMappings.addOwn(handle.number, handle);
        return handle;
    }

    /**
     * The data, to be read in place.
     *
     * @throws IllegalStateException when it was closed, or its pool was
     * @throws DatasetException when the file of a dataset is not what it was
     */
    @SuppressWarnings("unchecked") // the view's class is V: see the factories
    public V get() {
        Opened<V> known = opened;
        if (isClosed.get() || known != null && !known.mapping.isOpen()) {
            throw closed();
        }
        if (known == null) {
            MappedDataset mapping = mapping();
            known = new Opened<>(mapping, (V) view.of(mapping.whole()));
            opened = known;
        }
        return known.data;
    }

    private MappedDataset mapping() {
        try {
            return SharedMappings.map(number, file, isPrivate);
        } catch (DatasetException e) {
            throw isPrivate && Files.notExists(file.path()) ? closed() : e;
        }
    }

    static IllegalStateException closed() {
        return new IllegalStateException(
                "this shared data was closed, or its pool was; close it when all is done that reads it");
    }

    /** Removes the data, unless that has been done. Does nothing in a worker, which has only a handle. */
    @Override
    public void close() {
        if (remover != null && isClosed.compareAndSet(false, true)) {
            opened = null;
            remover.run();
        }
    }

    @Override
    public Handle packed() {
        if (isClosed.get()) {
            throw closed();
        }
        if (AS_CONTENT.isBound()) {
            return content();
        }
        return new Handle(
                number,
                view,
                file.path().toString(),
                file.layout().storedType(),
                file.offset(),
                file.count(),
                file.bytes(),
                file.layout().recordWidth(),
                file.layout().details(),
                longs(file.identity()),
                isPrivate);
    }

    /**
     * For journals: what {@code packing} makes of objects with handles in them is the same for a program that is started again
     * and shares the same data. Nobody can unpack it.
     */
    public static <T> T asContent(Supplier<T> packing) {
        return ScopedValue.where(AS_CONTENT, true).call(packing::get);
    }

    /** A dataset is known by what shows a change of it, as a pool's own is; what the pool has written by what is in it. */
    private Handle content() {
        FileIdentity it = file.identity();
        return new Handle(
                0,
                view,
                isPrivate ? digest() : "",
                file.layout().storedType(),
                file.offset(),
                file.count(),
                file.bytes(),
                file.layout().recordWidth(),
                file.layout().details(),
                isPrivate ? new long[0] : new long[] {it.inode(), it.size(), it.modifiedNanos()},
                isPrivate);
    }

    static boolean isPackingContent() {
        return AS_CONTENT.isBound();
    }

    private String digest() {
        if (digest == null) {
            digest = computedDigest();
        }
        return digest;
    }

    private String computedDigest() {
        MemorySegment all = mapping().whole().segment();
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (long at = 0; at < all.byteSize(); at += DIGESTED_BYTES) {
                digest.update(all.asSlice(at, Math.min(DIGESTED_BYTES, all.byteSize() - at))
                        .asByteBuffer());
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }

    private static long[] longs(FileIdentity it) {
        return new long[] {it.device(), it.inode(), it.size(), it.modifiedNanos(), it.changedNanos()};
    }

    private static FileIdentity identity(long[] longs) {
        return new FileIdentity(longs[0], longs[1], longs[2], longs[3], longs[4]);
    }

    private Object writeReplace() {
        return packed();
    }

    @Override
    public String toString() {
        return "shared data in " + file.path();
    }

    /** What travels. */
    record Handle(
            long number,
            View view,
            String path,
            ElementType type,
            long offset,
            long count,
            long bytes,
            int recordWidth,
            String details,
            long[] identity,
            boolean isPrivate)
            implements Packable.Packed, Serializable {
        @Override
        public Shared<?> unpacked() {
            Shared<?> own = SharedMappings.ownHandle(number);
            if (own != null) { // as this process knows it, and not as a worker says
                return new Shared<>(number, own.file, own.view, own.isPrivate, null);
            }
            Layout layout = Layout.of(type, offset, count, bytes, recordWidth, details);
            var file = new DatasetFile(Path.of(path), layout, Shared.identity(identity));
            return new Shared<>(number, file, view, isPrivate, null);
        }

        private Object readResolve() {
            return unpacked();
        }
    }
}
