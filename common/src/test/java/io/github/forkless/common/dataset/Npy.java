package io.github.forkless.common.dataset;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** {@code .npy} files for tests: the ones NumPy wrote, and ones written by hand to be wrong. */
final class Npy {
    private Npy() {}

    /** One of the files under {@code src/test/resources/npy}. */
    static byte[] golden(String name) {
        try (InputStream in = Npy.class.getResourceAsStream("/npy/" + name + ".npy")) {
            if (in == null) {
                throw new AssertionError("no golden file " + name);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** A version 1.0 file with this header, and as many zeros behind it. */
    static byte[] withHeader(String header, int dataBytes) {
        return withHeader(1, header.getBytes(StandardCharsets.ISO_8859_1), dataBytes);
    }

    static byte[] withHeader(int version, byte[] header, int dataBytes) {
        int lengthBytes = version == 1 ? 2 : 4;
        ByteBuffer length =
                ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(header.length);
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        file.writeBytes(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', (byte) version, 0});
        file.write(length.array(), 0, lengthBytes);
        file.writeBytes(header);
        file.writeBytes(new byte[dataBytes]);
        return file.toByteArray();
    }

    static String header(String descr, String fortranOrder, String shape) {
        return "{'descr': %s, 'fortran_order': %s, 'shape': %s, }\n".formatted(descr, fortranOrder, shape);
    }
}
