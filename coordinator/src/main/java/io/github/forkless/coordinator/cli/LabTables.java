package io.github.forkless.coordinator.cli;

import io.github.forkless.coordinator.generate.Sizes;
import io.github.forkless.coordinator.lab.Again;
import io.github.forkless.coordinator.lab.Arrangements;
import io.github.forkless.coordinator.lab.Consequence;
import io.github.forkless.coordinator.lab.Isolation;
import io.github.forkless.coordinator.lab.Kernel;
import io.github.forkless.coordinator.lab.Measurement;
import io.github.forkless.coordinator.lab.Repetition;
import io.github.forkless.coordinator.lab.Scaling;
import io.github.forkless.coordinator.lab.Shape;
import io.github.forkless.coordinator.lab.Sharing;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The laboratory's findings for people, as tables of at most 80 columns that grow row by row. What a name means stands before
 * it.
 */
final class LabTables {
    private static final int WIDTH = 80;

    private static final String SHARING = "%-14s %7s %8s %8s %8s %9s %9s %9s";
    private static final String SCALING = "  %-23s %7s %7s %8s %8s %8s %10s";
    private static final String ISOLATION = "  %-9s %7s %9s %8s  %s";

    private static final String AGAIN = "%-14s %8s %8s %8s %8s %9s %9s %9s";

    /** For how the job ended that misbehaved. */
    private static final int END_WIDTH = 39;

    private static final String END_INDENT = " ".repeat(WIDTH - END_WIDTH - 1);

    /** A speed-up below this is told as a part: 1/4000. */
    private static final double SMALL = 0.095;

    private final PrintStream out;

    LabTables(PrintStream out) {
        this.out = out;
    }

    void machine(Shape machine) {
        say(machine.processors() + (machine.processors() == 1 ? " processor" : " processors")
                + (machine.model().isEmpty() ? "" : " (" + machine.model() + ")")
                + ", " + Sizes.format(machine.memoryBytes())
                + ", " + machine.system() + ", Java " + machine.java());
    }

    void begin(Sharing setUp) {
        out.println();
        say("sharing: " + setUp.jobs() + " jobs, each reads all of " + setUp.elements() + " int32 ("
                + Sizes.format(setUp.elements() * Integer.BYTES) + "), " + workers(setUp.procs()));
        out.println();
        line(SHARING, "", "", "", "", "an", "", "", "memory");
        line(SHARING, "", "start", "work", "CPU", "element", "speed-up", "piped", "(PSS)");
    }

    void row(Measurement measured, Optional<Measurement> single) {
        out.println(measured.arrangement().meaning());
        line(
                SHARING,
                "  " + measured.arrangement().name(),
                seconds(measured.start()),
                measured.isWhole() ? seconds(measured.work()) : "*",
                measured.isWhole() ? seconds(measured.cpu()) : "*",
                nanos(measured.nanosPerElement()),
                speedUp(single.map(measured::speedUpOver).orElse(OptionalDouble.empty())),
                measured.isWhole() ? Sizes.format(measured.pipedBytes()) : "*",
                Sizes.format(measured.proportionalBytes()));
    }

    void notes(Sharing setUp, List<Measurement> rows) {
        out.println();
        for (Measurement measured : rows) {
            if (!measured.isWhole() && measured.elements() > 0) {
                say("* " + measured.arrangement().name() + ": measured on "
                        + (measured.jobs() < setUp.jobs() ? measured.jobs() + " jobs" : "all jobs") + " of "
                        + measured.elements() + " elements: " + Sizes.format(measured.pipedBytes()) + " piped in "
                        + seconds(measured.work()));
            }
        }
        say("The start ends when all processes are up; element and speed-up are those of the work. PSS counts a"
                + " page once that several processes share.");
    }

    void warnings(List<String> warnings) {
        if (!warnings.isEmpty()) {
            out.println();
        }
        warnings.forEach(warning -> say("Warning: " + warning));
    }

    void verdict(String verdict) {
        if (!verdict.isEmpty()) {
            out.println();
            say(verdict);
        }
    }

    void begin(Scaling setUp) {
        out.println();
        say("scaling: jobs that each read all of " + setUp.elements() + " int32 ("
                + Sizes.format(setUp.elements() * Integer.BYTES) + "), with more and more workers");
        out.println();
        line(SCALING, "", "workers", "start", "work", "CPU", "speed-up", "efficiency");
    }

