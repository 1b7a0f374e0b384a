package io.github.forkless.common.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ProcessStatTest {
    private static final long TOUCHED = 64 << 20;

    @Test
    void fieldsCountFromBehindTheNameWhateverThatIs() {
        String stat = "4711 (a) R 1 (b)) S 1 2 3 4 5 6 10001 10002 10003 10004 11 12 13 14 15 16 17 18 778899 20 21\n";

        assertThat(ProcessStat.parse(stat.getBytes(StandardCharsets.ISO_8859_1)))
                .isEqualTo(new ProcessStat(10001, 10003, 11 + 12 + 13 + 14, 778899));
    }

    @Test
    void touchingPagesForTheFirstTimeCounts() throws Exception {
        ProcessStat before = ProcessStat.ofSelf();

        try (Arena arena = Arena.ofConfined()) {
            arena.allocate(TOUCHED, 4096).fill((byte) 1);
        }

        ProcessStat after = ProcessStat.ofSelf();
        // A page of 2 MiB at a time at the least.
        assertThat(after.minorFaults() - before.minorFaults()).isGreaterThanOrEqualTo(TOUCHED / (2 << 20));
        assertThat(after.startTicks()).isEqualTo(before.startTicks()).isPositive();
    }

    @Test
    void aProcessThatIsGoneIsNone() throws Exception {
        Process process = new ProcessBuilder("true").start();
        process.waitFor();

        assertThat(ProcessStat.of(process.pid())).isEqualTo(ProcessStat.NONE);
    }
}
