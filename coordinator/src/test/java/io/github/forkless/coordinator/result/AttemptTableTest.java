package io.github.forkless.coordinator.result;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.forkless.common.dataset.Slice;
import io.github.forkless.coordinator.result.Recording.Attempt;
import io.github.forkless.coordinator.result.Recording.Outcome;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AttemptTableTest {
    @Test
    void givesBackWhatItWasGiven() {
        var table = new AttemptTable();
        List<Attempt> attempts = IntStream.range(0, 3000)
                .mapToObj(i -> new Attempt(
                        i,
                        Integer.MAX_VALUE - i,
                        Long.MAX_VALUE - i,
                        i % 2 == 0,
                        i,
                        new Slice(i, Long.MAX_VALUE - i),
                        i,
                        Integer.MAX_VALUE - i,
                        Long.MIN_VALUE + i,
                        -i,
                        i,
                        Outcome.values()[i % 3],
                        i - 1L,
                        Integer.MAX_VALUE - i))
                .toList();

        attempts.forEach(table::add);

        assertThat(IntStream.range(0, table.size()).mapToObj(table::get)).containsExactlyElementsOf(attempts);
    }

    @Test
    void countsWhatItHasNoRoomFor() {
        var table = new AttemptTable();
        var attempt = new Attempt(0, 1, 2, false, 1, new Slice(0, 1), 0, 1, 0, 0, 1, Outcome.OK, 0, 0);

        for (int i = 0; i < Recording.MAX_ATTEMPTS + 3; i++) {
            table.add(attempt);
        }

        assertThat(table.size()).isEqualTo(Recording.MAX_ATTEMPTS);
        assertThat(table.notKept()).isEqualTo(3);
    }
}
