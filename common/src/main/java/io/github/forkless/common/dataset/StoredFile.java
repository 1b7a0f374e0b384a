package io.github.forkless.common.dataset;

import io.github.forkless.common.text.Text;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/**
 * Whether a regular file is stored somewhere, so that its size says how much there is to read. What the kernel tells in
 * /proc and /sys looks like a regular file, and is made anew for each reader: it has a size of 0, or of a page.
 */
final class StoredFile {
    /** Reading some files in these blocks for ever. */
    private static final Set<String> MADE_BY_THE_KERNEL = Set.of(
            "proc",
            "sysfs",
            "cgroup",
            "cgroup2",
            "debugfs",
            "tracefs",
            "securityfs",
            "configfs",
            "selinuxfs",
            "bpf",
            "efivarfs",
            "pstore",
            "binfmt_misc",
            "fusectl",
            "mqueue",
            "rpc_pipefs",
            "nsfs",
            "resctrl");

    /**
     * Compares the size with what can be read. Reads a byte at most, and nothing of a file that the kernel makes and calls
     * empty.
     *
     * @throws DatasetException if the size says nothing, or has changed since {@code identity} was taken
     */
    static void require(Path file, FileChannel channel, FileIdentity identity) throws IOException {
        boolean isTrue = identity.size() == 0
                ? !MADE_BY_THE_KERNEL.contains(Files.getFileStore(file).type()) && !hasByte(channel, 0)
                : hasByte(channel, identity.size() - 1);
        if (!isTrue) {
            identity.requireUnchanged(file);
            throw new DatasetException(
                    file,
                    Text.format(
                            "its size is given as %d bytes, which is not what there is to read: it is made while it is"
                                    + " read; copy it to a stored file: cat %s > %s",
                            identity.size(), ShellWord.of(file), ShellWord.of(copyOf(file))));
        }
    }

    /** In the current folder, where the file itself may be: that must not be what is written to. */
    private static Path copyOf(Path file) {
        return Path.of("copy-of-" + file.getFileName());
    }

    private static boolean hasByte(FileChannel channel, long at) throws IOException {
        return channel.read(ByteBuffer.allocate(1), at) > 0;
    }

    private StoredFile() {}
}
