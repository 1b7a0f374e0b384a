package io.github.forkless.coordinator.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.forkless.common.dataset.Slice;
import io.github.forkless.coordinator.placement.WorkerPlaces;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class ScanOrderTest {
    private static final int[] NO_HOMES = {};

    private static Plan plan(int slices, int groups) {
        return new Plan(
                IntStream.range(0, groups)
                        .mapToObj(i -> new Plan.Group(i, i + 1))
                        .toList(),
                IntStream.range(0, slices).mapToObj(i -> new Slice(i, i + 1)).toList(),
                new Slice(0, slices));
    }

    private static List<Long> take(ScanOrder order, int node, int count) {
        return LongStream.range(0, count).mapToObj(_ -> order.next(node)).toList();
    }

    @Test
    void withoutHomesTasksComeInOrderForAll() {
        ScanOrder order = ScanOrder.of(plan(3, 2), NO_HOMES);

        assertThat(List.of(order.next(0), order.next(1), order.next(0), order.next(7), order.next(1), order.next(0)))
                .containsExactly(0L, 1L, 2L, 3L, 4L, 5L);
    }

    @Test
    void aNodeGetsWhatLiesOnItInTheDatasetsOrder() {
        ScanOrder order = ScanOrder.of(plan(6, 1), new int[] {0, 2, 0, 2, 0, 2});

        assertThat(take(order, 2, 3)).containsExactly(1L, 3L, 5L);
        assertThat(take(order, 0, 3)).containsExactly(0L, 2L, 4L);
    }

    @Test
    void whatLiesAnywhereComesBeforeWhatLiesOnOtherNodes() {
        ScanOrder order = ScanOrder.of(plan(4, 1), new int[] {1, WorkerPlaces.ANYWHERE, 0, 1});

        assertThat(take(order, 0, 4)).containsExactly(2L, 1L, 0L, 3L);
    }

    @Test
    void whoHasNothingLeftTakesFromTheNodeThatHasMost() {
        ScanOrder order = ScanOrder.of(plan(6, 1), new int[] {0, 1, 1, 2, 2, 2});

        assertThat(take(order, 0, 3)).containsExactly(0L, 3L, 1L);
    }

    @Test
    void aNodeThatNothingLiesOnTakesWhatThereIs() {
        assertThat(take(ScanOrder.of(plan(2, 1), new int[] {0, 0}), 5, 2)).containsExactly(0L, 1L);
    }

    @Test
    void theGroupsOfASliceStayTogether() {
        ScanOrder order = ScanOrder.of(plan(4, 3), new int[] {0, 1, 0, 1});

        assertThat(take(order, 1, 6)).containsExactly(3L, 4L, 5L, 9L, 10L, 11L);
    }

    @Test
    void theFirstOfTheDatasetIsFoundWhereverItLies() {
        ScanOrder order = ScanOrder.of(plan(4, 1), new int[] {1, 0, 1, 0});
        order.next(1);

        assertThat(List.of(order.first(), order.first(), order.first())).containsExactly(1L, 2L, 3L);
    }

    @Test
    void everyTaskIsDealtOnceWhoeverAsks() {
        ScanOrder order = ScanOrder.of(
                plan(50, 2), IntStream.range(0, 50).map(i -> i * 7 % 4 - 1).toArray());
        List<Long> dealt = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            dealt.add(i % 9 == 0 ? order.first() : order.next(i * 5 % 6 - 1));
        }

        assertThat(dealt)
                .containsExactlyInAnyOrderElementsOf(
                        LongStream.range(0, 100).boxed().toList());
    }
}
