package io.github.forkless.coordinator.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.forkless.coordinator.report.ParameterSets;
import io.github.forkless.coordinator.result.InvalidRequestException;
import java.lang.management.ManagementFactory;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssertAlternative;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ParameterGridTest {

    @Test
    void withoutASweepThereIsOneSet() {
        ParameterSets grid = ParameterGrid.of(Map.of("a", "1"), Map.of());

        assertThat(grid.sets()).containsExactly(Map.of("a", "1"));
        assertThat(grid.isSweep()).isFalse();
        assertThat(ParameterGrid.of(Map.of(), Map.of()).sets()).containsExactly(Map.of());
    }

    @Test
    void aSweepOfOneValueIsASweep() {
        ParameterSets grid = ParameterGrid.of(Map.of(), Map.of("a", "7"));

        assertThat(grid.sets()).containsExactly(Map.of("a", "7"));
        assertThat(grid.isSweep()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        1:4          | 1 2 3 4
        1:1          | 1
        -2:1         | -2 -1 0 1
        5:50:15      | 5 20 35 50
        5:49:15      | 5 20 35
        4:1:-1       | 4 3 2 1
        0:1:0.25     | 0.00 0.25 0.50 0.75 1.00
        0.1:0.5:0.1  | 0.1 0.2 0.3 0.4 0.5
        1:3.5        | 1 2 3
        1:1:-5       | 1
        1e3:3e3:1e3  | 1000 2000 3000
        9007199254740993:9007199254740995 | 9007199254740993 9007199254740994 9007199254740995
        a,b,c        | a b c
        20,50,100    | 20 50 100
        2,1,2        | 2 1 2
        """)
    void valuesOf(String range, String expected) {
        assertThat(values(range)).containsExactly(expected.split(" "));
    }

    @Test
    void emptyTextIsAValue() {
        assertThat(values("")).containsExactly("");
        assertThat(values("a,,b,")).containsExactly("a", "", "b", "");
    }

    @Test
    void sweepsMultiplyAndTheLastVariesFastest() {
        Map<String, String> sweeps = new LinkedHashMap<>();
        sweeps.put("fast", "5:10:5");
        sweeps.put("slow", "20,50,100");

        ParameterSets grid = ParameterGrid.of(Map.of("fee", "0.1"), sweeps);

        assertThat(grid.sets())
                .containsExactly(
                        Map.of("fee", "0.1", "fast", "5", "slow", "20"),
                        Map.of("fee", "0.1", "fast", "5", "slow", "50"),
                        Map.of("fee", "0.1", "fast", "5", "slow", "100"),
                        Map.of("fee", "0.1", "fast", "10", "slow", "20"),
                        Map.of("fee", "0.1", "fast", "10", "slow", "50"),
                        Map.of("fee", "0.1", "fast", "10", "slow", "100"));
    }

    @Test
    void setsKeepTheOrderInWhichNamesWereGiven() {
        Map<String, String> sweeps = new LinkedHashMap<>();
        sweeps.put("z", "1");
        sweeps.put("y", "2");

        assertThat(ParameterGrid.of(Map.of("x", "3"), sweeps).sets().getFirst().keySet())
                .containsExactly("x", "z", "y");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1:5:0", "1:5:-1", "5:1", "1:", ":", ":5", "1:x", "1:2:3:4", "1:2:x", "1:2:", "a:b"})
    void whatIsNoRangeIsRefusedWithTheFormsThatAre(String range) {
        assertRefused("k", range)
                .withMessageStartingWith("--sweep k=" + range + " is not a range; write from:to, from:to:step")
                .withMessageContaining("a,b,c");
    }

    @Test
    void aParameterIsFixedOrSwept() {
        assertThatExceptionOfType(InvalidRequestException.class)
                .isThrownBy(() -> ParameterGrid.of(Map.of("k", "1"), Map.of("k", "1:2")))
                .withMessage("k is given by --param and by --sweep; choose one");
    }

    @Test
    void aSlipOfTheKeyboardDoesNotFillTheMemory() {
        assertRefused("k", "1:1000000000").withMessageContaining("more than 10000000 values");
        assertRefused("k", "0:1:1e-300").withMessageContaining("more than 10000000 values");
        assertRefused("k", "1:1e999999999").withMessageContaining("is not a range");
        assertRefused("k", "1e-999999999:1").withMessageContaining("is not a range");
        assertThatExceptionOfType(InvalidRequestException.class)
                .isThrownBy(() -> ParameterGrid.of(Map.of(), Map.of("a", "1:10000", "b", "1:10000")))
                .withMessageContaining("more than 10000000 parameter sets");
    }

    @Test
    void millionsOfSetsTakeNoMemory() {
        Map<String, String> sweeps = new LinkedHashMap<>();
        sweeps.put("a", "1:1000000");
        sweeps.put("b", "x,y,z");
        ParameterGrid.of(Map.of(), sweeps); // what is loaded for it is not counted
        long before = allocatedBytes();

        ParameterSets grid = ParameterGrid.of(Map.of(), sweeps);

        assertThat(allocatedBytes() - before).isLessThan(64 << 10);
        assertThat(grid.sets()).hasSize(3_000_000);
        assertThat(grid.sets().getLast()).isEqualTo(Map.of("a", "1000000", "b", "z"));
    }

    private static long allocatedBytes() {
        return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
    }

    private static List<String> values(String range) {
        ParameterSets grid = ParameterGrid.of(Map.of(), Map.of("k", range));
        return IntStream.range(0, grid.sets().size())
                .mapToObj(i -> grid.sets().get(i).get("k"))
                .toList();
    }

    private static ThrowableAssertAlternative<InvalidRequestException> assertRefused(String name, String range) {
        return assertThatExceptionOfType(InvalidRequestException.class)
                .isThrownBy(() -> ParameterGrid.of(Map.of(), Map.of(name, range)));
    }
}
