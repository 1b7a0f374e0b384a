package io.github.forkless.coordinator.lab;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** What the findings say, in a sentence, and what makes them doubtful. */
public final class Judgement {
    /** How many times as long as starting workers takes one thread has to work. */
    static final int STARTS = 10;

    /** Others may have this part of the processors' time. */
    private static final double BUSY = 0.1;

    private static final String THREADS = "threads";

    /** All that was found, in a line; empty if nothing can be said. */
    public static String verdict(Findings findings) {
        List<String> clauses = new ArrayList<>();
        if (!findings.sharing().isEmpty()) {
            sharing(findings).ifPresent(clauses::add);
        } else {
            scaling(findings).ifPresent(clauses::add);
        }
        isolation(findings.isolation()).ifPresent(clauses::add);
        again(findings.again()).ifPresent(clauses::add);
        if (clauses.isEmpty()) {
            return "";
        }
        String all = String.join("; ", clauses) + ".";
        return all.substring(0, 1).toUpperCase(Locale.ROOT) + all.substring(1);
    }

    private static Optional<String> sharing(Findings findings) {
        Optional<Measurement> single = findings.single();
        Optional<Measurement> shared = findings.shared();
        if (single.isEmpty() || shared.isEmpty()) {
            return Optional.empty();
        }
        Optional<String> doubt = doubt(findings.sharing(), single.get(), shared.get());
        if (doubt.isPresent()) {
            return Optional.of(doubt.get() + " to say what sharing gains");
        }
        int procs = shared.get().procs();
        double times = shared.get().speedUpOver(single.get()).orElseThrow();
        return Optional.of(workers(procs)
                + (procs == 1 ? " that shares the data is" : " that share the data are")
                + text(" %.2f times as fast as one thread", times)
                + findings.breakEven()
                        .map(even -> text(", which pays from %.2f s of its work on", seconds(even.oneThread())))
                        .orElse(", which does not pay"));
    }

    /** From how much work on processes pay, in a sentence; empty if they do not, or that is not known. */
    public static Optional<String> breakEven(Findings findings) {
        return findings.breakEven().map(even -> {
            int procs = findings.shared().orElseThrow().procs();
            return text(
                    "Break-even: %s, %s start included, %s faster than one thread from %.2f s of its work on"
                            + " (%s elements).",
                    workers(procs),
                    procs == 1 ? "its" : "their",
                    procs == 1 ? "is" : "are",
                    seconds(even.oneThread()),
                    elements(even.reads()));
        });
    }

    private static String elements(long count) {
        return count < 10_000_000 ? text("%,d", count) : text("%,d million", Math.round(count / 1e6));
    }

    private static Optional<String> scaling(Findings findings) {
        Optional<Measurement> checksums = comparable(findings, Kernel.CHECKSUM);
        if (checksums.isEmpty()) {
            return Optional.empty();
        }
        Measurement one = findings.oneWorker(checksums.get()).orElseThrow();
        Optional<String> doubt = doubt(findings.scaling(), one, checksums.get());
        if (doubt.isPresent()) {
            return Optional.of(doubt.get() + " to say what more workers gain");
        }
        return Optional.of(workers(checksums.get().procs())
                + text(
                        " do checksums %.2f times as fast as one",
                        checksums.get().speedUpOver(one).orElseThrow())
                + comparable(findings, Kernel.COUNT)
                        .flatMap(counts -> findings.oneWorker(counts).map(counts::speedUpOver))
                        .map(times ->
                                text(", and counts, which wait for memory, %.2f times as fast", times.orElseThrow()))
                        .orElse(""));
    }

    /** Why nothing can be concluded from two of many; empty if something can. */
    private static Optional<String> doubt(List<Measurement> all, Measurement one, Measurement more) {
        if (busy(all).isPresent()) {
            return Optional.of("the machine was too busy");
        }
        return isTooLittle(one, more) ? Optional.of("there was too little work") : Optional.empty();
    }

    /** With a scan for each job, and the most workers that have a processor each; empty if that is one. */
    private static Optional<Measurement> comparable(Findings findings, Kernel kernel) {
        int processors = findings.machine().processors();
        return findings.scaling().stream()
                .filter(it -> it.kernel() == kernel && it.arrangement() instanceof Shared)
                .filter(it -> it.procs() > 1 && it.procs() <= processors)
                .max(Comparator.comparing(Measurement::procs));
    }

