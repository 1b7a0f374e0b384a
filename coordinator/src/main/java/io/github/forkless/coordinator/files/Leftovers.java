package io.github.forkless.coordinator.files;

import io.github.forkless.common.text.Text;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * Hidden files whose makers were killed. A maker holds a lock on its file, which the kernel takes back when the maker is
 * gone, however it went: who can have the lock may remove the file.
 *
 * <p>Where locks are not known to other machines that see the folder (NFS mounted with {@code nolock}), one of those may take
 * a file for left over that is not. Its maker then fails.
 */
final class Leftovers {
    /** So that a folder of a million files does not hold up who writes one more. */
    private static final int MOST_LOOKED_AT = 10_000;

    private static final Pattern NAME = Pattern.compile("\\..+\\.[0-9a-f]{16}\\.forkless\\.tmp");
    private static final Path SELF = Path.of("/proc/self");

    /** Those that this JVM makes: opening one and closing it again would undo its lock. */
    private static final Set<Path> OURS = ConcurrentHashMap.newKeySet();

    private Leftovers() {}

    /** {@code .STEM.<16 digits>.forkless.tmp}. */
    static String name(String stem, long random) {
        return Text.format(".%s.%016x.forkless.tmp", stem, random);
    }

    static boolean isName(Path file) {
        return NAME.matcher(file.getFileName().toString()).matches();
    }

    static void claim(Path file) {
        OURS.add(file);
    }

    static void release(Path file) {
        OURS.remove(file);
    }

    /** Removes what this user's programs have left in a folder. What cannot be removed stays. */
    static void removeFrom(Path folder) {
        int looked = 0;
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                if (++looked > MOST_LOOKED_AT) {
                    return;
                }
                if (isName(file) && !OURS.contains(file)) {
                    removeIfLeft(file);
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            // Who may not list a folder can perhaps write to it.
        }
    }

    private static void removeIfLeft(Path file) {
        try {
            // A pipe would block whoever opens it, and a link lead elsewhere. Another user's file may have a lease, for
            // which the kernel holds up even root for 45 seconds.
            Map<String, Object> attributes =
                    Files.readAttributes(file, "unix:uid,isRegularFile", LinkOption.NOFOLLOW_LINKS);
            boolean isOurs = attributes.get("uid").equals(Files.getAttribute(SELF, "unix:uid"));
            if (!isOurs || !(boolean) attributes.get("isRegularFile")) {
                return;
            }
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
                    FileLock lock = channel.tryLock()) {
                if (lock != null) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (IOException | OverlappingFileLockException e) {
            // It is not left over, or another process removes it.
        }
    }
}
