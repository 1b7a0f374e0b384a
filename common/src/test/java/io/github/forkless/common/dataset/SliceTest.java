package io.github.forkless.common.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class SliceTest {
    @Test
    void itsLengthIsWhatIsBetween() {
        assertThat(new Slice(5, 5).length()).isZero();
        assertThat(new Slice(5, 5L << 32).length()).isEqualTo((5L << 32) - 5);
    }

    @Test
    void itNeitherBeginsBeforeTheDataNorEndsBeforeItBegins() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Slice(-1, 5))
                .withMessage("not a slice: from -1 to 5");
        assertThatIllegalArgumentException().isThrownBy(() -> new Slice(5, 4)).withMessage("not a slice: from 5 to 4");
    }
}
