package io.github.forkless.coordinator.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.forkless.common.value.RecordValue;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ParameterSetsTest {

    @Test
    void aParameterIsNamed() {
        ParameterSets sets = ParameterSets.ofParameters(Arrays.asList(7, null, List.of("a", 1)));

        assertThat(sets.isSweep()).isTrue();
        assertThat(sets.sets())
                .containsExactly(
                        Map.of("parameter", "7"), Map.of("parameter", "none"), Map.of("parameter", "[\"a\",1]"));
    }

    @Test
    void componentsOfRecordsHaveNames() {
        var one = new RecordValue("Windows", Map.of("fast", 5));

        assertThat(ParameterSets.ofParameters(List.of(one)).sets()).containsExactly(Map.of("fast", "5"));
        assertThat(ParameterSets.ofParameters(List.of(one, "none")).sets())
                .containsExactly(Map.of("parameter", "{\"fast\":5}"), Map.of("parameter", "none"));
    }

    @Test
    void thereMayBeNone() {
        assertThat(ParameterSets.ofParameters(List.of()).sets()).isEmpty();
    }
}