    void scalingRow(Measurement measured, Optional<Measurement> one) {
        OptionalDouble speedUp = one.map(measured::speedUpOver).orElse(OptionalDouble.empty());
        if (measured.procs() == 1) {
            say(measured.jobs() + " jobs " + meaning(measured));
        }
        line(
                SCALING,
                series(measured),
                Integer.toString(measured.procs()),
                seconds(measured.start()),
                seconds(measured.work()),
                seconds(measured.cpu()),
                speedUp(speedUp),
                speedUp.isEmpty() ? "" : text("%.0f %%", 100 * speedUp.getAsDouble() / measured.procs()));
    }

    void begin(Isolation setUp) {
        out.println();
        say("isolation: what one job does to others among " + setUp.procs() + " threads and among "
                + workers(setUp.procs()) + ", heaps of " + Sizes.format(setUp.heapBytes()));
        out.println();
        line(ISOLATION, "", "results", "all work", "longest", "");
        line(ISOLATION, "among", "kept", "again in", "pause", "the job that misbehaved");
    }

    void row(Consequence consequence, boolean isFirst) {
        if (isFirst) {
            say(consequence.misbehaviour().label() + ": "
                    + consequence.misbehaviour().explanation());
        }
        List<String> end = wrapped(consequence.culprit(), END_WIDTH);
        line(
                ISOLATION,
                consequence.where(),
                consequence.kept() + "/" + consequence.results(),
                recovery(consequence),
                consequence.longestPause().map(LabTables::millis).orElse("dead"),
                end.isEmpty() ? "" : end.getFirst());
        end.stream().skip(1).forEach(rest -> out.println(END_INDENT + rest));
    }

    void notesOnIsolation() {
        out.println();
        say("Results are those of innocent jobs. A program that died was started again until it had as many. A"
                + " pause is the longest time in which an innocent job could not take a step of 1 ms.");
    }

    void begin(Again setUp) {
        out.println();
        say("again: " + setUp.command() + ", "
                + (setUp.times() == 1 ? "once" : setUp.times() + " times, one after another") + "; the data are "
                + setUp.elements() + " int32 (" + Sizes.format(setUp.elements() * Integer.BYTES) + ")");
        out.println();
        line(AGAIN, "", "start", "first", "median", "last", "all", "CPU", "speed-up");
    }

    void row(Repetition repetition, Repetition cold) {
        out.println(repetition.by().meaning());
        line(
                AGAIN,
                "  " + repetition.by().name().toLowerCase(Locale.ROOT),
                repetition.start().isZero() ? "" : seconds(repetition.start()),
                brief(repetition.times().getFirst()),
                brief(repetition.median()),
                brief(repetition.times().getLast()),
                seconds(repetition.total()),
                seconds(repetition.cpu()),
                speedUp(OptionalDouble.of(repetition.speedUpOver(cold))));
    }

    void notesOnAgain(Repetition resident) {
        out.println();
        say("Times are those of whole commands, and the start is among all. Speed-up is that of the median. The"
                + " coordinator that stays, and its workers, take " + Sizes.format(resident.waitingBytes())
                + " (PSS) while they wait.");
    }

    void say(String text) {
        wrapped(text, WIDTH).forEach(out::println);
    }

    /** Lines of words; a word that is too long for one is cut. */
    private static List<String> wrapped(String text, int width) {
        List<String> lines = new ArrayList<>();
        String rest = text.strip();
        while (rest.length() > width) {
            int space = rest.lastIndexOf(' ', width);
            int end = space > 0 ? space : width;
            lines.add(rest.substring(0, end).stripTrailing());
            rest = rest.substring(end).strip();
        }
        if (!rest.isEmpty()) {
            lines.add(rest);
        }
        return lines;
    }

    private static String recovery(Consequence consequence) {
        return consequence.recovery().map(LabTables::seconds).orElse(consequence.needsRecovery() ? "never" : "");
    }

    private static String brief(Duration time) {
        return time.toSeconds() < 1 ? millis(time) : seconds(time);
    }

    private static String millis(Duration time) {
        return text(time.toMillis() < 10 ? "%.1f ms" : "%.0f ms", time.toNanos() / 1e6);
    }

    private static String meaning(Measurement measured) {
        if (measured.arrangement() == Arrangements.SHARED_SCAN) {
            return "that wait for memory, fed block by block from one reading of the data";
        }
        return measured.kernel() == Kernel.COUNT ? "that wait for memory" : "that keep a processor busy";
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
        double seconds = time.toNanos() / 1e9;
        return text(seconds < 100 ? "%.2f s" : "%.0f s", seconds);
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
