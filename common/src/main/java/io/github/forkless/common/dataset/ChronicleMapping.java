package io.github.forkless.common.dataset;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import net.openhft.chronicle.bytes.BytesStore;
import net.openhft.chronicle.core.Jvm;
import net.openhft.chronicle.core.OS;
import net.openhft.posix.PosixAPI;

/**
 * The door to Chronicle Bytes: maps a whole file, of any size, read-only and for the rest of the process's life.
 *
 * <p>Chronicle's cost is its static initializers, which a worker pays before its first task. Opening a file with {@code
 * MappedBytes} as it comes takes 330 ms in a fresh JVM; this takes a fifth of that, mostly by what it does not touch:
 * no POSIX binding is loaded (315 classes, an assembler among them), and no service is looked for in every jar. What
 * needs to be on the command line for it stands in the coordinator's {@code WorkerCommand}.
 */
final class ChronicleMapping {
    private final BytesStore<?, ?> store;
    private final long bytes;

    private ChronicleMapping(BytesStore<?, ?> store, long bytes) {
        this.store = store;
        this.bytes = bytes;
    }

    /**
     * Maps a file, but only if it is the one that is meant: its name may lead to another by the time that it is opened.
     *
     * @param identity which file is meant, of more than 0 bytes
     * @throws DatasetException when what was opened is another, or no longer in that state
     */
    static ChronicleMapping map(Path file, FileIdentity identity) throws IOException {
        Thread thread = Thread.currentThread();
        ClassLoader classPath = thread.getContextClassLoader();
        // Chronicle's service loaders go by the thread's loader; there is nothing on the class path for them.
        thread.setContextClassLoader(ClassLoader.getPlatformClassLoader());
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            PosixAPI.useNoOpPosixApi(); // before any other of its classes is touched
            int descriptor = Jvm.getValue(channel, "fd/fd");
            identity.requireSame(file, Path.of("/proc/self/fd", Integer.toString(descriptor)));
            long bytes = identity.size();
            long address = OS.map(channel, FileChannel.MapMode.READ_ONLY, 0, bytes);
            return new ChronicleMapping(BytesStore.wrap(address, bytes), bytes);
        } finally {
            thread.setContextClassLoader(classPath);
        }
    }

    /** All of the file, in place. */
    @SuppressWarnings("restricted") // the address and the length are the mapping's own
    MemorySegment segment() {
        return MemorySegment.ofAddress(store.addressForRead(0))
                .reinterpret(bytes)
                .asReadOnly();
    }
}
