package io.github.forkless.coordinator.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.forkless.coordinator.result.Recording.Totals;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProgressLineTest {
    private static final long GIB = 1L << 30;
    private static final Totals HALF_WAY =
            new Totals(1, 80, 41, 1, 0, 1, 2 * GIB, 0, 4 * GIB, 2 * GIB, 3, 0, 1_000_000_000);

    /** The first line that is drawn. */
    private static String line(Totals totals, int procs, String name, int width) throws InterruptedException {
        BlockingQueue<String> lines = new LinkedBlockingQueue<>();
        try (ProgressBar _ = ProgressLine.start(() -> totals, procs, name, 60_000, new ProgressBarConsumer() {
            @Override
            public int getMaxRenderedLength() {
                return width;
            }

            @Override
            public void accept(String line) {
                lines.add(line);
            }

            @Override
            public void close() {}
        })) {
            return lines.take();
        }
    }

    @Test
    void saysHowFarHowFastAndHowLong() throws Exception {
        assertThat(line(HALF_WAY, 4, "coordinator:", 120))
                .isEqualTo(
                        "coordinator:  50% [=========>        ] 2.00 of 4.00 GiB in 0:00:01, 0:00:01 left, 2.15 GB/s,"
                                + " 3 of 4 workers, 1 retry");
    }

    @Test
    void saysThatItStarts() throws Exception {
        assertThat(line(new Totals(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0), 2, "", 80))
                .isEqualTo("starting, 2 workers");
    }

    @Test
    void saysOnHowManyHosts() throws Exception {
        var onHosts = new Totals(1, 80, 41, 0, 0, 0, 2 * GIB, 0, 4 * GIB, 2 * GIB, 4, 2, 1_000_000_000);

        assertThat(line(onHosts, 4, "", 120)).endsWith(", 4 workers on 2 hosts");
    }

    @Test
    void whatAJournalHadIsDoneButWasNotRead() throws Exception {
        var resumed = new Totals(1, 80, 1, 0, 40, 0, GIB, 2 * GIB, 4 * GIB, 3 * GIB, 1, 0, 2_000_000_000);

        assertThat(line(resumed, 1, "", 120)).contains("75%", " 537 MB/s", "0:00:02 left");
    }

    @Test
    void aSecondPassIsCalledThat() throws Exception {
        var second = new Totals(2, 160, 100, 0, 0, 0, 5 * GIB, 0, 4 * GIB, GIB, 4, 0, 2_000_000_000);

        assertThat(line(second, 4, "", 120)).contains("pass 2,  25% [").contains("1.00 of 4.00 GiB");
    }

    @Test
    void saysLessWhereThereIsLessRoom() throws Exception {
        assertThat(line(HALF_WAY, 4, "", 79))
                .isEqualTo(" 50% [===>  ] 2.00 of 4.00 GiB in 0:00:01, 0:00:01 left, 2.15 GB/s, 1 retry");
        assertThat(line(HALF_WAY, 4, "", 39)).isEqualTo(" 50% [===>  ] 0:00:01 left, 1 retry");
        assertThat(line(HALF_WAY, 4, "", 30)).isEqualTo("50%, 0:00:01 left, 1 retry");
        assertThat(line(HALF_WAY, 4, "", 3)).isEqualTo("50%");
        for (int width = 0; width < 130; width++) {
            assertThat(line(HALF_WAY, 4, "", width).length()).isLessThanOrEqualTo(width);
        }
    }

    @Test
    void slowRunsHaveASmallerUnit() throws Exception {
        assertThat(line(after(GIB / 4, 10), 1, "", 79)).contains(", 26.8 MB/s");
        assertThat(line(after(GIB / 4, 1000), 1, "", 79)).contains(",  268 kB/s");
    }

    @ParameterizedTest
    @ValueSource(ints = {39, 79, 119, 199})
    void nothingMovesWhileDigitsGrow(int width) throws Exception {
        String first = line(after(0, 0), 1, "", width);
        for (int seconds = 1; seconds < 1_000_000; seconds *= 10) {
            for (long bytes = 1000; bytes <= 20 * GIB; bytes *= 20) {
                String line = line(after(bytes, seconds), 1, "", width);

                assertThat(line).hasSameSizeAs(first);
                for (String mark : List.of("% [", "] ", "left", "B/s", "worker")) {
                    assertThat(line.indexOf(mark)).as(mark + " in " + line).isEqualTo(first.indexOf(mark));
                }
            }
        }
    }

    /** A run over 20 GiB. */
    private static Totals after(long bytes, int seconds) {
        return new Totals(1, 80, 41, 0, 0, 0, bytes, 0, 20 * GIB, bytes, 1, 0, seconds * 1_000_000_000L);
    }
}
