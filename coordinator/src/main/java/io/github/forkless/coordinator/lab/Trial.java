package io.github.forkless.coordinator.lab;

import io.github.forkless.coordinator.lab.LabJvm.Signal;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Has arrangements do work, looks at what that takes, and checks what they find. */
final class Trial {
    /** Whoever takes longer is stuck. */
    private static final Duration DEADLINE = Duration.ofMinutes(10);

    /** The same collector as the library's workers have, so that no arrangement is better off. */
    private static final String COLLECTOR = "-XX:+UseSerialGC";

    private final Laboratory laboratory;
    private final Map<Work, long[]> answers = new HashMap<>();

    Trial(Laboratory laboratory) {
        this.laboratory = laboratory;
    }

    /**
     * @param whole all of the work; the arrangement does its portion of it
     * @throws LabException when the arrangement fails, or finds something that is not so
     */
    Measurement of(Arrangement arrangement, Work whole) throws IOException {
        Work work = arrangement.portion(whole);
        long[] expected = expected(arrangement, work);
        long[] found = new long[work.jobs()];
        Arrays.fill(found, -1);
        long begun = System.nanoTime();
        ProcessorTime before = ProcessorTime.now();
        try (LabJvm jvm =
                laboratory.start(jvmOptions(arrangement, work), ArrangementMain.class, arguments(arrangement, work))) {
            jvm.killAfter(DEADLINE);
            Duration start = null;
            Duration first = null;
            Duration last = null;
            while (true) {
                Signal signal = jvm.next().orElseThrow(() -> failed(arrangement, jvm));
                if (signal.name().equals(Signals.HOLDING)) {
                    break;
                }
                if (signal.name().equals(Signals.STARTED)) {
                    start = signal.after();
                    continue;
                }
                found[(int) signal.number(1)] = signal.number(2);
                first = first == null ? signal.after() : first;
                last = signal.after();
            }
            ProcessorTime after = ProcessorTime.now();
            long nanos = System.nanoTime() - begun;
            Footprint footprint = jvm.footprint();
            jvm.go();
            if (jvm.next().isPresent() || jvm.exitCode() != 0) {
                throw failed(arrangement, jvm);
            }
            requireSame(arrangement, expected, found);
            return new Measurement(
                    arrangement,
                    work.kernel(),
                    work.procs(),
                    arrangement.readsData() ? work.elements() : 0,
                    work.jobs(),
                    work.elements() == whole.elements() && work.jobs() == whole.jobs(),
                    last,
                    start,
                    first,
                    footprint.cpu(),
                    footprint.writtenBytes() - arrangement.fileBytes(work),
                    footprint.processes(),
                    footprint.proportionalBytes(),
                    footprint.residentBytes(),
                    after.othersSince(before, footprint.cpu(), nanos));
        }
    }

    private static List<String> jvmOptions(Arrangement arrangement, Work work) {
        return List.of(COLLECTOR, "-Xmx" + arrangement.heapBytes(work));
    }

    private static List<String> arguments(Arrangement arrangement, Work work) {
        var arguments = new ArrayList<String>();
        arguments.add(arrangement.name());
        arguments.addAll(work.toArguments());
        return arguments;
    }

    private long[] expected(Arrangement arrangement, Work work) throws IOException {
        if (!arrangement.readsData()) {
            long[] numbers = new long[work.jobs()];
            Arrays.setAll(numbers, job -> job);
            return numbers;
        }
        Work question = work.withProcs(1);
        long[] known = answers.get(question);
        if (known == null) {
            known = Reference.answer(question);
            answers.put(question, known);
        }
        return known;
    }

    static void requireSame(Arrangement arrangement, long[] expected, long[] found) {
        int job = Arrays.mismatch(expected, found);
        if (job >= 0) {
            throw new LabException("the arrangement '" + arrangement.name() + "' gives a wrong answer: job " + job
                    + " found " + found[job] + ", and " + expected[job] + " is right");
        }
    }

    private static LabException failed(Arrangement arrangement, LabJvm jvm) {
        return new LabException("the arrangement '" + arrangement.name() + "' failed with exit code " + jvm.exitCode()
                + "; its last words:\n" + jvm.lastWords());
    }
}
