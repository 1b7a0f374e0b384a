package io.github.forkless.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.forkless.coordinator.result.InvalidRequestException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunOptionsTest {
    @Test
    void thereMayBeAMillionTasks() {
        assertThat(RunOptions.defaults().withTasks(1 << 20).tasks).hasValue(1 << 20);
    }

    /** It would not have as many. */
    @ParameterizedTest
    @ValueSource(ints = {0, -1, (1 << 20) + 1, Integer.MAX_VALUE})
    void otherNumbersOfTasksAreRefused(int tasks) {
        assertThatExceptionOfType(InvalidRequestException.class)
                .isThrownBy(() -> RunOptions.defaults().withTasks(tasks))
                .withMessage("a run needs from 1 to 1048576 tasks, not " + tasks);
    }
}