    private static Optional<String> isolation(List<Consequence> all) {
        List<Consequence> harms = all.stream()
                .filter(it -> it.misbehaviour() != Misbehaviour.NOTHING)
                .toList();
        List<Consequence> threads =
                harms.stream().filter(it -> it.where().equals(THREADS)).toList();
        List<Consequence> processes =
                harms.stream().filter(it -> !it.where().equals(THREADS)).toList();
        if (processes.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of("a job that misbehaves cost others their results in " + lost(threads) + " of "
                + threads.size() + " cases among threads, and in " + lost(processes) + " of " + processes.size()
                + " among processes");
    }

    private static long lost(List<Consequence> all) {
        return all.stream().filter(it -> it.kept() < it.results()).count();
    }

    private static Optional<String> again(List<Repetition> both) {
        if (both.size() < 2) {
            return Optional.empty();
        }
        Repetition cold = both.getFirst();
        Repetition resident = both.getLast();
        if (busyAgain(both).isPresent()) {
            return Optional.of("the machine was too busy to say what a coordinator that stays gains");
        }
        if (resident.unanswered() > 0) {
            return Optional.of("the coordinator that stays did not answer all commands");
        }
        return Optional.of(text(
                        "run lots and lots of times, a command is %s times as fast with a coordinator that stays",
                        times(resident.speedUpOver(cold)))
                + (resident.paysFrom(cold).isPresent()
                        ? ", whose start pays from run "
                                + resident.paysFrom(cold).getAsInt() + " on"
                        : ", whose start does not pay within "
                                + resident.times().size() + " runs"));
    }

    private static String times(double factor) {
        return text(factor < 10 ? "%.1f" : "%.0f", factor);
    }

    /** Why the figures of all experiments may say little. */
    public static List<String> warnings(Findings findings) {
        return Stream.of(ofSharing(findings), ofScaling(findings), ofIsolation(findings), ofAgain(findings))
                .flatMap(List::stream)
                .distinct()
                .toList();
    }

    /** Why the figures of sharing may say little. */
    public static List<String> ofSharing(Findings findings) {
        return of(
                findings.sharing(),
                findings.single(),
                it -> it.arrangement() instanceof OneJvm || it.arrangement() instanceof Shared,
                findings.machine().processors());
    }

    /** Why the figures of scaling may say little. */
    public static List<String> ofScaling(Findings findings) {
        int processors = findings.machine().processors();
        return of(
                findings.scaling(),
                findings.scaling().stream().findFirst(),
                it -> it.kernel() == Kernel.CHECKSUM && it.procs() <= processors,
                processors);
    }

    /** Why the times of isolation may say little. */
    public static List<String> ofIsolation(Findings findings) {
        double others = findings.isolation().stream()
                .mapToDouble(Consequence::others)
                .average()
                .orElse(0);
        return busy(others).stream().toList();
    }

    /** Why the times of the same command may say little. */
    public static List<String> ofAgain(Findings findings) {
        List<String> warnings =
                new ArrayList<>(busyAgain(findings.again()).stream().toList());
        findings.again().stream()
                .filter(it -> it.unanswered() > 0)
                .map(it -> "the coordinator that stays did not answer " + it.unanswered() + " of "
                        + it.times().size()
                        + " commands, which ran without it"
                        + (it.whyNot().isEmpty() ? "" : "; the last because " + it.whyNot()) + ".")
                .forEach(warnings::add);
        return warnings;
    }

    private static Optional<String> busyAgain(List<Repetition> all) {
        double nanos = all.stream().mapToLong(it -> it.total().toNanos()).sum();
        double others = all.stream()
                .mapToDouble(it -> it.others() * it.total().toNanos())
                .sum();
        return nanos == 0 ? Optional.empty() : busy(others / nanos);
    }

    private static List<String> of(
            List<Measurement> all, Optional<Measurement> one, Predicate<Measurement> shouldBeFaster, int processors) {
        Optional<String> busy = busy(all);
        if (busy.isPresent() || one.isEmpty()) {
            return busy.stream().toList();
        }
        return slow(one.get(), all.stream().filter(shouldBeFaster).toList(), processors);
    }

    static Optional<String> busy(List<Measurement> all) {
        double nanos = all.stream().mapToLong(it -> it.wall().toNanos()).sum();
        double others = all.stream()
                .mapToDouble(it -> it.others() * it.wall().toNanos())
                .sum();
        return nanos == 0 ? Optional.empty() : busy(others / nanos);
    }

    private static Optional<String> busy(double others) {
        return others <= BUSY
                ? Optional.empty()
                : Optional.of(text(
                        "the machine was busy: others had %.0f %% of its processors' time. Repeat this when it is"
                                + " idle.",
                        100 * others));
    }

    /** What should be faster than one, and is not; or that there was too little work to tell. */
    static List<String> slow(Measurement one, List<Measurement> more, int processors) {
        Measurement last =
                more.stream().max(Comparator.comparing(Measurement::start)).orElse(one);
        if (isTooLittle(one, last)) {
            return List.of(text(
                    "%s worked for %.2f s, less than %d times the %.2f s in which %s started. Such speed-ups say"
                            + " little; more --jobs, or a larger --count, give better ones.",
                    name(one),
                    seconds(one.work()),
                    STARTS,
                    seconds(last.start()),
                    last.arrangement() instanceof OneJvm ? "the JVM" : workers(last.procs())));
        }
        return more.stream()
                .filter(it -> it.procs() > 1 && processors > 1)
                .filter(it -> it.speedUpOver(one).orElse(1) < 1)
                .map(it -> text(
                        "%s with %d was slower than %s: the processors were not free, or there are fewer than %d.",
                        it.arrangement().name(), it.procs(), name(one), processors))
                .toList();
    }

    private static String name(Measurement one) {
        return one.arrangement() instanceof OneJvm ? "one thread" : "one worker";
    }

    static boolean isTooLittle(Measurement one, Measurement more) {
        return one.work().compareTo(more.start().multipliedBy(STARTS)) < 0;
    }

    private static String workers(int procs) {
        return procs == 1 ? "1 worker" : procs + " workers";
    }

    private static double seconds(Duration time) {
        return time.toNanos() / 1e9;
    }

    private static String text(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }

    private Judgement() {}
}
