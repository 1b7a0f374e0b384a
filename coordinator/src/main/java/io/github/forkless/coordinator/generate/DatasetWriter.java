package io.github.forkless.coordinator.generate;

import io.github.forkless.common.dataset.DatasetException;
import io.github.forkless.common.text.Text;
import io.github.forkless.coordinator.files.Destination;
import io.github.forkless.coordinator.files.ForeignFileException;
import io.github.forkless.coordinator.files.HiddenFile;
import io.github.forkless.coordinator.machine.HugePages;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileStore;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Writes a file that appears under its name only when it is whole, and on the disk. Until then it is a hidden file
 * beside it, {@code .data.bin.<random>.forkless.tmp}, which is removed when anything fails, or the JVM is told to end. If the
 * JVM is killed, the next one that writes a file in that folder removes it.
 *
 * <p>The file is mapped and stored into, by several threads. Each first writes a piece of zeros, then fills it:
 *
 * <ul>
 *   <li>A store into a mapping for which the disk has no room is a SIGBUS, a failed write is an exception. Zeros that
 *       were written have their room.
 *   <li>How a file was written decides how it maps, for as long as it stays in the page cache: of an aligned write of
 *       2 MiB the kernel makes one piece of memory, which costs every reader one page fault. Stores into a hole make
 *       smaller ones: 660 faults for 512 MiB on ext4 instead of 256.
 *   <li>On a tmpfs where huge pages have to be asked for, a write makes none: there the zeros come from the page faults of
 *       the mapping, for which the kernel has room or says that it has not. For 512 MiB that takes as long, and a run of
 *       {@code sum} by two workers afterwards 0.20 s instead of 0.23 s.
 *   <li>Each piece is filled as soon as it is written, while it is in the processor's cache. That makes the second pass
 *       cheap: the whole takes no longer than stores into a hole, and less than all zeros first.
 * </ul>
 */
public final class DatasetWriter {
    static final int PIECE_BYTES = HugePages.BYTES;

    /** With less, linking the native calls (20 ms) takes longer than is gained. */
    private static final long WORTH_ASKING = 128 << 20;

    private static final String FOREIGN = "; remove it first, or give another name";

    private final Path target;
    private final long bytes;
    private final Filler filler;
    private final ByteBuffer zeros = ByteBuffer.allocateDirect(PIECE_BYTES);

    /** Where the piece starts that is dealt next; at or beyond {@link #bytes} there is none. */
    private final AtomicLong next = new AtomicLong();

    private final AtomicReference<Throwable> failure = new AtomicReference<>();

    /** What is in a file. Called by several threads at once, and for each part of the file once. */
    @FunctionalInterface
    public interface Filler {
        /**
         * Stores every byte of a part of the file; it holds zeros before.
         *
         * @param piece no longer than 2 MiB, valid during the call
         * @param offset where in the file it starts, in bytes: a multiple of 2 MiB
         */
        void fill(MemorySegment piece, long offset);
    }

    /** Writes a file from its first byte to its last. */
    @FunctionalInterface
    public interface Contents {
        /** @param hidden what the file is called until it is whole */
        void writeTo(FileChannel file, Path hidden) throws IOException, InterruptedException;
    }

    private DatasetWriter(Path target, long bytes, Filler filler) {
        this.target = target;
        this.bytes = bytes;
        this.filler = filler;
    }

    /**
     * Writes {@code target}, or leaves what is there as it is.
     *
     * @param target a link is followed: what it points to is replaced
     * @param bytes the length of the file, 0 or more
     * @param threads how many fill, 1 or more
     * @return whether it was written: false if there is such a file, and it is kept
     * @throws DatasetException if there is such a file and that is refused, it is a directory or another thing that is no
     *     regular file, it belongs to somebody whom the new file cannot be given to, or its directory does not exist or
     *     cannot be written to
     * @throws GenerateException if the disk is full or fails
     * @throws InterruptedException if the calling thread is interrupted
     * @throws RuntimeException what the filler threw
     */
    public static boolean write(Path target, long bytes, Existing existing, Filler filler, int threads)
            throws InterruptedException {
        if (bytes < 0 || threads < 1) {
            throw new IllegalArgumentException(Text.format("%d bytes by %d threads", bytes, threads));
        }
        var writer = new DatasetWriter(target, bytes, filler);
        return writer.write(existing, (file, hidden) -> writer.fill(file, hidden.getParent(), threads));
    }

    /** The same for what nobody knows the length of before it is written. */
    public static boolean write(Path target, Existing existing, Contents contents) throws InterruptedException {
        return new DatasetWriter(target, 0, (_, _) -> {}).write(existing, contents);
    }

    private boolean write(Existing existing, Contents contents) throws InterruptedException {
        Path destination = destination();
        if (existing != Existing.REPLACED && Files.exists(destination)) {
            return keep(existing);
        }
        try (HiddenFile hidden = create(destination, existing == Existing.REPLACED)) {
            requireRoom(destination.getParent());
            contents.writeTo(hidden.channel(), hidden.path());
            hidden.channel().force(true);
            hidden.publish();
        } catch (FileAlreadyExistsException _) {
            return keep(existing);
        } catch (ClosedByInterruptException | InterruptedIOException _) {
            // The channel reports it with the flag still set; an InterruptedException has it cleared.
            Thread.interrupted();
            throw interruption();
        } catch (IOException e) {
            throw failed(destination.getParent(), e);
        }
        sync(destination.getParent());
        return true;
    }

