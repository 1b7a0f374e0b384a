package io.github.forkless.common.dataset.arrow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.flatbuffers.FlatBufferBuilder;
import io.github.forkless.common.column.ColumnType;
import io.github.forkless.common.column.IntColumn;
import io.github.forkless.common.column.TableColumn;
import io.github.forkless.testing.ArrowFiles;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.flatbuf.Field;
import org.apache.arrow.flatbuf.Footer;
import org.apache.arrow.flatbuf.MetadataVersion;
import org.apache.arrow.flatbuf.Schema;
import org.apache.arrow.flatbuf.Struct_;
import org.apache.arrow.flatbuf.Type;
import org.junit.jupiter.api.Test;

class ArrowFileTest {
    private static ArrowFile read(byte[] bytes) throws ArrowException {
        return ArrowFile.read(MemorySegment.ofArray(bytes));
    }

    @Test
    void batchesOfAnyNumberOfRows() throws Exception {
        ArrowFile file = read(ArrowFiles.file(List.of(ArrowFiles.int32("a", 0, 193)), 0, 1, 0, 63, 64, 65));

        assertThat(file.batches()).isEqualTo(6);
        assertThat(file.rows()).isEqualTo(193);
        assertThat(file.columns()).containsExactly(new TableColumn("a", ColumnType.INT32, "int32"));
        for (long row = 0; row < 193; row++) {
            int batch = file.batchOf(row);
            assertThat(row).isBetween(file.firstRow(batch), file.firstRow(batch + 1) - 1);
            long inBatch = row - file.firstRow(batch);
            assertThat(((IntColumn) file.column(0, batch, inBatch, inBatch + 1)).at(0))
                    .isEqualTo((int) row);
        }
    }

    @Test
    void nestedColumnsAreSkippedAndOthersStayUsable() throws Exception {
        ArrowFile file = read(ArrowFiles.file(List.of(
                ArrowFiles.struct("s", ArrowFiles.int32("x", 0, 5), ArrowFiles.textViews("t", "", "a", "b", "c", "d")),
                ArrowFiles.textViews("v", "", "long enough to be in a buffer", "b", null, "d"),
                ArrowFiles.int32("after", 7, 5))));

        assertThat(file.columns().get(0)).isEqualTo(new TableColumn("s", ColumnType.UNSUPPORTED, "struct"));
        assertThat(((IntColumn) file.column(2, 0, 1, 5)).at(3)).isEqualTo(11);
        assertThat(file.nulls()).containsExactly(0, 1, 0);
    }

    @Test
    void whatCannotBeReadInPlaceSaysWhy() throws Exception {
        assertThat(read(ArrowFiles.bigEndian(List.of(ArrowFiles.int32("a", 0, 5))))
                        .obstacle())
                .hasValue("its numbers are big-endian");
        assertThat(read(ArrowFiles.compressed(List.of(ArrowFiles.int32("a", 0, 5))))
                        .obstacle())
                .hasValue("its values are compressed (zstd)");
    }

    @Test
    void fieldsThatShareChildrenAreNoLargerThanTheFile() {
        var builder = new FlatBufferBuilder();
        int child = field(builder, new int[0]);
        for (int depth = 0; depth < 40; depth++) { // 2^40 fields, if each were looked at
            child = field(builder, new int[] {child, child});
        }
        byte[] file = file(builder, new int[] {child, child});

        assertThatExceptionOfType(ArrowException.class)
                .isThrownBy(() -> read(file))
                .withMessageContaining("more fields than can be in it");
    }

    @Test
    void fieldsThatAreTooDeep() {
        var builder = new FlatBufferBuilder();
        int child = field(builder, new int[0]);
        for (int depth = 0; depth < 100_000; depth++) {
            child = field(builder, new int[] {child});
        }
        byte[] file = file(builder, new int[] {child});

        assertThatExceptionOfType(ArrowException.class)
                .isThrownBy(() -> read(file))
                .withMessageContaining("more than 64 in one another");
    }

    @Test
    void aBatchThatIsNamedManyTimesIsNotMoreThanTheFile() {
        byte[] file = ArrowFiles.file(List.of(ArrowFiles.int32("a", 0, 512)), 512, 0);
        int first = blockPosition(file, footer(file));
        System.arraycopy(file, first, file, first + 24, 24);

        assertThatExceptionOfType(ArrowException.class)
                .isThrownBy(() -> read(file))
                .withMessageContaining("have more bytes than the file");
    }

    private static Footer footer(byte[] file) {
        int length = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getInt(file.length - 10);
        return Footer.getRootAsFooter(
                ByteBuffer.wrap(Arrays.copyOfRange(file, file.length - 10 - length, file.length - 10)));
    }

    /** Where the first block stands. */
    private static int blockPosition(byte[] file, Footer footer) {
        ByteBuffer block = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN);
        block.putLong(footer.recordBatches(0).offset());
        block.putInt(footer.recordBatches(0).metaDataLength()).putInt(0);
        block.putLong(footer.recordBatches(0).bodyLength());
        for (int at = file.length - 34; at > 0; at--) {
            if (Arrays.equals(file, at, at + 24, block.array(), 0, 24)) {
                return at;
            }
        }
        throw new AssertionError("no block");
    }

    private static int field(FlatBufferBuilder builder, int[] children) {
        int childVector = Field.createChildrenVector(builder, children);
        Struct_.startStruct_(builder);
        return Field.createField(builder, 0, true, Type.Struct_, Struct_.endStruct_(builder), 0, childVector, 0);
    }

    private static byte[] file(FlatBufferBuilder builder, int[] fields) {
        int schema = Schema.createSchema(builder, (short) 0, Schema.createFieldsVector(builder, fields), 0, 0);
        builder.finish(Footer.createFooter(builder, MetadataVersion.V5, schema, 0, 0, 0));
        byte[] footer = builder.sizedByteArray();
        var out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {'A', 'R', 'R', 'O', 'W', '1', 0, 0});
        out.writeBytes(footer);
        out.writeBytes(ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(footer.length)
                .array());
        out.writeBytes(new byte[] {'A', 'R', 'R', 'O', 'W', '1'});
        return out.toByteArray();
    }
}
