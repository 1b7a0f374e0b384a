package io.github.forkless.coordinator.cli;

import io.github.forkless.coordinator.generate.Sizes;
import io.github.forkless.coordinator.lab.Arrangements;
import io.github.forkless.coordinator.lab.Consequence;
import io.github.forkless.coordinator.lab.Isolation;
import io.github.forkless.coordinator.lab.Measurement;
import io.github.forkless.coordinator.lab.Scaling;
import io.github.forkless.coordinator.lab.Shape;
import io.github.forkless.coordinator.lab.Sharing;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/** The laboratory's findings for people, as tables of at most 100 columns that grow row by row. */
final class LabTables {
    private static final String SHARING = "%-11s %9s %9s %9s %10s %10s %10s %10s %10s";
    private static final String SCALING = "%-23s %7s %9s %12s %9s %10s %11s";

    private static final String ISOLATION = "%-18s %-9s %7s %9s %8s  %s";
    private static final int LONGEST_CELL = 42;

    /** A speed-up below this is told as a part: 1/4000. */
    private static final double SMALL = 0.095;

    private final PrintStream out;

    LabTables(PrintStream out) {
        this.out = out;
    }

    void machine(Shape machine) {
        out.println(machine.processors() + (machine.processors() == 1 ? " processor" : " processors")
                + (machine.model().isEmpty() ? "" : " (" + machine.model() + ")")
                + ", " + Sizes.format(machine.memoryBytes())
                + ", " + machine.system() + ", Java " + machine.java());
    }

    void begin(Sharing setUp) {
        out.println();
        out.println("sharing: " + setUp.jobs() + " jobs, each reads all of " + setUp.elements() + " int32 ("
                + Sizes.format(setUp.elements() * Integer.BYTES) + "), " + workers(setUp.procs()));
        line(SHARING, "", "", "first", "", "", "memory", "memory", "", "an");
        line(SHARING, "arrangement", "wall", "result", "CPU", "piped", "(PSS)", "(sum RSS)", "speed-up", "element");
    }

    void row(Measurement measured, Optional<Measurement> single) {
        line(
                SHARING,
                measured.arrangement().name(),
                measured.isWhole() ? seconds(measured.wall()) : "*",
                seconds(measured.first()),
                measured.isWhole() ? seconds(measured.cpu()) : "*",
                measured.isWhole() ? Sizes.format(measured.pipedBytes()) : "*",
                Sizes.format(measured.proportionalBytes()),
                Sizes.format(measured.residentBytes()),
                speedUp(single.map(measured::speedUpOver).orElse(OptionalDouble.empty())),
                nanos(measured.nanosPerElement()));
    }

    void notes(Sharing setUp, List<Measurement> rows) {
        for (Measurement measured : rows) {
            if (!measured.isWhole() && measured.elements() > 0) {
                out.println("* " + measured.arrangement().name() + ": measured on "
                        + (measured.jobs() < setUp.jobs() ? measured.jobs() + " jobs" : "all jobs") + " of "
                        + measured.elements() + " elements, per element: " + Sizes.format(measured.pipedBytes())
                        + " piped in " + seconds(measured.wall()));
            }
        }
        out.println("Memory: all processes together, when the last result was there and all still held the data.");
        out.println("PSS counts each page once; the sum of RSS counts a shared page once for each process.");
    }

    void begin(Scaling setUp) {
        out.println();
        out.println("scaling: " + setUp.jobs() + " jobs, each reads all of " + setUp.elements() + " int32 ("
                + Sizes.format(setUp.elements() * Integer.BYTES) + ")");
        line(SCALING, "", "workers", "wall", "first result", "CPU", "speed-up", "efficiency");
    }

    void scalingRow(Measurement measured, Optional<Measurement> one) {
        OptionalDouble speedUp = one.map(measured::speedUpOver).orElse(OptionalDouble.empty());
        line(
                SCALING,
                series(measured),
                Integer.toString(measured.procs()),
                seconds(measured.wall()),
                seconds(measured.first()),
                seconds(measured.cpu()),
                speedUp(speedUp),
                speedUp.isEmpty() ? "" : text("%.0f %%", 100 * speedUp.getAsDouble() / measured.procs()));
    }

    void begin(Isolation setUp) {
        out.println();
        out.println("isolation: what one job does to others among " + setUp.procs() + " threads and among "
                + workers(setUp.procs()) + ", heaps of " + Sizes.format(setUp.heapBytes()));
        line(ISOLATION, "", "", "results", "all work", "longest", "");
        line(ISOLATION, "misbehaviour", "among", "kept", "again in", "pause", "the job that misbehaved");
    }

    void row(Consequence consequence) {
        line(
                ISOLATION,
                consequence.misbehaviour().label(),
                consequence.where(),
                consequence.kept() + "/" + consequence.results(),
                recovery(consequence),
                consequence.longestPause().map(LabTables::millis).orElse("dead"),
                shortened(consequence.culprit()));
    }

    void notesOnIsolation() {
        out.println("Results are those of innocent jobs. A program that died was started again until it had as many.");
        out.println("A pause is the longest time in which an innocent job could not take a step of 1 ms.");
    }

    private static String recovery(Consequence consequence) {
        return consequence.recovery().map(LabTables::seconds).orElse(consequence.needsRecovery() ? "never" : "");
    }

    private static String millis(Duration time) {
        return text(time.toMillis() < 10 ? "%.1f ms" : "%.0f ms", time.toNanos() / 1e6);
    }

    private static String shortened(String text) {
        return text.length() <= LONGEST_CELL ? text : text.substring(0, LONGEST_CELL - 3) + "...";
    }

    private static String series(Measurement measured) {
        String scan = measured.arrangement() == Arrangements.SHARED_SCAN ? "shared scan" : "one scan each";
        return measured.kernel().name().toLowerCase(Locale.ROOT) + ", " + scan;
    }

    private void line(String format, Object... cells) {
        out.println(text(format, cells).stripTrailing());
    }

    private static String workers(int procs) {
        return procs == 1 ? "1 worker" : procs + " workers";
    }

    static String seconds(Duration time) {
        return text("%.2f s", time.toNanos() / 1e9);
    }

    /** {@code 1.63}, or {@code 1/4000}. */
    static String speedUp(OptionalDouble factor) {
        if (factor.isEmpty()) {
            return "";
        }
        double times = factor.getAsDouble();
        return times < SMALL ? text("1/%.0f", 1 / times) : text("%.2f", times);
    }

    private static String nanos(OptionalDouble nanos) {
        if (nanos.isEmpty()) {
            return "";
        }
        double n = nanos.getAsDouble();
        return n < 1000 ? text(n < 10 ? "%.2f ns" : "%.0f ns", n) : text("%.1f us", n / 1000);
    }

    private static String text(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