    /** The file itself, with a link to it resolved: the file that is written takes its place in its directory. */
    private Path destination() {
        Path directory = target.toAbsolutePath().getParent();
        if (directory != null && !Files.exists(directory)) {
            throw new DatasetException(target, Text.format("there is no directory %s; create it first", directory));
        }
        if (directory != null && !Files.isDirectory(directory)) {
            throw new DatasetException(target, Text.format("%s is not a directory", directory));
        }
        if (Files.isSymbolicLink(target) && !Files.exists(target)) {
            throw new DatasetException(target, "a link to a file that does not exist; remove the link first");
        }
        Path file;
        try {
            file = Destination.of(target);
        } catch (ForeignFileException e) {
            throw new DatasetException(target, e.getReason() + FOREIGN);
        } catch (IOException e) {
            throw new DatasetException(target, "cannot be looked at: " + reason(e));
        }
        if (Files.isDirectory(file)) {
            throw new DatasetException(target, "a directory; give the name of a file in it");
        }
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw new DatasetException(target, "not a regular file; a dataset cannot take its place");
        }
        return file;
    }

    private HiddenFile create(Path destination, boolean replaces) throws InterruptedIOException {
        try {
            return HiddenFile.createBeside(destination, replaces);
        } catch (InterruptedIOException e) {
            throw e;
        } catch (ForeignFileException e) {
            throw new DatasetException(target, e.getReason() + FOREIGN);
        } catch (AccessDeniedException _) {
            throw new DatasetException(
                    target, Text.format("permission denied to create a file in %s", destination.getParent()));
        } catch (IOException e) {
            throw new DatasetException(
                    target, Text.format("no file can be created in %s: %s", destination.getParent(), reason(e)));
        }
    }

    private boolean keep(Existing existing) {
        if (existing == Existing.REFUSED) {
            throw new DatasetException(target, "already exists; to replace it, give --force");
        }
        return false;
    }

    /** Tells at once what would otherwise be found out when the disk has been filled to the brim. */
    private void requireRoom(Path directory) {
        if (available(directory) < bytes) {
            throw failed(directory, new IOException("No space left on device"));
        }
    }

    private void fill(FileChannel channel, Path folder, int threads) throws InterruptedException, IOException {
        try (Arena arena = Arena.ofShared()) {
            MemorySegment file = channel.map(FileChannel.MapMode.READ_WRITE, 0, bytes, arena);
            boolean advised = bytes >= WORTH_ASKING && HugePages.haveToBeAskedFor(folder);
            if (advised) {
                HugePages.advise(file);
            }
            long pieces = Math.ceilDiv(bytes, PIECE_BYTES);
            List<Thread> fillers = new ArrayList<>();
            try {
                for (int i = 0; i < Math.min(threads, pieces); i++) {
                    fillers.add(Thread.ofPlatform()
                            .daemon()
                            .name("dataset-writer-" + i)
                            .start(() -> fillPieces(channel, file, advised)));
                }
            } finally {
                awaitAll(fillers);
            }
        }
        switch (failure.get()) {
            case null -> {}
            case IOException e -> throw e;
            // The JVM makes this of a SIGBUS: another process cut the file, or the disk took back what it gave.
            case InternalError e -> throw new IOException("a store into the mapped file failed", e);
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            case Throwable e -> throw new IllegalStateException(e);
        }
    }

    private void fillPieces(FileChannel channel, MemorySegment file, boolean advised) {
        try {
            for (long at = next.getAndAdd(PIECE_BYTES); at < bytes; at = next.getAndAdd(PIECE_BYTES)) {
                int length = (int) Math.min(PIECE_BYTES, bytes - at);
                if (!advised || !HugePages.populate(file.asSlice(at, length))) {
                    reserve(channel, at, length);
                }
                filler.fill(file.asSlice(at, length), at);
            }
        } catch (Throwable e) {
            failure.compareAndSet(null, e);
            next.set(bytes);
        }
    }

    private void reserve(FileChannel channel, long at, int length) throws IOException {
        ByteBuffer piece = zeros.slice(0, length);
        while (piece.hasRemaining()) {
            channel.write(piece, at + piece.position());
        }
    }

    /** Waits for threads that use the mapping, even when interrupted: it must not go while they store into it. */
    private void awaitAll(List<Thread> fillers) throws InterruptedException {
        boolean interrupted = false;
        for (Thread thread : fillers) {
            while (thread.isAlive()) {
                try {
                    thread.join();
                } catch (InterruptedException e) {
                    interrupted = true;
                    next.set(bytes);
                }
            }
        }
        if (interrupted) {
            throw interruption();
        }
    }

    private InterruptedException interruption() {
        return new InterruptedException("interrupted while writing " + target);
    }

    private GenerateException failed(Path directory, IOException e) {
        long available = available(directory);
        String problem = reason(e);
        if (available < bytes) {
            problem += Text.format(
                    ": %d bytes (%s) needed, %d (%s) available in %s",
                    bytes, Sizes.format(bytes), available, Sizes.format(available), directory);
        }
        return new GenerateException(target, problem, e);
    }

    /** Bytes this process may write there; as much as can be if that is not known. */
    private static long available(Path directory) {
        try {
            FileStore store = Files.getFileStore(directory);
            // Some file systems in user space do not count, and say 0 of 0.
            return store.getTotalSpace() > 0 ? store.getUsableSpace() : Long.MAX_VALUE;
        } catch (IOException _) {
            return Long.MAX_VALUE;
        }
    }

    private static String reason(IOException e) {
        return switch (e) {
            case AccessDeniedException _ -> "permission denied";
            case FileSystemException f when f.getReason() != null -> f.getReason();
            default -> e.getMessage() == null ? e.toString() : e.getMessage();
        };
    }

    /** Makes the name as durable as the file; where a directory cannot be synced, the system does it in its time. */
    private static void sync(Path directory) {
        try (FileChannel channel = FileChannel.open(directory)) {
            channel.force(true);
        } catch (IOException _) {
            // The file is there and whole, which is all that can be said on such a file system.
        }
    }
}
