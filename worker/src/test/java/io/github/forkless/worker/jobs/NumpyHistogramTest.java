package io.github.forkless.worker.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.github.forkless.common.dataset.Block;
import io.github.forkless.common.dataset.ElementType;
import io.github.forkless.common.job.NextPass;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Edges and counts are those of numpy.histogram, to the last bit: {@code numpy_histogram.txt} has what that said. */
class NumpyHistogramTest {
    private static final int COUNT = 2000;

    @TempDir
    private Path folder;

    /** A line of the file. */
    record Case(ElementType type, int bins, Optional<String[]> range, long[] counts, double[] edges) {

        static Optional<Case> of(String line) {
            String[] parts = line.split(" \\| ");
            return ElementType.byLabel(parts[0])
                    .map(type -> new Case(
                            type,
                            Integer.parseInt(parts[1]),
                            parts[2].isEmpty() ? Optional.empty() : Optional.of(parts[2].split(" ")),
                            Arrays.stream(parts[3].split(" "))
                                    .mapToLong(Long::parseLong)
                                    .toArray(),
                            Arrays.stream(parts[4].split(" "))
                                    .mapToDouble(Double::parseDouble)
                                    .toArray()));
        }

        @Override
        public String toString() {
            return type.label() + ", " + bins + " bins, "
                    + range.map(Arrays::toString).orElse("the data's range");
        }
    }

    static Stream<Case> cases() {
        return resource("txt").lines().map(Case::of).flatMap(Optional::stream);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void edgesAndCountsAreNumpys(Case expected) {
        Block data = Passes.block(expected.type(), data(expected.type()));
        Histogram histogram = expected.range()
                .map(range -> new Histogram(expected.bins(), new BigDecimal(range[0]), new BigDecimal(range[1])))
                .orElseGet(() -> secondPass(expected.bins(), data));

        var result = (Histogram.Bins) Passes.once(histogram, data);

        assertThat(result.edges()).isEqualTo(expected.edges());
        assertThat(result.counts()).isEqualTo(expected.counts());
        assertThat(result.below()
                        + result.above()
                        + LongStream.of(result.counts()).sum())
                .isEqualTo(COUNT);
    }

    @Test
    void everyTypeIsAmongThem() {
        assertThat(cases().map(Case::type).collect(Collectors.toSet()))
                .containsAll(Stream.of(ElementType.values())
                        .filter(type -> type.isNumber() && type.readAs() == type)
                        .toList());
    }

    @Test
    void numpyStillSaysSo() throws Exception {
        Path script = Files.writeString(folder.resolve("numpy_histogram.py"), resource("py"));
        assumeThat(run("-c", "import numpy, sys; sys.exit(int(numpy.__version__.split('.')[0]) < 2)"))
                .as("whether histograms are NumPy's is not asked: there is no python3 with NumPy 2 on the PATH")
                .isPresent();

        assertThat(run(script.toString())).contains(resource("txt"));
    }

    private static Histogram secondPass(int bins, Block data) {
        var next = (NextPass) Passes.once(new Histogram(bins, null, null), data);
        return new Histogram(
                bins,
                new BigDecimal(next.parameters().get("low")),
                new BigDecimal(next.parameters().get("high")),
                Boolean.parseBoolean(next.parameters().get("found")));
    }

    /** The script has the same. */
    private static byte[] data(ElementType type) {
        var bytes = ByteBuffer.allocate(COUNT * type.width()).order(ByteOrder.LITTLE_ENDIAN);
        for (long i = 0; i < COUNT; i++) {
            long number = i * 7919 ^ i << 3;
            long other = i * 37 % 1999;
            double fraction = i % 2 == 0 ? (other - 500) * 0.1 : other / 7.0;
            switch (type) {
                case FLOAT32 -> bytes.putFloat((float) fraction);
                case FLOAT64 -> bytes.putDouble(fraction);
                default -> {
                    for (int k = 0; k < type.width(); k++) {
                        bytes.put((byte) (number >> 8 * k));
                    }
                }
            }
        }
        return bytes.array();
    }

    /** What a Python program prints; empty if it fails or there is no Python. */
    private static Optional<String> run(String... arguments) throws InterruptedException {
        try {
            Process python = new ProcessBuilder(Stream.concat(Stream.of("python3"), Stream.of(arguments))
                            .toList())
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String output = new String(python.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return python.waitFor() == 0 ? Optional.of(output) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static String resource(String extension) {
        try (InputStream in = NumpyHistogramTest.class.getResourceAsStream("/numpy_histogram." + extension)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
