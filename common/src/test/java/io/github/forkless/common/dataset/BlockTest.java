package io.github.forkless.common.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class BlockTest {

    @Test
    void numbersOfSeveralDimensionsHaveRowsOfRows() {
        ByteBuffer bytes = ByteBuffer.allocate(3 * 2 * 2 * 4).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < 12; i++) {
            bytes.putInt(4 * i, i);
        }
        var block = new Block(ElementType.INT32, 8, 12, MemorySegment.ofBuffer(bytes), null, null, List.of(2L, 2L));

        assertThat(block.shape()).containsExactly(3, 2, 2);
        Block row = block.row(1);
        assertThat(row.shape()).containsExactly(2, 2);
        assertThat(row.start()).isEqualTo(12);
        assertThat(row.row(1).shape()).containsExactly(2);
        assertThat(row.row(1).intAt(0)).isEqualTo(6);
        assertThat(block.part(4, 12).shape()).containsExactly(2, 2, 2);
        assertThat(block.part(4, 12).row(1).row(0).intAt(1)).isEqualTo(9);
        assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> block.row(3));
        assertThatIllegalStateException()
                .isThrownBy(() -> row.row(1).row(0))
                .withMessageContaining("no rows in this block of int32");
        assertThat(block.part(1, 5).shape()).as("no whole rows").containsExactly(4);
        assertThatIllegalStateException().isThrownBy(() -> block.part(1, 5).row(0));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 5, 7})
    void elementsOfEveryTypeAreReadAtAnyAlignment(int offset) {
        ByteBuffer bytes = ByteBuffer.allocate(offset + 16).order(ByteOrder.LITTLE_ENDIAN);

        bytes.putInt(offset, Integer.MIN_VALUE).putInt(offset + 4, 0x01020304);
        assertThat(block(ElementType.INT32, bytes, offset).intAt(0)).isEqualTo(Integer.MIN_VALUE);
        assertThat(block(ElementType.INT32, bytes, offset).intAt(1)).isEqualTo(0x01020304);

        bytes.putShort(offset, Short.MIN_VALUE).putShort(offset + 2, (short) 0x0102);
        assertThat(block(ElementType.INT16, bytes, offset).shortAt(0)).isEqualTo(Short.MIN_VALUE);
        assertThat(block(ElementType.INT16, bytes, offset).shortAt(1)).isEqualTo((short) 0x0102);

        bytes.putLong(offset, Long.MIN_VALUE).putLong(offset + 8, 0x0102030405060708L);
        assertThat(block(ElementType.INT64, bytes, offset).longAt(0)).isEqualTo(Long.MIN_VALUE);
        assertThat(block(ElementType.INT64, bytes, offset).longAt(1)).isEqualTo(0x0102030405060708L);

        bytes.putFloat(offset, -0.0f).putFloat(offset + 4, 0.1f);
        assertThat(block(ElementType.FLOAT32, bytes, offset).floatAt(0)).isEqualTo(-0.0f);
        assertThat(block(ElementType.FLOAT32, bytes, offset).floatAt(1)).isEqualTo(0.1f);

        bytes.putDouble(offset, Double.MIN_VALUE).putDouble(offset + 8, 0.1);
        assertThat(block(ElementType.FLOAT64, bytes, offset).doubleAt(0)).isEqualTo(Double.MIN_VALUE);
        assertThat(block(ElementType.FLOAT64, bytes, offset).doubleAt(1)).isEqualTo(0.1);

        bytes.put(offset, (byte) -1).put(offset + 1, (byte) 1);
        assertThat(block(ElementType.INT8, bytes, offset).byteAt(0)).isEqualTo((byte) -1);
        assertThat(block(ElementType.UINT8, bytes, offset).byteAt(1)).isEqualTo((byte) 1);
    }

    @ParameterizedTest
    @EnumSource(
            names = {"RECORDS", "TABLE"},
            mode = EnumSource.Mode.EXCLUDE)
    void anyTypeIsReadAsANumber(ElementType type) {
        ByteBuffer bytes = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
        Block block = block(type, bytes, 0);
        double expected = switch (type) {
            case INT8 -> {
                bytes.put(1, (byte) -3);
                yield -3;
            }
            case UINT8, TEXT -> {
                bytes.put(1, (byte) -3);
                yield 253;
            }
            case INT16 -> {
                bytes.putShort(2, (short) -3);
                yield -3;
            }
            case UINT16 -> {
                bytes.putShort(2, (short) -3);
                yield 65533;
            }
            case INT32 -> {
                bytes.putInt(4, -3);
                yield -3;
            }
            case UINT32 -> {
                bytes.putInt(4, -3);
                yield 4294967293.0;
            }
            case UINT64 -> {
                bytes.putLong(8, 3);
                yield 3;
            }
            case FLOAT16 -> {
                bytes.putShort(2, Float.floatToFloat16(-3));
                yield -3;
            }
            case INT64 -> {
                bytes.putLong(8, -3);
                yield -3;
            }
            case FLOAT32 -> {
                bytes.putFloat(4, -3);
                yield -3;
            }
            case FLOAT64 -> {
                bytes.putDouble(8, -3);
                yield -3;
            }
            case RECORDS, TABLE -> throw new AssertionError();
        };

        assertThat(block.numberAt(1)).isEqualTo(expected);
        if (type.isFloating()) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> block.integerAt(1))
                    .withMessage(type.label() + " elements are not integers; use numberAt");
        } else {
            assertThat(block.integerAt(1)).isEqualTo((long) expected);
        }
    }

    @Test
    void aLargeIntegerIsExactAsAnIntegerAndRoundedAsANumber() {
        ByteBuffer bytes = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(0, Long.MAX_VALUE);

        assertThat(block(ElementType.INT64, bytes, 0).integerAt(0)).isEqualTo(Long.MAX_VALUE);
        assertThat(block(ElementType.INT64, bytes, 0).numberAt(0)).isEqualTo(0x1p63);
    }

    @Test
    void aPartOfAPartKnowsWhereInTheDatasetItIs() {
        ByteBuffer bytes = ByteBuffer.allocate(400).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < 100; i++) {
            bytes.putInt(4 * i, i);
        }

        Block part = block(ElementType.INT32, bytes, 0).part(10, 90).part(5, 15);

        assertThat(part.start()).isEqualTo(15);
        assertThat(part.count()).isEqualTo(10);
        assertThat(part.segment().byteSize()).isEqualTo(40);
        assertThat(part.intAt(0)).isEqualTo(15);
        assertThat(part.intAt(9)).isEqualTo(24);
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 4, 1L << 31, 1L << 40, 1L << 62})
    void nothingIsReadBeyondABlock(long index) {
        Block block = block(ElementType.INT32, ByteBuffer.allocate(100), 0).part(5, 9);

        assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> block.intAt(index));
        assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> block.part(index, index + 1));
        assertThatExceptionOfType(IndexOutOfBoundsException.class)
                .isThrownBy(() -> block.segment().get(ValueLayout.JAVA_BYTE, 16));
    }

    @Test
    void textIsDecodedAsUtf8() {
        ByteBuffer bytes = StandardCharsets.UTF_8.encode("gr\u00f6\u00dfe \ud83d\ude00");
        Block block = new Block(ElementType.TEXT, 7, bytes.remaining(), MemorySegment.ofBuffer(bytes));

        assertThat(block.text(0, block.count())).isEqualTo("gr\u00f6\u00dfe \ud83d\ude00");
        assertThat(block.text(2, 4)).isEqualTo("\u00f6\u00df");
        assertThat(block.text(3, 0)).isEmpty();
    }

    /** They would answer with numbers that mean nothing. */
    @ParameterizedTest
    @EnumSource(
            names = {"RECORDS", "TABLE"},
            mode = EnumSource.Mode.EXCLUDE)
    void anAccessorOfAnotherTypeIsAnError(ElementType type) {
        Block block = block(type, ByteBuffer.allocate(64), 0);
        var accessors = new LinkedHashMap<String, Consumer<Block>>();
        accessors.put("byteAt", b -> b.byteAt(0));
        accessors.put("shortAt", b -> b.shortAt(0));
        accessors.put("intAt", b -> b.intAt(0));
        accessors.put("longAt", b -> b.longAt(0));
        accessors.put("floatAt", b -> b.floatAt(0));
        accessors.put("doubleAt", b -> b.doubleAt(0));
        String fitting = switch (type) {
            case INT8, UINT8, TEXT -> "byteAt";
            case INT16 -> "shortAt";
            case INT32 -> "intAt";
            case INT64 -> "longAt";
            case FLOAT32 -> "floatAt";
            case FLOAT64 -> "doubleAt";
            case UINT16, UINT32, UINT64 -> "integerAt";
            case FLOAT16 -> "";
            case RECORDS, TABLE -> throw new AssertionError("left out");
        };

        accessors.forEach((name, accessor) -> {
            if (name.equals(fitting)) {
                accessor.accept(block);
            } else {
                assertThatIllegalStateException()
                        .isThrownBy(() -> accessor.accept(block))
                        .withMessageStartingWith(name + " reads ")
                        .withMessageEndingWith(", but this data is " + type.label() + "; use "
                                + (fitting.isEmpty() ? "" : fitting + ", or ")
                                + "numberAt for any type"
                                + switch (type) {
                                    case UINT16 -> "; only a job's blocks of it are int32";
                                    case UINT32, UINT64 -> "; only a job's blocks of it are int64";
                                    case FLOAT16 -> "; only a job's blocks of it are float32";
                                    default -> ", or say with DatasetFile.open(path, type) what the data is";
                                });
            }
        });
    }

    @Test
    void recordsHaveNoNumbers() {
        Block records = new Block(ElementType.RECORDS, 0, 1, MemorySegment.ofArray(new byte[64]));

        for (Consumer<Block> accessor : List.<Consumer<Block>>of(
                b -> b.byteAt(0), b -> b.intAt(0), b -> b.doubleAt(0), b -> b.numberAt(0), b -> b.integerAt(0))) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> accessor.accept(records))
                    .withMessageEndingWith("but this data is records; use records(), or records(Type.class)");
        }
    }

    @Test
    void linesOfNumbersAreAnErrorAndTextOfWideOnes() {
        Block bytes = block(ElementType.UINT8, ByteBuffer.wrap(new byte[] {'a', '\n'}), 0);
        Block ints = block(ElementType.INT32, ByteBuffer.allocate(8), 0);

        assertThatIllegalStateException().isThrownBy(bytes::lines).withMessageContaining("lines reads text, but");
        assertThatIllegalStateException().isThrownBy(() -> ints.text(0, 4)).withMessageContaining("text reads ");
        assertThat(bytes.text(0, 1)).isEqualTo("a");
    }

    private static Block block(ElementType type, ByteBuffer bytes, int offset) {
        MemorySegment segment =
                MemorySegment.ofArray(bytes.array()).asSlice(offset).asReadOnly();
        return new Block(type, 0, segment.byteSize() / type.width(), segment);
    }
}
