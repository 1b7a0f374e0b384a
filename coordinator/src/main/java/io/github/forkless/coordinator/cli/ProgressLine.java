package io.github.forkless.coordinator.cli;

import io.github.forkless.coordinator.result.Recording.Totals;
import java.util.Locale;
import java.util.function.Supplier;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarConsumer;
import me.tongfei.progressbar.ProgressBarRenderer;
import me.tongfei.progressbar.ProgressState;

/**
 * How far a run is, in a line: {@code 43% [======>       ] 2.10 of 5.00 GiB in 0:00:03, 0:00:04 left, 9.80 GB/s, 4 workers, 1
 * retry}. The library says when it is time to draw. Where there is little room, what says least is left out. Each figure
 * has as much room as it may come to need: nothing moves while digits grow.
 */
final class ProgressLine implements ProgressBarRenderer {
    private static final double GIB = 1L << 30;
    private static final double MIB = 1L << 20;

    private static final int SHORTEST_BAR = 6;
    private static final String MANY_RETRIES = ", 999 retries";

    private final Supplier<Totals> source;
    private final int procs;

    private ProgressLine(Supplier<Totals> source, int procs) {
        this.source = source;
        this.procs = procs;
    }

    /**
     * Begins to tell, until the bar is closed.
     *
     * @param source how far the run is
     * @param procs workers that were asked for; 0 where there is no talk of workers
     * @param name what lines begin with
     */
    static ProgressBar start(Supplier<Totals> source, int procs, String name, int everyMillis, ProgressBarConsumer to) {
        return new ProgressBarBuilder()
                .setTaskName(name)
                .setUpdateIntervalMillis(everyMillis)
                .continuousUpdate()
                .clearDisplayOnFinish()
                .setRenderer(new ProgressLine(source, procs))
                .setConsumer(to)
                .build();
    }

    @Override
    public String render(ProgressState state, int width) {
        Totals totals = source.get();
        String name = state.getTaskName().isEmpty() ? "" : state.getTaskName() + " ";
        if (totals.passBytes() == 0) {
            return shortened(name + "starting" + workers(totals), width);
        }
        double share = (double) totals.donePassBytes() / totals.passBytes();
        String start = name
                + (totals.passes() > 1 ? "pass " + totals.passes() + ", " : "")
                + String.format(Locale.ROOT, "%3d%%", 100 * totals.donePassBytes() / totals.passBytes());
        String left = timeLeft(totals);
        String retries = totals.retries() == 0 ? "" : ", " + plural(totals.retries(), "retry", "retries");
        int room = width - start.length() - " [] ".length() - SHORTEST_BAR - left.length();
        room -= retries.isEmpty() ? 0 : MANY_RETRIES.length();
        if (room < 0) {
            return shortened(start.strip() + ", " + left.strip() + retries, width);
        }
        // What says most takes its room first. What may grow in another way than by digits stands at the end.
        String rate = ifFits(", " + rate(bytesPerSecond(totals)), room);
        room -= rate.length();
        String bytes = ifFits(bytes(totals), room - ", ".length());
        room -= bytes.isEmpty() ? 0 : bytes.length() + ", ".length();
        String passed = bytes.isEmpty() ? "" : ifFits(" in " + time(totals.wallNanos() / 1_000_000_000), room);
        room -= passed.length();
        String mostWorkers = procs == 0
                ? ""
                : ifFits(
                        ", " + procs + " of " + plural(procs, "worker", "workers")
                                + (totals.hosts() == 0 ? "" : hosts(procs)),
                        room);
        room -= mostWorkers.length();
        String bar = " [" + bar(SHORTEST_BAR + room, share) + "] ";
        return shortened(
                start
                        + bar
                        + (bytes.isEmpty() ? "" : bytes + passed + ", ")
                        + left
                        + rate
                        + (mostWorkers.isEmpty() ? "" : workers(totals))
                        + retries,
                width);
    }

    private static String ifFits(String text, int room) {
        return text.length() <= room ? text : "";
    }

    private static String bar(int length, double share) {
        int done = (int) (length * share);
        return "=".repeat(done) + (done < length ? ">" + " ".repeat(length - done - 1) : "");
    }

    private static String timeLeft(Totals totals) {
        double speed = bytesPerSecond(totals);
        return (speed == 0 ? "      ?" : time(Math.round((totals.passBytes() - totals.donePassBytes()) / speed)))
                + " left";
    }

    /** Seven characters: {@code 1:02:03}, or {@code 12h30m} where there are hours of two or three digits. */
    private static String time(long seconds) {
        long hours = seconds / 3600;
        long minutes = seconds / 60 % 60;
        return hours < 10
                ? String.format(Locale.ROOT, "%d:%02d:%02d", hours, minutes, seconds % 60)
                : hours < 1000 ? String.format(Locale.ROOT, "%3dh%02dm", hours, minutes) : "> 999 h";
    }

    /** What a journal had was not read. */
    private static double bytesPerSecond(Totals totals) {
        return totals.wallNanos() == 0 ? 0 : totals.doneBytes() / (totals.wallNanos() / 1e9);
    }

    /** Nine characters, with three digits. */
    private static String rate(double bytesPerSecond) {
        double unit = bytesPerSecond >= 999.5e6 ? 1e9 : bytesPerSecond >= 999.5e3 ? 1e6 : 1e3;
        double value = bytesPerSecond / unit;
        String digits = value < 9.995 ? "%.2f" : value < 99.95 ? "%.1f" : "%.0f";
        return String.format(
                Locale.ROOT,
                "%4s %sB/s",
                String.format(Locale.ROOT, digits, value),
                unit == 1e9 ? "G" : unit == 1e6 ? "M" : "k");
    }

    private static String bytes(Totals totals) {
        boolean isLarge = totals.passBytes() >= GIB;
        String form = isLarge ? "%.2f" : "%.1f";
        String all = String.format(Locale.ROOT, form, totals.passBytes() / (isLarge ? GIB : MIB));
        String done = String.format(Locale.ROOT, form, totals.donePassBytes() / (isLarge ? GIB : MIB));
        return " ".repeat(all.length() - done.length()) + done + " of " + all + (isLarge ? " GiB" : " MiB");
    }

    private String workers(Totals totals) {
        return procs == 0
                ? ""
                : ", " + (totals.alive() < procs ? totals.alive() + " of " : "") + plural(procs, "worker", "workers")
                        + hosts(totals.hosts());
    }

    private static String hosts(int count) {
        return count == 0 ? "" : " on " + plural(count, "host", "hosts");
    }

    private static String shortened(String line, int width) {
        return line.substring(0, Math.clamp(width, 0, line.length()));
    }

    private static String plural(long count, String one, String many) {
        return count + " " + (count == 1 ? one : many);
    }
}
