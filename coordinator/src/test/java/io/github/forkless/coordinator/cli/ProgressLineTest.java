package io.github.forkless.coordinator.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.forkless.coordinator.Recording.Totals;
import org.junit.jupiter.api.Test;

class ProgressLineTest {
    private static final long GIB = 1L << 30;
    private static final Totals HALF_WAY =
            new Totals(1, 80, 41, 1, 0, 1, 2 * GIB, 0, 4 * GIB, 2 * GIB, 3, 1_000_000_000);

    @Test
    void saysHowFarHowFastAndHowLong() {
        assertThat(ProgressLine.of(HALF_WAY, 4, 200))
                .isEqualTo("50 %  [############------------]  2.00 of 4.00 GiB  2.15 GB/s  0:01 left  3 of 4 workers  1"
                        + " retry");
    }

    @Test
    void saysThatItStarts() {
        assertThat(ProgressLine.of(new Totals(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0), 2, 80))
                .isEqualTo("starting  2 workers");
    }

    @Test
    void whatAJournalHadIsDoneButWasNotRead() {
        var resumed = new Totals(1, 80, 1, 0, 40, 0, GIB, 2 * GIB, 4 * GIB, 3 * GIB, 1, 2_000_000_000);

        assertThat(ProgressLine.of(resumed, 1, 200)).contains("75 %", "0.54 GB/s", "0:02 left");
    }

    @Test
    void saysLessWhereThereIsLessRoom() {
        assertThat(ProgressLine.of(HALF_WAY, 4, 60)).isEqualTo("50 %  2.00 of 4.00 GiB  2.15 GB/s  0:01 left  1 retry");
        assertThat(ProgressLine.of(HALF_WAY, 4, 30)).isEqualTo("50 %  0:01 left  1 retry");
        assertThat(ProgressLine.of(HALF_WAY, 4, 4)).isEqualTo("50 %");
        for (int width = 0; width < 120; width++) {
            assertThat(ProgressLine.of(HALF_WAY, 4, width).length()).isLessThanOrEqualTo(width);
        }
    }
}
