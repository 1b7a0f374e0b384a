package io.github.forkless.coordinator.run;

import io.github.forkless.coordinator.result.RunReport;
import java.util.List;
import java.util.Optional;

/**
 * What a run ends with: its results as they came from the workers, and its report. The results are read later, by a
 * thread that waits for them, as that may run the user's constructors.
 *
 * @param results in the order in which they came; empty for a run that has handed them to a listener
 */
public record RunOutcome(List<EncodedResults> results, RunReport report) {

    /**
     * Results of neighbouring parameters or parameter sets.
     *
     * @param first the first one's number
     * @param end the number after the last
     * @param content see {@link io.github.forkless.common.value.ValueWriter}
     * @param renumbered for each what it is a result of, or {@link #NOTHING}; empty if it is that of its number
     */
    public record EncodedResults(int first, int end, byte[] content, Optional<int[]> renumbered) {
        static final int NOTHING = -1;

        public EncodedResults(int first, int end, byte[] content) {
            this(first, end, content, Optional.empty());
        }

        /** What the {@code i}th result is of. */
        int number(int i) {
            return renumbered.isPresent() ? renumbered.get()[i] : first + i;
        }
    }
}
