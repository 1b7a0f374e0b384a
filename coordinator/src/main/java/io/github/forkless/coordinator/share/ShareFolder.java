package io.github.forkless.coordinator.share;

import io.github.forkless.coordinator.files.TemporaryFiles;
import io.github.forkless.coordinator.machine.Memory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** In which folder shared data goes that nobody has said one for. */
final class ShareFolder {
    /** Files there are memory, and never written to a disk. */
    private static final Path MEMORY = Path.of("/dev/shm");

    /** Room for what nobody knows the size of. A container has 64 MiB of such memory by default. */
    private static final long UNKNOWN_BYTES = 1L << 30;

    private ShareFolder() {}

    /**
     * Memory, where it has room; else the folder of temporary files, whose pages the kernel writes to the disk when it is
     * short of memory.
     *
     * @param bytes how many at least
     * @param isExact whether it will be no more
     */
    static Path forBytes(long bytes, boolean isExact) {
        long most = isExact ? bytes : Math.max(UNKNOWN_BYTES, 2 * bytes);
        return Files.isWritable(MEMORY) && hasRoom(MEMORY, most) && hasMemory(most) ? MEMORY : TemporaryFiles.folder();
    }

    private static boolean hasRoom(Path folder, long bytes) {
        try {
            return Files.getFileStore(folder).getUsableSpace() > bytes;
        } catch (IOException e) {
            return false;
        }
    }

    /** What is in memory there cannot make way for anything else: a quarter more has to be free. */
    private static boolean hasMemory(long bytes) {
        return Memory.read().availableBytes() > bytes + bytes / 4;
    }
}
