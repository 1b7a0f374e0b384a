package io.github.forkless.coordinator.cli;

import io.github.forkless.coordinator.Recording.Totals;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** How far a run is, in a line: {@code 43 %  [#######---------]  2.1 of 5.0 GiB  9.8 GB/s  0:03 left  4 workers  1 retry}. */
final class ProgressLine {
    private static final int BAR = 24;
    private static final double GIB = 1L << 30;
    private static final double MIB = 1L << 20;

    /** What is said, and how soon that is left out where there is no room. */
    private record Part(int rank, String text) {}

    /** @param width so many characters at most; whatever says least gives way */
    static String of(Totals totals, int procs, int width) {
        List<Part> parts = new ArrayList<>();
        if (totals.passes() > 1) {
            parts.add(new Part(3, "pass " + totals.passes()));
        }
        boolean isPlanned = totals.passBytes() > 0;
        double share = isPlanned ? (double) totals.donePassBytes() / totals.passBytes() : 0;
        double speed = totals.wallNanos() > 0 ? totals.doneBytes() / (totals.wallNanos() / 1e9) : 0;
        parts.add(new Part(0, isPlanned ? (int) (100 * share) + " %" : "starting"));
        if (isPlanned) {
            int done = (int) (BAR * share);
            parts.add(new Part(7, "[" + "#".repeat(done) + "-".repeat(BAR - done) + "]"));
            parts.add(new Part(5, bytes(totals)));
        }
        if (speed > 0) {
            parts.add(new Part(4, String.format(Locale.ROOT, "%.2f GB/s", speed / 1e9)));
            long left = Math.round((totals.passBytes() - totals.donePassBytes()) / speed);
            if (totals.donePassBytes() < totals.passBytes()) {
                parts.add(new Part(1, time(left) + " left"));
            }
        }
        parts.add(new Part(
                6,
                totals.alive() < procs
                        ? totals.alive() + " of " + plural(procs, "worker", "workers")
                        : plural(procs, "worker", "workers")));
        if (totals.retries() > 0) {
            parts.add(new Part(2, plural(totals.retries(), "retry", "retries")));
        }
        while (joined(parts).length() > width && parts.size() > 1) {
            parts.remove(parts.stream()
                    .max((one, other) -> Integer.compare(one.rank, other.rank))
                    .orElseThrow());
        }
        String line = joined(parts);
        return line.length() <= width ? line : "";
    }

    private static String joined(List<Part> parts) {
        var line = new StringBuilder();
        for (Part part : parts) {
            line.append(line.isEmpty() ? "" : "  ").append(part.text);
        }
        return line.toString();
    }

    private static String bytes(Totals totals) {
        boolean isLarge = totals.passBytes() >= GIB;
        double unit = isLarge ? GIB : MIB;
        return String.format(
                Locale.ROOT,
                isLarge ? "%.2f of %.2f GiB" : "%.1f of %.1f MiB",
                totals.donePassBytes() / unit,
                totals.passBytes() / unit);
    }

    /** {@code 0:03}, or {@code 1:02:03}. */
    private static String time(long seconds) {
        return seconds < 3600
                ? String.format(Locale.ROOT, "%d:%02d", seconds / 60, seconds % 60)
                : String.format(Locale.ROOT, "%d:%02d:%02d", seconds / 3600, seconds / 60 % 60, seconds % 60);
    }

    private static String plural(long count, String one, String many) {
        return count + " " + (count == 1 ? one : many);
    }

    private ProgressLine() {}
}
