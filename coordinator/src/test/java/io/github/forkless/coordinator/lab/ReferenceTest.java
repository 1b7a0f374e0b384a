package io.github.forkless.coordinator.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.forkless.common.dataset.Block;
import io.github.forkless.coordinator.TestData;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the arrangements find is compared with what the laboratory finds in another way. */
class ReferenceTest {
    /** More than one piece, and not a whole number of them. */
    private static final int ELEMENTS = 300_001;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource
    void bothWaysFindTheSame(Kernel kernel) throws Exception {
        var random = new SplittableRandom(5);
        Path data = TestData.ints(folder.resolve("data.bin"), ELEMENTS, _ -> random.nextInt());
        Block block = HeapCopy.block(HeapCopy.read(data, ELEMENTS - 1));

        List<Long> found = kernel.parameters(20).stream()
                .map(parameter -> kernel.of(block, parameter))
                .toList();

        long[] reference = Reference.answer(new Work(data, kernel, ELEMENTS - 1, 20, 1));
        assertThat(LongStream.of(reference).boxed()).isEqualTo(found).doesNotHaveDuplicates();
    }

    @Test
    void limitsAreCountedAbove() throws Exception {
        Path data = TestData.ints(folder.resolve("data.bin"), 5, i -> i - 2); // of which two are above 0

        assertThat(Reference.answer(new Work(data, Kernel.COUNT, 5, 1, 1))).containsExactly(2);
    }

    @Test
    void anArrangementThatDisagreesIsAnError() {
        assertThatThrownBy(() -> Trial.requireSame(new Shared(), new long[] {1, 2, 3}, new long[] {1, 7, 3}))
                .isInstanceOf(LabException.class)
                .hasMessage("the arrangement 'shared' gives a wrong answer: job 1 found 7, and 2 is right");
    }
}
