package io.github.forkless.coordinator.cli;

import io.github.forkless.coordinator.result.Recording.Totals;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import me.tongfei.progressbar.DefaultProgressBarRenderer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarConsumer;
import me.tongfei.progressbar.ProgressBarStyle;
import me.tongfei.progressbar.ProgressState;

/**
 * How far a run is, in a line: {@code 43% [======>       ] 2.10 of 5.00 GiB (0:00:03 / 0:00:04 left) 9.80 GB/s, 4 workers, 1
 * retry}. The library draws, when it is time to; the figures are the run's own. Where there is little room, what says
 * least is left out.
 */
final class ProgressLine extends DefaultProgressBarRenderer {
    private static final double GIB = 1L << 30;
    private static final double MIB = 1L << 20;

    /** Room for the share, a short bar and the times. */
    private static final int FRAME = 46;

    private final Supplier<Totals> source;
    private final int procs;
    private ProgressBar bar;
    private Totals totals;
    private boolean showsBytes;

    private ProgressLine(Supplier<Totals> source, int procs) {
        super(ProgressBarStyle.ASCII, "", 1, false, null, ChronoUnit.SECONDS, true, _ -> Optional.empty());
        this.source = source;
        this.procs = procs;
    }

    /**
     * Begins to tell, until the bar is closed.
     *
     * @param source how far the run is
     * @param procs workers that were asked for
     * @param name what lines begin with
     */
    static ProgressBar start(Supplier<Totals> source, int procs, String name, int everyMillis, ProgressBarConsumer to) {
        var line = new ProgressLine(source, procs);
        synchronized (line) { // it draws at once, in a thread of its own, and needs the bar
            line.bar = new ProgressBarBuilder()
                    .setTaskName(name)
                    .startsFrom(0, Duration.ofNanos(source.get().wallNanos()))
                    .setUpdateIntervalMillis(everyMillis)
                    .continuousUpdate()
                    .clearDisplayOnFinish()
                    .setRenderer(line)
                    .setConsumer(to)
                    .build();
        }
        return line.bar;
    }

    @Override
    public synchronized String render(ProgressState state, int width) {
        totals = source.get();
        String retries = totals.retries() == 0 ? "" : ", " + plural(totals.retries(), "retry", "retries");
        String workers = (totals.alive() < procs ? totals.alive() + " of " : "") + plural(procs, "worker", "workers");
        String name = state.getTaskName();
        if (totals.passBytes() == 0) {
            return shortened((name + " starting, " + workers).strip(), width);
        }
        bar.maxHint(totals.passBytes()).stepTo(totals.donePassBytes());
        int room = width - FRAME - name.length() - retries.length();
        if (room < 0) {
            return shortened((name + percentage(state) + ", " + etaString(state) + retries).strip(), width);
        }
        showsBytes = room >= bytes().length();
        room -= showsBytes ? bytes().length() : 0;
        String extra = retries;
        if (room >= workers.length() + 2) {
            extra = ", " + workers + extra;
            room -= workers.length() + 2;
        }
        if (room >= speed(state).length() + 2) {
            extra = ", " + speed(state) + extra;
        }
        bar.setExtraMessage(extra.isEmpty() ? "" : extra.substring(2));
        return super.render(state, width);
    }

    @Override
    protected String percentage(ProgressState state) {
        return (totals.passes() > 1 ? "pass " + totals.passes() + ", " : "")
                + 100 * totals.donePassBytes() / totals.passBytes() + "%";
    }

    @Override
    protected String ratio(ProgressState state) {
        return showsBytes ? bytes() : "";
    }

    @Override
    protected String etaString(ProgressState state) {
        double speed = bytesPerSecond();
        if (speed == 0) {
            return "? left";
        }
        long seconds = Math.round((totals.passBytes() - totals.donePassBytes()) / speed);
        return String.format(Locale.ROOT, "%d:%02d:%02d left", seconds / 3600, seconds / 60 % 60, seconds % 60);
    }

    @Override
    protected String speed(ProgressState state) {
        return String.format(Locale.ROOT, "%.2f GB/s", bytesPerSecond() / 1e9);
    }

    /** What a journal had was not read. */
    private double bytesPerSecond() {
        return totals.wallNanos() == 0 ? 0 : totals.doneBytes() / (totals.wallNanos() / 1e9);
    }

    private String bytes() {
        boolean isLarge = totals.passBytes() >= GIB;
        double unit = isLarge ? GIB : MIB;
        return String.format(
                Locale.ROOT,
                isLarge ? "%.2f of %.2f GiB" : "%.1f of %.1f MiB",
                totals.donePassBytes() / unit,
                totals.passBytes() / unit);
    }

    private static String shortened(String line, int width) {
        return line.substring(0, Math.clamp(width, 0, line.length()));
    }

    private static String plural(long count, String one, String many) {
        return count + " " + (count == 1 ? one : many);
    }
}
