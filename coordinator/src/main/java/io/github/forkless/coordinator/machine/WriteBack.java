package io.github.forkless.coordinator.machine;

import io.github.forkless.common.dataset.FileIdentity;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;

/**
 * Makes stores into a file by way of other processes' shared mappings show in the file's times. The kernel notes the time of a
 * store only when it hits a page that is clean. From then on the page is dirty, and whoever has it mapped stores into it
 * unseen, until the kernel has written it to the disk. So what is dirty is written first, and the next store is noticed.
 *
 * <p>That costs nothing where the kernel has done it by itself, which by default takes it 35 seconds. What was changed more
 * lately may be dirty as a whole, and writing gigabytes takes seconds: it is not done where nobody can store into the file.
 */
public final class WriteBack {
    /** Longer than the kernel lets stores wait, with laptop mode's settings too. */
    private static final long RECENT_NANOS = 120_000_000_000L;

    /** With less to write, asking whether anybody could store into the file (20 ms for linking native calls) takes longer. */
    private static final long WORTH_ASKING = 64 << 20;

    /** Here a file's inode is the one that is mapped. On overlayfs it is not: that knows only of who has the file open. */
    private static final Set<String> TRUSTED = Set.of("ext2", "ext3", "ext4", "xfs", "btrfs", "f2fs");

    private WriteBack() {}

    /**
     * Has stores from now on noticed. On tmpfs, and where the disk is another machine's, this achieves nothing.
     *
     * @param identity its state when it was looked at
     */
    public static void force(Path file, FileIdentity identity) {
        // What is later than now has its time from another machine's clock, and counts as recent.
        long now = System.currentTimeMillis() * 1_000_000;
        if (now - identity.changedNanos() > RECENT_NANOS) {
            return;
        }
        long most = Math.min(identity.size(), Memory.dirtyBytes());
        if (most >= WORTH_ASKING && nobodyStoresInto(file)) {
            return;
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            channel.force(false);
        } catch (IOException e) {
            // Some file systems cannot do that. Whether the file can be read is found out where it is read.
        }
    }

    /**
     * Whether it is certain that no process has {@code file} open or mapped for writing. Then a store needs a new mapping, and
     * the first one into each of its pages is noticed.
     *
     * <p>False where the JVM was not given {@code --enable-native-access}, as asking would make it warn on stderr.
     */
    static boolean nobodyStoresInto(Path file) {
        if (!WriteBack.class.getModule().isNativeAccessEnabled() || !SystemCalls.areKnown()) {
            return false;
        }
        try {
            if (!TRUSTED.contains(Files.getFileStore(file).type())) {
                return false;
            }
            int descriptor = SystemCalls.open(file);
            try {
                return SystemCalls.isOpenForReadingOnly(descriptor);
            } finally {
                SystemCalls.close(descriptor);
            }
        } catch (IOException e) {
            return false; // it is another user's
        }
    }
}
