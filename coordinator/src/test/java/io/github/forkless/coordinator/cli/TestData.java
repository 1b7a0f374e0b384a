package io.github.forkless.coordinator.cli;

import io.github.forkless.common.dataset.ElementType;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Datasets, and what the jobs should say about them, worked out the slow and obvious way. */
final class TestData {

    /** Random elements, over the whole range of an integer type, and over many magnitudes of a float type. */
    static byte[] random(ElementType type, int count, long seed) {
        var random = new Random(seed);
        var bytes = ByteBuffer.allocate(count * type.width()).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < count; i++) {
            switch (type) {
                case INT8, UINT8 -> bytes.put((byte) random.nextInt());
                case INT16, UINT16 -> bytes.putShort((short) random.nextInt());
                case INT32, UINT32 -> bytes.putInt(random.nextInt());
                case INT64 -> bytes.putLong(random.nextLong());
                case UINT64 -> bytes.putLong(random.nextLong() >>> 1);
                case FLOAT16 ->
                    bytes.putShort(
                            Float.floatToFloat16((float) Math.scalb(random.nextGaussian(), random.nextInt(-20, 10))));
                case FLOAT32 -> bytes.putFloat((float) Math.scalb(random.nextGaussian(), random.nextInt(-30, 30)));
                case FLOAT64 -> bytes.putDouble(Math.scalb(random.nextGaussian(), random.nextInt(-200, 200)));
                case TEXT -> bytes.put((byte) " \n\tab.".charAt(random.nextInt(6)));
                case RECORDS, TABLE -> throw new IllegalArgumentException("not raw");
            }
        }
        return bytes.array();
    }

    static byte[] int32(int... elements) {
        var bytes = ByteBuffer.allocate(elements.length * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int element : elements) {
            bytes.putInt(element);
        }
        return bytes.array();
    }

    /** A file of zeros that takes no room, but for some elements. */
    static void sparse(Path file, long size) throws IOException {
        try (var sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(size);
        }
    }

    static void putInt32(Path file, long index, int value) throws IOException {
        try (var data = new RandomAccessFile(file.toFile(), "rw")) {
            data.seek(index * Integer.BYTES);
            data.writeInt(Integer.reverseBytes(value));
        }
    }

    /**
     * A version 1.0 {@code .npy} file.
     *
     * @param descr a code, or a list of fields
     */
    static void npy(Path file, String descr, String fortranOrder, String shape, byte[] elements) throws IOException {
        String header = "{'descr': %s, 'fortran_order': %s, 'shape': %s, }"
                .formatted(descr.startsWith("[") ? descr : "'" + descr + "'", fortranOrder, shape);
        int length = Math.ceilDiv(10 + header.length() + 1, 64) * 64 - 10;
        var bytes = ByteBuffer.allocate(10 + length + elements.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.put((byte) 0x93)
                .put("NUMPY".getBytes(StandardCharsets.US_ASCII))
                .put((byte) 1)
                .put((byte) 0);
        bytes.putShort((short) length);
        bytes.put((header + " ".repeat(length - header.length() - 1) + "\n").getBytes(StandardCharsets.US_ASCII));
        bytes.put(elements);
        Files.write(file, bytes.array());
    }

    /** Sum, mean, and so on, of exact values. */
    record Oracle(List<BigDecimal> values) {
        private static final MathContext PRECISE = new MathContext(1000);

        static Oracle of(ElementType type, byte[] elements) {
            var bytes = ByteBuffer.wrap(elements).order(ByteOrder.LITTLE_ENDIAN);
            List<BigDecimal> values = new ArrayList<>();
            while (bytes.hasRemaining()) {
                values.add(
                        switch (type) {
                            case INT8 -> BigDecimal.valueOf(bytes.get());
                            case UINT8, TEXT -> BigDecimal.valueOf(bytes.get() & 0xff);
                            case INT16 -> BigDecimal.valueOf(bytes.getShort());
                            case UINT16 -> BigDecimal.valueOf(Short.toUnsignedInt(bytes.getShort()));
                            case INT32 -> BigDecimal.valueOf(bytes.getInt());
                            case UINT32 -> BigDecimal.valueOf(Integer.toUnsignedLong(bytes.getInt()));
                            case INT64 -> BigDecimal.valueOf(bytes.getLong());
                            case UINT64 -> new BigDecimal(Long.toUnsignedString(bytes.getLong()));
                            case FLOAT16 -> new BigDecimal(Float.float16ToFloat(bytes.getShort()));
                            case FLOAT32 -> new BigDecimal(bytes.getFloat());
                            case FLOAT64 -> new BigDecimal(bytes.getDouble());
                            case RECORDS, TABLE -> throw new IllegalArgumentException("no numbers");
                        });
            }
            return new Oracle(values);
        }

        BigDecimal sum() {
            return values.stream().reduce(BigDecimal.ZERO, BigDecimal::add);
        }

        BigInteger integerSum() {
            return sum().toBigIntegerExact();
        }

        BigDecimal min() {
            return values.stream().min(BigDecimal::compareTo).orElseThrow();
        }

        BigDecimal max() {
            return values.stream().max(BigDecimal::compareTo).orElseThrow();
        }

        double mean() {
            return sum().divide(BigDecimal.valueOf(values.size()), PRECISE).doubleValue();
        }

        /** Of the population. */
        double deviation() {
            BigDecimal count = BigDecimal.valueOf(values.size());
            BigDecimal squares = values.stream().map(x -> x.multiply(x)).reduce(BigDecimal.ZERO, BigDecimal::add);
            BigDecimal variance = squares.multiply(count).subtract(sum().pow(2)).divide(count.pow(2), PRECISE);
            return variance.sqrt(new MathContext(60)).doubleValue();
        }
    }

    private TestData() {}
}
