package io.github.forkless.coordinator.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.forkless.common.dataset.Slice;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlanTest {
    @Test
    void moreTasksThanAnIntCountsAreAllDealt() {
        int slices = 60_000;
        List<Slice> same = Collections.nCopies(slices, new Slice(0, 1)); // only their number counts here
        Plan plan = Plan.split(10_000_000, same, new Slice(0, slices));
        long groups = plan.groups().size();
        assertThat(groups).isGreaterThan(Integer.MAX_VALUE / slices);
        assertThat(plan.tasks()).isEqualTo(groups * slices);
        assertThat(plan.groups().getLast().end()).isEqualTo(10_000_000);
        assertThat(plan.groupOf(9_999_999)).isEqualTo((int) groups - 1);
    }
}
