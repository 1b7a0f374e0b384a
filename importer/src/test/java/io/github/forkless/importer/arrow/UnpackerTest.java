package io.github.forkless.importer.arrow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import io.github.forkless.common.dataset.arrow.ArrowException;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Random;
import net.jpountz.lz4.LZ4Factory;
import net.jpountz.lz4.LZ4FrameOutputStream;
import net.jpountz.lz4.LZ4FrameOutputStream.BLOCKSIZE;
import net.jpountz.lz4.LZ4FrameOutputStream.FLG.Bits;
import net.jpountz.xxhash.XXHashFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Frames whose blocks copy from those before are among the files of {@code ArrowImportTest}. */
class UnpackerTest {
    private static final byte[] MUCH = much(5 << 20);

    /** Runs, repetitions of many distances, and noise. */
    private static byte[] much(int length) {
        Random random = new Random(1);
        byte[] bytes = new byte[length];
        int at = 0;
        while (at < length) {
            int part = Math.min(random.nextInt(1, 5000), length - at);
            switch (random.nextInt(3)) {
                case 0 -> Arrays.fill(bytes, at, at + part, (byte) random.nextInt(4));
                case 1 -> {
                    int distance = Math.min(at, random.nextInt(1, 20));
                    for (int i = at; i < at + part; i++) {
                        bytes[i] = bytes[i - distance];
                    }
                }
                default -> {
                    for (int i = at; i < at + part; i++) {
                        bytes[i] = (byte) random.nextInt(random.nextInt(1, 256));
                    }
                }
            }
            at += part;
        }
        return bytes;
    }

    private static byte[] lz4(BLOCKSIZE size, Bits... bits) throws Exception {
        var bytes = new ByteArrayOutputStream();
        try (var out = new LZ4FrameOutputStream(
                bytes,
                size,
                MUCH.length,
                LZ4Factory.safeInstance().fastCompressor(),
                XXHashFactory.safeInstance().hash32(),
                bits)) {
            out.write(MUCH);
        }
        return bytes.toByteArray();
    }

    private static byte[] unpack(Unpacker unpacker, byte[] frame, long length) throws Exception {
        var bytes = new ByteArrayOutputStream();
        try (unpacker) {
            unpacker.unpack(MemorySegment.ofArray(frame), length, (part, _) -> {
                byte[] copy = new byte[part.remaining()];
                part.get(copy);
                bytes.writeBytes(copy);
            });
        }
        return bytes.toByteArray();
    }

    @ParameterizedTest
    @EnumSource(BLOCKSIZE.class)
    void framesWithBlocksOfAnySizeAndWithChecksums(BLOCKSIZE size) throws Exception {
        byte[] frame =
                lz4(size, Bits.BLOCK_INDEPENDENCE, Bits.BLOCK_CHECKSUM, Bits.CONTENT_CHECKSUM, Bits.CONTENT_SIZE);

        assertThat(unpack(new Lz4Frame(), frame, MUCH.length)).isEqualTo(MUCH);
        assertThat(unpack(new Lz4Frame(), lz4(size, Bits.BLOCK_INDEPENDENCE), MUCH.length))
                .isEqualTo(MUCH);
    }

    @Test
    void zstdFrames() throws Exception {
        assertThat(unpack(new ZstdFrame(), Zstd.compress(MUCH), MUCH.length)).isEqualTo(MUCH);
    }

    @Test
    void whatHasAnotherLengthOrChecksumIsRefused() throws Exception {
        byte[] lz4 = lz4(BLOCKSIZE.SIZE_64KB, Bits.BLOCK_INDEPENDENCE);
        byte[] zstd = Zstd.compress(MUCH);
        for (int difference : new int[] {-1, 1}) {
            refused(new Lz4Frame(), lz4, MUCH.length + difference, difference < 0 ? "more than" : "are missing");
            refused(new ZstdFrame(), zstd, MUCH.length + difference, difference < 0 ? "more than" : "are missing");
        }
        refused(new Lz4Frame(), Arrays.copyOf(lz4, lz4.length - 1), MUCH.length, "cut off");
        refused(new ZstdFrame(), Arrays.copyOf(zstd, zstd.length - 1), MUCH.length, "cut off");
        refused(new Lz4Frame(), new byte[20], 1, "begins otherwise");
        refused(new ZstdFrame(), new byte[20], 1, "damaged");
        byte[] checked = lz4(BLOCKSIZE.SIZE_64KB, Bits.BLOCK_INDEPENDENCE, Bits.CONTENT_CHECKSUM);
        checked[checked.length - 1]++;
        refused(new Lz4Frame(), checked, MUCH.length, "a checksum of ");
        checked[6]++;
        refused(new Lz4Frame(), checked, MUCH.length, "header has another checksum");
    }

    private static void refused(Unpacker unpacker, byte[] frame, long length, String why) {
        assertThatThrownBy(() -> unpack(unpacker, frame, length))
                .isInstanceOf(ArrowException.class)
                .hasMessageContaining(why);
    }
}
