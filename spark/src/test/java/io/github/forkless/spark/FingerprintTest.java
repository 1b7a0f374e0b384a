package io.github.forkless.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FingerprintTest {
    private static final int BLOCKS = 8;

    @TempDir
    Path folder;

    private Fingerprint of(byte[] bytes) throws IOException {
        Path file = Files.write(folder.resolve("data"), bytes);
        return Fingerprint.of(file, bytes.length, BLOCKS);
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(7).nextBytes(bytes);
        return bytes;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4095, 4096, 4097, 32_768, 100_003})
    void equalFilesHaveEqualFingerprints(int length) throws IOException {
        assertThat(of(random(length))).isEqualTo(of(random(length)));
    }

    @Test
    void eachByteOfASmallFileCounts() throws IOException {
        byte[] bytes = random(BLOCKS * Fingerprint.BLOCK_BYTES);
        Fingerprint original = of(bytes);
        for (int at = 0; at < bytes.length; at += 1021) {
            bytes[at]++;
            assertThat(of(bytes)).as("byte %d changed", at).isNotEqualTo(original);
            bytes[at]--;
        }
    }

    @Test
    void theFirstAndTheLastByteOfALargeFileCount() throws IOException {
        byte[] bytes = random(1 << 20);
        Fingerprint original = of(bytes);
        bytes[0]++;
        assertThat(of(bytes)).isNotEqualTo(original);
        bytes[0]--;
        bytes[bytes.length - 1]++;
        assertThat(of(bytes)).isNotEqualTo(original);
    }

    @Test
    void whatATextHasGrownByDoesNotCount() throws IOException {
        byte[] bytes = random(50_000);
        Fingerprint before = of(bytes);
        byte[] longer = java.util.Arrays.copyOf(bytes, 60_000);
        Path file = Files.write(folder.resolve("grown"), longer);
        assertThat(Fingerprint.of(file, bytes.length, BLOCKS)).isEqualTo(before);
    }
}
