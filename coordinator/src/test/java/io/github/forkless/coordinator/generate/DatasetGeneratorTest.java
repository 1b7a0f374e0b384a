package io.github.forkless.coordinator.generate;

import static io.github.forkless.common.dataset.ElementType.FLOAT32;
import static io.github.forkless.common.dataset.ElementType.FLOAT64;
import static io.github.forkless.common.dataset.ElementType.INT16;
import static io.github.forkless.common.dataset.ElementType.INT32;
import static io.github.forkless.common.dataset.ElementType.INT64;
import static io.github.forkless.common.dataset.ElementType.INT8;
import static io.github.forkless.common.dataset.ElementType.TEXT;
import static io.github.forkless.common.dataset.ElementType.UINT8;
import static io.github.forkless.coordinator.generate.Distribution.CONSTANT;
import static io.github.forkless.coordinator.generate.Distribution.NORMAL;
import static io.github.forkless.coordinator.generate.Distribution.SEQUENCE;
import static io.github.forkless.coordinator.generate.Distribution.UNIFORM;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.github.forkless.common.dataset.ElementType;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.SplittableRandom;
import java.util.function.LongToDoubleFunction;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class DatasetGeneratorTest {
    @TempDir
    private Path dir;

    /** Of 1,000 elements with seed 42. These do not change: people compare answers over generated files. */
    @ParameterizedTest
    @CsvSource({
        "int8, uniform, 9478da224d93883893008c657d547a0a4f40ed3244d0f1cc527e2ee281d03f44",
        "int8, normal, 447df5a34be47e1691115d71625b9b57adf636c1afa0deec1c5993bc6d4fab00",
        "int8, sequence, a8af099bf2e878609558dbf69d8f88f4a31040a8cf84b549a0cfa912f12ffc3f",
        "int8, constant, 353c38352a855c80f4ecb0793a76493228541b5fab5ef7af26effac91e77ec46",
        "uint8, uniform, 9478da224d93883893008c657d547a0a4f40ed3244d0f1cc527e2ee281d03f44",
        "uint8, normal, a5b4408f15a3b0008542e2b5ab75f94496e147f9f18a64d1a617f50bbfa710c1",
        "uint8, sequence, a8af099bf2e878609558dbf69d8f88f4a31040a8cf84b549a0cfa912f12ffc3f",
        "uint8, constant, 353c38352a855c80f4ecb0793a76493228541b5fab5ef7af26effac91e77ec46",
        "int16, uniform, 3ab5f23b40f59cdf6e21a3dc061b3e4c9bbc50b5462de086b5182c781527e594",
        "int16, normal, 085fc7ca5c06e10123ed7718569a5711e4904f67f29c283130249d9f11e28ff4",
        "int16, sequence, 0773fcd62502a801f21324d7e491116d77971b2edc73a6df1ac28693299d3829",
        "int16, constant, 0feb47d98f016239ae6a849bbc96a5f43ce6f4ff6370ff93b4ad2ce8c68fff93",
        "int32, uniform, e19969e979ccbb1ea5946bdb865ef8f8b61278b700fb7b716027d02e359def20",
        "int32, normal, 2cd63a85de79a1b9fcb1de2870905352e23830f578f4860f5fc3ddccb6b79a66",
        "int32, sequence, 550625f47dc1b7d1d5bda267bc6e2baeeb0e700033b325e5d53ccd66267dd74e",
        "int32, constant, ef2d9ea73cb0231d38dca545d371d5df089b08b23138859f4776eed870f76912",
        "int64, uniform, 1647dd30713a0c2d5758a74e804a445d91420baec1e9e70690439d3944f15e44",
        "int64, normal, 61fa373ea75b9478788b45eeef6f806c1cf2122c991427258c770d5a897c255a",
        "int64, sequence, 702746827e553786bb026ac120cb58745fef3d3f554c33891809001cc37639f0",
        "int64, constant, 57df658ee4a5eac72e752b3445aaeddc8d6b2cba3751fe53bea4b1a037f6def8",
        "float32, uniform, eec4f0dffebbf9c9788f8e4ca38a254b692ead1d3106d7a7de114c476a6f2c3e",
        "float32, normal, 106784e132f7f109d983a3af715329f8f9156a51fc74b77a99ac85a0720801c9",
        "float32, sequence, 55fa639ca9827820a5cd6c2bf06dc59187de06204ecb954ca3824ce3e248de93",
        "float32, constant, 9e504c05d5c0da9e17f53535dd25045c6b2ed03f54a9b32ecd2ddb6bef1b1acf",
        "float64, uniform, bbf9cac22f27371b6b3d1add8d511c632d75f68e6aee70b64498886ff5190798",
        "float64, normal, c316ebe9a8ea858814c1347236d30cb17691170f5e7e94439a4de5125e530e37",
        "float64, sequence, 9157058038a1c22be0bcbbd5f835bf299e8598e2e5239a4847be42a27516847a",
        "float64, constant, e4190bf93e24bcf8e8861a8901d31a4f22c435c951faa399ade31357df139aec",
        "uint16, uniform, 3ab5f23b40f59cdf6e21a3dc061b3e4c9bbc50b5462de086b5182c781527e594",
        "uint16, normal, 28fe444a7b22c0b6d4ad5dbb43d009a5cf48f685d3bfef420dd4b075f995d0e0",
        "uint16, sequence, 0773fcd62502a801f21324d7e491116d77971b2edc73a6df1ac28693299d3829",
        "uint16, constant, 0feb47d98f016239ae6a849bbc96a5f43ce6f4ff6370ff93b4ad2ce8c68fff93",
        "uint32, uniform, e19969e979ccbb1ea5946bdb865ef8f8b61278b700fb7b716027d02e359def20",
        "uint32, normal, bd54fa758c23571565de5eabbde598a60d0e4a7d4fcd65ba95ebe3f3a708ba8d",
        "uint32, sequence, 550625f47dc1b7d1d5bda267bc6e2baeeb0e700033b325e5d53ccd66267dd74e",
        "uint32, constant, ef2d9ea73cb0231d38dca545d371d5df089b08b23138859f4776eed870f76912",
        "uint64, uniform, 2d2fdf38647377931f2120ca1f1ba2dbef740930c0682605c81e7759453e349e",
        "uint64, normal, 3cda9a6507df03afcc8777cb9202050995231dd5ebf66210008806d6be91bf9b",
        "uint64, sequence, 702746827e553786bb026ac120cb58745fef3d3f554c33891809001cc37639f0",
        "uint64, constant, 57df658ee4a5eac72e752b3445aaeddc8d6b2cba3751fe53bea4b1a037f6def8",
        "float16, uniform, efc621c72faa1d454e16bce997c3c8c1561c3a577e7cdfdb26639fe9287ac681",
        "float16, normal, 939264ae94721087436ed94fc346808f1e6de057eddbdefe9ce972e52746cc6d",
        "float16, sequence, 69902e3b403c1d3342e6b61b9b9b6a017f595138ca52a47ea659257b5b3764e4",
        "float16, constant, 58d869fcd5c869782ace0166e2bbbdaf1cb6a999c4091058f98c1e9149ffada4",
    })
    void givesTheBytesItAlwaysGave(String type, String distribution, String sha256) throws Exception {
        var spec = new GenerateSpec(
                1000,
                ElementType.byLabel(type).orElseThrow(),
                Distribution.byLabel(distribution).orElseThrow(),
                42);

        assertThat(sha256(generate(spec, 1))).isEqualTo(sha256);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 7})
    void givesTheSameBytesForAnyNumberOfThreads(int threads) throws Exception {
        // Neither a whole number of pieces nor, as integers of one byte, of words.
        for (var spec : new GenerateSpec[] {
            new GenerateSpec(9_000_003, INT8, UNIFORM, -7), new GenerateSpec(2_000_003, FLOAT64, NORMAL, -7),
        }) {
            assertThat(sha256(generate(spec, threads))).isEqualTo(sha256(generate(spec, 1)));
        }
    }

    @Test
    void givesOtherBytesForAnotherSeed() throws Exception {
        assertThat(generate(new GenerateSpec(1000, INT32, UNIFORM, 1), 1))
                .isNotEqualTo(generate(new GenerateSpec(1000, INT32, UNIFORM, 2), 1));
    }

    @ParameterizedTest
    @EnumSource(
            value = ElementType.class,
            names = {"UINT64", "FLOAT16", "FLOAT32", "FLOAT64", "TEXT", "RECORDS", "TABLE"},
            mode = EnumSource.Mode.EXCLUDE)
    void cutsTheWordsOfSplittableRandomIntoUniformIntegers(ElementType type) throws Exception {
        var words = new SplittableRandom(5);
        var expected = ByteBuffer.allocate(1600).order(ByteOrder.LITTLE_ENDIAN);
        while (expected.hasRemaining()) {
            expected.putLong(words.nextLong());
        }

        assertThat(generate(new GenerateSpec(1600 / type.width(), type, UNIFORM, 5), 1))
                .isEqualTo(expected.array());
    }

    @Test
    void endsInTheMiddleOfAWord() throws Exception {
        byte[] whole = generate(new GenerateSpec(8, UINT8, UNIFORM, 5), 1);

        for (int count = 0; count < 8; count++) {
            assertThat(generate(new GenerateSpec(count, UINT8, UNIFORM, 5), 1)).isEqualTo(head(whole, count));
        }
    }

    @Test
    void takesUniformDoublesFromSplittableRandom() throws Exception {
        var random = new SplittableRandom(5);

        assertThat(doubles(generate(new GenerateSpec(1000, FLOAT64, UNIFORM, 5), 1)))
                .isEqualTo(random.doubles(1000).toArray());
    }

    @Test
    void uniformFloatsAreInTheHalfOpenUnitInterval() throws Exception {
        var floats = little(generate(new GenerateSpec(1_000_000, FLOAT32, UNIFORM, 5), 2))
                .asFloatBuffer();

        LongToDoubleFunction element = i -> floats.get((int) i);
        assertThat(mean(1_000_000, element)).isCloseTo(0.5, within(0.002));
        assertThat(LongStream.range(0, 1_000_000).mapToDouble(element)).allMatch(x -> x >= 0 && x < 1);
    }

    @Test
    void normalDoublesFollowTheBellCurve() throws Exception {
        int count = 4_000_000;
        double[] x = doubles(generate(new GenerateSpec(count, FLOAT64, NORMAL, 1), 2));

        // Four standard errors of each: these are fixed numbers, so that the test passes always or never.
        assertThat(mean(count, i -> x[(int) i])).isCloseTo(0, within(0.002));
        assertThat(mean(count, i -> Math.pow(x[(int) i], 2))).isCloseTo(1, within(0.003));
        assertThat(mean(count, i -> Math.pow(x[(int) i], 3))).isCloseTo(0, within(0.008));
        assertThat(mean(count, i -> Math.pow(x[(int) i], 4))).isCloseTo(3, within(0.02));
        assertThat(share(x, 0.25)).isCloseTo(0.197413, within(0.0008));
        assertThat(share(x, 1)).isCloseTo(0.682689, within(0.0010));
        assertThat(share(x, 2)).isCloseTo(0.954500, within(0.0005));
        assertThat(share(x, 3)).isCloseTo(0.997300, within(0.0002));
        // Beyond the base layer of the ziggurat, on both sides.
        assertThat(1 - share(x, 3.6541528853610088)).isCloseTo(0.000258, within(0.00004));
        assertThat(mean(count, i -> x[(int) i] > 3.6541528853610088 ? 1 : 0)).isCloseTo(0.000129, within(0.00003));
    }

    @Test
    void normalIntegersHaveTheStatedMeanAndDeviation() throws Exception {
        int count = 1_000_000;
        byte[] unsigned = generate(new GenerateSpec(count, UINT8, NORMAL, 3), 2);
        var ints =
                little(generate(new GenerateSpec(count, INT32, NORMAL, 3), 2)).asIntBuffer();
        var longs =
                little(generate(new GenerateSpec(count, INT64, NORMAL, 3), 2)).asLongBuffer();

        assertBell(count, i -> Byte.toUnsignedInt(unsigned[(int) i]), 128, 16);
        assertBell(count, i -> ints.get((int) i), 0, 1 << 28);
        assertBell(count, i -> longs.get((int) i), 0, 1L << 60);
    }

    private static void assertBell(int count, LongToDoubleFunction element, double mean, double deviation) {
        assertThat(mean(count, element)).isCloseTo(mean, within(0.01 * deviation));
        assertThat(Math.sqrt(mean(count, i -> Math.pow(element.applyAsDouble(i) - mean, 2))))
                .isCloseTo(deviation, within(0.01 * deviation));
    }

    @Test
    void sequencesCountAndWrap() throws Exception {
        byte[] bytes = generate(new GenerateSpec(600, UINT8, SEQUENCE, 0), 1);
        var shorts = little(generate(new GenerateSpec(70_000, INT16, SEQUENCE, 0), 1))
                .asShortBuffer();

        assertThat(bytes[255]).isEqualTo((byte) 255);
        assertThat(bytes[256]).isZero();
        assertThat(shorts.get(32_767)).isEqualTo((short) 32_767);
        assertThat(shorts.get(32_768)).isEqualTo((short) -32_768);
        assertThat(doubles(generate(new GenerateSpec(3, FLOAT64, SEQUENCE, 0), 1)))
                .containsExactly(0, 1, 2);
    }

    @Test
    void constantIsOne() throws Exception {
        assertThat(generate(new GenerateSpec(3, INT16, CONSTANT, 9), 1)).containsExactly(1, 0, 1, 0, 1, 0);
        assertThat(doubles(generate(new GenerateSpec(2, FLOAT64, CONSTANT, 9), 1)))
                .containsExactly(1, 1);
    }

    @Test
    void countsPastFourGiBElements() {
        long offset = 5L << 30;
        long first = (5L << 30) / 8;
        byte[] piece = new byte[64];

        DatasetGenerator.filler(new GenerateSpec(6L << 30, INT8, SEQUENCE, 1))
                .fill(MemorySegment.ofArray(piece), offset + 3);
        assertThat(piece).startsWith(3, 4, 5);

        DatasetGenerator.filler(new GenerateSpec(1L << 30, FLOAT64, SEQUENCE, 1))
                .fill(MemorySegment.ofArray(piece), offset);
        assertThat(doubles(piece)).startsWith(first, first + 1);

        DatasetGenerator.filler(new GenerateSpec(2L << 30, INT32, UNIFORM, 1))
                .fill(MemorySegment.ofArray(piece), offset);
        // The state of SplittableRandom after `first` calls.
        var words = new SplittableRandom(1 + first * RandomWords.GAMMA);
        assertThat(little(piece).getLong(0)).isEqualTo(words.nextLong());
        assertThat(little(piece).getLong(8)).isEqualTo(words.nextLong());

        assertThat(new GenerateSpec(5L << 30, INT32, UNIFORM, 1).bytes()).isEqualTo(20L << 30);
    }

    @Test
    void refusesWhatCannotBeGenerated() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new GenerateSpec(1, TEXT, UNIFORM, 1))
                .withMessageContaining("text is not generated");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new GenerateSpec(-1, INT8, UNIFORM, 1))
                .withMessageContaining("-1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new GenerateSpec(1L << 61, INT32, UNIFORM, 1))
                .withMessageContaining("2305843009213693952 elements");
    }

    @Test
    void knowsDistributionsByTheirLabels() {
        assertThat(Distribution.byLabel("normal")).contains(NORMAL);
        assertThat(Distribution.byLabel("gauss")).isEmpty();
        assertThat(Distribution.labels()).isEqualTo("uniform, normal, sequence, constant");
    }

    private byte[] generate(GenerateSpec spec, int threads) throws Exception {
        Path file = dir.resolve("data.bin");
        DatasetGenerator.generate(file, spec, Existing.REPLACED, threads);
        return Files.readAllBytes(file);
    }

    private static double mean(int count, LongToDoubleFunction element) {
        return LongStream.range(0, count).mapToDouble(element).average().orElseThrow();
    }

    private static double share(double[] x, double limit) {
        return mean(x.length, i -> Math.abs(x[(int) i]) < limit ? 1 : 0);
    }

    private static ByteBuffer little(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static double[] doubles(byte[] bytes) {
        double[] doubles = new double[bytes.length / 8];
        little(bytes).asDoubleBuffer().get(doubles);
        return doubles;
    }

    private static byte[] head(byte[] bytes, int length) {
        return Arrays.copyOf(bytes, length);
    }

    private static String sha256(byte[] bytes) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }
}
