package io.github.forkless.coordinator.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CoverageTest {
    private static final int SIZE = 60;

    /** Against a row of flags: what is added, what is refused, and what is missing of any range. */
    @Test
    void knowsWhatIsMissing() {
        for (long seed = 0; seed < 200; seed++) {
            var random = new Random(seed);
            var coverage = new Coverage();
            var flags = new boolean[SIZE];
            for (int i = 0; i < 25; i++) {
                int from = random.nextInt(SIZE);
                int to = Math.min(SIZE, from + 1 + random.nextInt(8));
                boolean isNew = missing(flags, from, to).equals(List.of(new Range(from, to)));

                assertThat(coverage.add(from, to))
                        .as("seed %d, %d to %d", seed, from, to)
                        .isEqualTo(isNew);

                for (int at = from; isNew && at < to; at++) {
                    flags[at] = true;
                }
                int low = random.nextInt(SIZE);
                int high = low + 1 + random.nextInt(SIZE - low);
                assertThat(coverage.missing(low, high))
                        .as("seed %d, of %d to %d", seed, low, high)
                        .isEqualTo(missing(flags, low, high));
            }
        }
    }

    private static List<Range> missing(boolean[] flags, int from, int to) {
        List<Range> missing = new ArrayList<>();
        int at = from;
        while (at < to) {
            int end = at;
            while (end < to && flags[end] == flags[at]) {
                end++;
            }
            if (!flags[at]) {
                missing.add(new Range(at, end));
            }
            at = end;
        }
        return missing;
    }
}
