package io.github.forkless.coordinator.run;

import io.github.forkless.common.job.NextPass;
import io.github.forkless.common.value.RecordValue;
import io.github.forkless.common.value.TypeFinder;
import io.github.forkless.common.wire.JobSource;
import io.github.forkless.coordinator.result.RunFailedException;
import io.github.forkless.coordinator.result.RunReport;
import io.github.forkless.coordinator.run.RunOutcome.EncodedResults;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The passes of one or several jobs over the dataset. A job that finishes with a {@link NextPass} is run again, with the
 * parameters that it found in addition to those that it had; jobs that have their results are not. Nearly all jobs need one
 * pass, and of these nothing is looked at but whether they want another.
 *
 * <p>For one thread at a time.
 */
public final class Passes {
    private static final byte[] NEXT_PASS = NextPass.class.getName().getBytes(StandardCharsets.US_ASCII);

    private final JobSource first;
    private final List<EncodedResults> finished = new ArrayList<>();
    /** What was found so far, by parameter set. */
    private final Map<Integer, Map<String, String>> found = new HashMap<>();

    /** Which of the first pass's parameter sets the current pass is for; null for all. */
    private List<Integer> sets;

    private Optional<RunReport> report = Optional.empty();

    /** @param first what the first pass runs */
    public Passes(JobSource first) {
        this.first = first;
    }

    /**
     * Takes what a pass ended with.
     *
     * @return what the next one runs; empty if there is none
     * @throws RunFailedException when a job asks for what it had
     */
    public Optional<JobSource> next(RunOutcome outcome) {
        RunReport of = sets == null ? outcome.report() : outcome.report().withParameterSets(sets);
        report = Optional.of(report.map(before -> before.plus(of)).orElse(of));
        List<JobSource.RefinedSet> goingOn = new ArrayList<>();
        for (EncodedResults results : outcome.results()) {
            if (sets == null && !mayAskForPass(results.content())) {
                finished.add(results);
            } else {
                take(results, goingOn);
            }
        }
        if (goingOn.isEmpty()) {
            return Optional.empty();
        }
        goingOn.sort((left, right) -> Integer.compare(left.number(), right.number()));
        sets = goingOn.stream().map(JobSource.RefinedSet::number).toList();
        return Optional.of(new JobSource.LaterPass(first, goingOn));
    }

    /** The results of all jobs, and what all passes did. */
    public RunOutcome outcome() {
        return new RunOutcome(finished, report.orElseThrow());
    }

    private void take(EncodedResults results, List<JobSource.RefinedSet> goingOn) {
        // It grants no class, so no code of the user's runs.
        Object[] values = ResultReader.read(results, TypeFinder.NONE);
        int[] numbers = new int[values.length];
        for (int i = 0; i < values.length; i++) {
            int set = sets == null ? results.first() + i : sets.get(results.first() + i);
            boolean goesOn = isNextPass(values[i]);
            numbers[i] = goesOn ? EncodedResults.NOTHING : set;
            if (goesOn) {
                goingOn.add(new JobSource.RefinedSet(set, foundBy((RecordValue) values[i], set)));
            }
        }
        finished.add(new EncodedResults(results.first(), results.end(), results.content(), Optional.of(numbers)));
    }

    private Map<String, String> foundBy(RecordValue nextPass, int set) {
        Map<String, String> all = new HashMap<>(found.getOrDefault(set, Map.of()));
        ((Map<?, ?>) nextPass.components().get("parameters"))
                .forEach((name, value) -> all.put((String) name, (String) value));
        if (all.equals(found.put(set, all))) {
            throw new RunFailedException(
                    "the job of parameter set " + set + " asks for another pass with the parameters " + all
                            + ", which it has had: it would never end",
                    List.of());
        }
        return all;
    }

    /** Its class is granted to no result, so that it always arrives in this form. */
    private static boolean isNextPass(Object result) {
        return result instanceof RecordValue record && record.type().equals(NextPass.class.getName());
    }

    /** Whether the name of the class is in there somewhere. */
    private static boolean mayAskForPass(byte[] content) {
        int last = content.length - NEXT_PASS.length;
        for (int at = 0; at <= last; at++) {
            if (content[at] == NEXT_PASS[0]
                    && Arrays.equals(content, at, at + NEXT_PASS.length, NEXT_PASS, 0, NEXT_PASS.length)) {
                return true;
            }
        }
        return false;
    }
}
