package io.github.forkless.coordinator.machine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NumberSetTest {

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "0-3", "0,2", "0-1,8-11,63,128-130"})
    void whatTheKernelWritesReadsBack(String list) {
        assertThat(NumberSet.format(NumberSet.parse(list + "\n"))).isEqualTo(list);
    }
}
