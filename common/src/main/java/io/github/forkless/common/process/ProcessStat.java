package io.github.forkless.common.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A process as {@code /proc/PID/stat} has it, of all its threads together. One look costs some 20 us.
 *
 * @param minorFaults pages it was given that were in memory already; {@link #UNKNOWN} where there is no /proc
 * @param majorFaults pages that had to be read from a disk for it; {@link #UNKNOWN} where there is no /proc
 * @param cpuTicks what it has used of processors, in hundredths of a second, with its children that have ended and were
 *     waited for; {@link #UNKNOWN} where there is no /proc
 * @param startTicks when it was started, in hundredths of a second since the machine's start; {@link #UNKNOWN} where
 *     there is no /proc
 */
public record ProcessStat(long minorFaults, long majorFaults, long cpuTicks, long startTicks) {
    public static final long UNKNOWN = -1;

    /** Of a process that is not there, or on a system that does not tell. */
    public static final ProcessStat NONE = new ProcessStat(UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN);

    private static final Path SELF = Path.of("/proc/self/stat");
    private static final Path THREAD = Path.of("/proc/thread-self/stat");

    // What proc(5) numbers 10, 12, 14 to 17 and 22, counted from the field behind the name, which may hold anything.
    private static final int MINOR_FAULTS = 7;
    private static final int MAJOR_FAULTS = 9;
    private static final int FIRST_TIME = 11;
    private static final int LAST_TIME = 14;
    private static final int START = 19;

    /** This process now. */
    public static ProcessStat ofSelf() {
        return read(SELF);
    }

    /** The calling thread now, as if it were a process. */
    public static ProcessStat ofThread() {
        return read(THREAD);
    }

    /** A process now; {@link #NONE} when it is gone. */
    public static ProcessStat of(long pid) {
        return read(Path.of("/proc", Long.toString(pid), "stat"));
    }

    /** What it has used since then; all of it if that is not known. */
    public ProcessStat since(ProcessStat before) {
        return this == NONE || before == NONE
                ? this
                : new ProcessStat(
                        minorFaults - before.minorFaults,
                        majorFaults - before.majorFaults,
                        cpuTicks - before.cpuTicks,
                        startTicks);
    }

    /** Whether a signal or a debugger has stopped it; false when it is gone. */
    public static boolean isStopped(long pid) {
        try {
            byte[] stat = Files.readAllBytes(Path.of("/proc", Long.toString(pid), "stat"));
            String text = new String(stat, StandardCharsets.ISO_8859_1);
            return text.regionMatches(true, text.lastIndexOf(')') + 2, "t", 0, 1);
        } catch (IOException e) {
            return false;
        }
    }

    private static ProcessStat read(Path stat) {
        try {
            return parse(Files.readAllBytes(stat));
        } catch (IOException e) {
            return NONE;
        }
    }

    /** The name stands in parentheses and may hold some itself: fields count from the last one. */
    static ProcessStat parse(byte[] stat) {
        String text = new String(stat, StandardCharsets.ISO_8859_1);
        int at = text.lastIndexOf(')') + 2;
        long minor = UNKNOWN;
        long major = UNKNOWN;
        long cpu = 0;
        for (int field = 0; field < START; field++) {
            int end = text.indexOf(' ', at);
            if (field == MINOR_FAULTS) {
                minor = Long.parseLong(text, at, end, 10);
            } else if (field == MAJOR_FAULTS) {
                major = Long.parseLong(text, at, end, 10);
            } else if (field >= FIRST_TIME && field <= LAST_TIME) {
                cpu += Long.parseLong(text, at, end, 10);
            }
            at = end + 1;
        }
        return new ProcessStat(minor, major, cpu, Long.parseLong(text, at, text.indexOf(' ', at), 10));
    }
}
