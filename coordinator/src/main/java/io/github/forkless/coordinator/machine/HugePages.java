package io.github.forkless.coordinator.machine;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Asks the kernel to hold a file in pieces of 2 MiB, which the processor maps at once: one page fault for what are 512
 * otherwise. That is decided when a file comes into memory; who maps it later has no say. What is asked for may be refused, and
 * then all is as it would have been.
 */
public final class HugePages {
    /** What one holds on x86-64 and with most AArch64 kernels. */
    public static final int BYTES = 2 << 20;

    /** A line each: the third word is the device's number, the last one has the options of its file system. */
    private static final Path MOUNTS = Path.of("/proc/self/mountinfo");

    private HugePages() {}

    /**
     * Whether files in {@code folder} have huge pages only if their writer asks for them: on a tmpfs mounted with {@code
     * huge=advise}. There, what write(2) brings into memory has none; what is stored through a mapping that asks has.
     *
     * <p>False where the JVM was not given {@code --enable-native-access}, as asking would make it warn on stderr.
     */
    public static boolean haveToBeAskedFor(Path folder) {
        return HugePages.class.getModule().isNativeAccessEnabled()
                && mount(folder).contains(",huge=advise")
                && SystemCalls.areKnown();
    }

    /**
     * Whether {@code file} is on a tmpfs mounted with {@code huge=never}, as it is by default. There, huge pages can be made of
     * what is in memory, but the kernel does not choose addresses for mappings at which the processor could have them.
     */
    public static boolean areNeverThoughtOf(Path file) {
        String mount = mount(file);
        return mount.contains(" - tmpfs ") && !mount.contains(",huge=");
    }

    /** What the kernel says of the mount that a file is on; empty if it does not. */
    private static String mount(Path file) {
        try {
            long device = (long) Files.getAttribute(file, "unix:dev");
            String number = " " + (device >> 8 & 0xfff) + ":" + (device & 0xff | device >> 12 & 0xfff00) + " ";
            return Files.readAllLines(MOUNTS, StandardCharsets.ISO_8859_1).stream()
                    .filter(mount -> mount.contains(number))
                    .findFirst()
                    .orElse("");
        } catch (IOException | UnsupportedOperationException e) {
            return ""; // without a kernel that tells, there is nothing to be asked for
        }
    }

    /** Has pages of a mapping come into memory as huge ones, by whatever touches them first. */
    public static void advise(MemorySegment mapped) {
        try {
            SystemCalls.adviseHugePages(mapped);
        } catch (IOException e) {
            // A kernel without them.
        }
    }

    /**
     * Brings pages of a writable mapping into memory, from Linux 5.14 on.
     *
     * @return whether all are there, so that no store into them can fail
     */
    public static boolean populate(MemorySegment mapped) {
        try {
            SystemCalls.populate(mapped);
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
