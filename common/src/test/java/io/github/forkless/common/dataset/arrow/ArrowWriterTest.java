package io.github.forkless.common.dataset.arrow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.forkless.common.column.BooleanColumn;
import io.github.forkless.common.column.ColumnType;
import io.github.forkless.common.column.DoubleColumn;
import io.github.forkless.common.column.IntColumn;
import io.github.forkless.common.column.LongColumn;
import io.github.forkless.common.column.TableColumn;
import io.github.forkless.common.column.TextColumn;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArrowWriterTest {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 63, 64, 65, 5_000})
    void whatItWritesIsRead(int rows) throws Exception {
        ArrowOutput id = ArrowOutput.of("id", ArrowType.of(ColumnType.INT64));
        ArrowOutput price = ArrowOutput.of("price", ArrowType.of(ColumnType.FLOAT64));
        ArrowOutput small = ArrowOutput.of("small", ArrowType.of(ColumnType.INT8));
        ArrowOutput flag = ArrowOutput.of("flag", ArrowType.of(ColumnType.BOOL));
        ArrowOutput name = ArrowOutput.of("name", ArrowType.of(ColumnType.TEXT));
        ArrowOutput group = ArrowOutput.dictionary("group");
        ArrowOutput time = ArrowOutput.of("time", ArrowType.timestamp(ArrowType.Unit.MICROSECOND, "UTC"));
        var writer =
                new ArrowWriter(Channels.newChannel(bytes), List.of(id, price, small, flag, name, group, time), 60_000);
        for (int i = 0; i < rows; i++) {
            id.put(i);
            small.put(i % 100);
            flag.put(i % 3 == 0 ? 1 : 0);
            put(group, "g" + i % 7);
            time.put(-i);
            if (i % 5 == 2) {
                price.putNull();
                name.putNull();
            } else {
                price.put(i / 2.0);
                put(name, "n" + i);
            }
            writer.endRow();
        }
        writer.finish();
        ArrowFile file = read();

        assertThat(file.rows()).isEqualTo(rows).isEqualTo(writer.rows());
        assertThat(file.columns().stream().map(TableColumn::label))
                .containsExactly(
                        "int64", "float64", "int8", "bool", "utf8", "dictionary<int32, utf8>", "timestamp[us, UTC]");
        assertThat(file.batches()).isEqualTo(Math.ceilDiv(rows, 1024));
        for (int batch = 0; batch < file.batches(); batch++) {
            long first = file.firstRow(batch);
            long count = file.firstRow(batch + 1) - first;
            var ids = (LongColumn) file.column(0, batch, 0, count);
            var prices = (DoubleColumn) file.column(1, batch, 0, count);
            var smalls = (IntColumn) file.column(2, batch, 0, count);
            var flags = (BooleanColumn) file.column(3, batch, 0, count);
            var names = (TextColumn) file.column(4, batch, 0, count);
            var groups = (TextColumn) file.column(5, batch, 0, count);
            var times = (LongColumn) file.column(6, batch, 0, count);
            assertThat(groups.dictionary().count()).isEqualTo(Math.min(rows, 7));
            for (int row = 0; row < count; row += row < 100 ? 1 : 997) {
                long i = first + row;
                assertThat(ids.at(row)).isEqualTo(i);
                assertThat(smalls.at(row)).isEqualTo((int) (i % 100));
                assertThat(flags.at(row)).isEqualTo(i % 3 == 0);
                assertThat(groups.at(row)).isEqualTo("g" + i % 7);
                assertThat(times.at(row)).isEqualTo(-i);
                assertThat(names.at(row)).isEqualTo(i % 5 == 2 ? null : "n" + i);
                assertThat(prices.isNull(row)).isEqualTo(i % 5 == 2);
                if (i % 5 != 2) {
                    assertThat(prices.at(row)).isEqualTo(i / 2.0);
                }
            }
        }
    }

    @Test
    void aValueThatDoesNotFitAndARowWithoutOneAreRefused() throws Exception {
        ArrowOutput small = ArrowOutput.of("small", ArrowType.of(ColumnType.INT8));
        var writer = new ArrowWriter(Channels.newChannel(bytes), List.of(small));

        assertThatThrownBy(() -> small.put(128))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("128 is no INT8 for column small");
        assertThatThrownBy(() ->
                        ArrowOutput.of("id", ArrowType.of(ColumnType.INT64)).put(1.5))
                .hasMessage("a floating-point number is no INT64 for column id");
        small.putNull();
        assertThatThrownBy(writer::endRow)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("column small has 2 values in 1 rows of a batch");
    }

    @Test
    void aBatchEndsBeforeItsTextIsTooLarge() throws Exception {
        ArrowOutput text = ArrowOutput.of("text", ArrowType.of(ColumnType.TEXT));
        var writer = new ArrowWriter(Channels.newChannel(bytes), List.of(text), 1000);
        byte[] part = new byte[600];
        for (int i = 0; i < 3; i++) {
            text.put(part, 0, part.length);
            writer.endRow();
        }
        writer.finish();

        assertThat(read().batches()).isEqualTo(2);
    }

    private static void put(ArrowOutput column, String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        column.put(utf8, 0, utf8.length);
    }

    private ArrowFile read() throws ArrowException, IOException {
        return ArrowFile.read(MemorySegment.ofArray(bytes.toByteArray()));
    }
}
