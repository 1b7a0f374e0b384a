package io.github.forkless.worker.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.forkless.common.dataset.Block;
import io.github.forkless.common.dataset.ElementType;
import io.github.forkless.common.job.NextPass;
import io.github.forkless.testing.Thorough;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

class HistogramTest {

    @ParameterizedTest
    @EnumSource(
            mode = Mode.EXCLUDE,
            names = {"UINT16", "UINT32", "UINT64", "FLOAT16", "TEXT", "RECORDS", "TABLE"})
    void everyElementIsWhereAComparisonWithEveryEdgePutsIt(ElementType type) {
        byte[] data = new byte[8 * Thorough.or(250, 100)];
        new SplittableRandom(1).nextBytes(data);
        Block whole = Passes.block(type, data);
        for (String[] range :
                new String[][] {{"-100", "100"}, {"0", "255"}, {"-3", "4"}, {"-1e18", "1e18"}, {"0.5", "0.7"}}) {
            for (int bins : new int[] {1, 2, 7, 10, 256, 1000}) {
                check(whole, bins, new BigDecimal(range[0]), new BigDecimal(range[1]));
            }
        }
    }

    private static void check(Block whole, int bins, BigDecimal low, BigDecimal high) {
        var result = (Histogram.Bins) Passes.once(new Histogram(bins, low, high), whole);
        double[] edges = result.edges();
        assertThat(edges).hasSize(bins + 1);
        long[] counts = new long[bins];
        long below = 0;
        long above = 0;
        long nan = 0;
        for (long i = 0; i < whole.count(); i++) {
            double number = whole.numberAt(i);
            if (Double.isNaN(number)) {
                nan++;
                continue;
            }
            if (Double.isInfinite(number)) {
                below += number < 0 ? 1 : 0;
                above += number > 0 ? 1 : 0;
                continue;
            }
            BigDecimal x = whole.type().isFloating() ? new BigDecimal(number) : BigDecimal.valueOf(whole.integerAt(i));
            if (x.compareTo(new BigDecimal(edges[0])) < 0) {
                below++;
            } else if (x.compareTo(new BigDecimal(edges[bins])) > 0) {
                above++;
            } else {
                int bin = 0;
                while (bin < bins - 1 && x.compareTo(new BigDecimal(edges[bin + 1])) >= 0) {
                    bin++;
                }
                counts[bin]++;
            }
        }
        assertThat(result.counts()).isEqualTo(counts);
        assertThat(result).extracting("below", "above", "nan").containsExactly(below, above, nan);
    }

    /** numpy.histogram([1, 2, 1, 4, 5, 3, 3, 8], bins=4): counts [3, 3, 1, 1], edges [1, 2.75, 4.5, 6.25, 8]. */
    @Test
    void theRangeIsFoundInAFirstPass() {
        Block whole = Passes.block(ElementType.INT8, new byte[] {1, 2, 1, 4, 5, 3, 3, 8});
        var first = (NextPass) Passes.once(new Histogram(4, null, null), whole);
        assertThat(first).isEqualTo(new NextPass(Map.of("low", "1", "high", "8", "found", "true")));
        var result = (Histogram.Bins) Passes.once(new Histogram(4, BigDecimal.ONE, new BigDecimal(8)), whole);
        assertThat(result.counts()).containsExactly(3, 3, 1, 1);
        assertThat(result.edges()).containsExactly(1, 2.75, 4.5, 6.25, 8);
    }

    @Test
    void theRangeOfFloatsIsOfTheFiniteOnesAndExact() {
        var data = ByteBuffer.allocate(40).order(ByteOrder.LITTLE_ENDIAN);
        data.putDouble(0.1)
                .putDouble(Double.NaN)
                .putDouble(Double.POSITIVE_INFINITY)
                .putDouble(-0.3)
                .putDouble(0.3);
        Block whole = Passes.block(ElementType.FLOAT64, data.array());
        var next = (NextPass) Passes.once(new Histogram(2, null, null), whole);
        var second = new Histogram(
                2,
                new BigDecimal(next.parameters().get("low")),
                new BigDecimal(next.parameters().get("high")));
        var result = (Histogram.Bins) Passes.once(second, whole);
        assertThat(result.edges()).containsExactly(-0.3, 0.0, 0.3);
        assertThat(result.counts()).containsExactly(1, 2);
        assertThat(result).extracting("below", "above", "nan").containsExactly(0L, 1L, 1L);
    }

    @Test
    void aRangeOfNoWidthIsWidenedAsNumpyDoes() {
        Block whole = Passes.block(ElementType.INT8, new byte[] {3, 3, 4});
        var result = (Histogram.Bins) Passes.once(new Histogram(2, new BigDecimal(3), new BigDecimal(3)), whole);
        assertThat(result.edges()).containsExactly(2.5, 3, 3.5);
        assertThat(result.counts()).containsExactly(0, 2);
        assertThat(result.above()).isEqualTo(1);
    }

    @Test
    void noElementAtAll() {
        Block none = Passes.block(ElementType.FLOAT32, new byte[0]);
        assertThat(Passes.once(new Histogram(2, null, null), none))
                .isEqualTo(new NextPass(Map.of("low", "0", "high", "1", "found", "false")));
        var histogram = new Histogram(2, BigDecimal.ZERO, BigDecimal.ONE);
        assertThat(((Histogram.Bins) histogram.finish(histogram.start())).edges())
                .containsExactly(0, 0.5, 1);
    }

    @Test
    void boundsBeyondTheElements() {
        Block whole = Passes.block(ElementType.INT8, new byte[] {-128, 0, 127});
        var above =
                (Histogram.Bins) Passes.once(new Histogram(1, new BigDecimal("1e300"), new BigDecimal("2e300")), whole);
        assertThat(above.below()).isEqualTo(3);
        var below = (Histogram.Bins)
                Passes.once(new Histogram(1, new BigDecimal("-2e300"), new BigDecimal("-1e300")), whole);
        assertThat(below.above()).isEqualTo(3);
        var all = (Histogram.Bins)
                Passes.once(new Histogram(2, new BigDecimal("-1e308"), new BigDecimal("1.7e308")), whole);
        assertThat(all.counts()).containsExactly(3, 0);
        assertThat(Passes.once(new Histogram(2, new BigDecimal(1000), null), whole))
                .isEqualTo(new NextPass(Map.of("low", "1000", "high", "1001", "found", "false")));
    }

    @Test
    void refusesWhatIsNoRange() {
        assertThatThrownBy(() -> new Histogram(0, null, null)).hasMessage("bins=0; it must be from 1 to 10000000");
        assertThatThrownBy(() -> new Histogram(1, BigDecimal.TWO, BigDecimal.ONE))
                .hasMessage("low=2 is more than high=1");
        assertThatThrownBy(() -> new Histogram(1, null, new BigDecimal("1e999")))
                .hasMessage("low and high must be finite as doubles");
    }
}
