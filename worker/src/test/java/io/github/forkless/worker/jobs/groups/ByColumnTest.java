package io.github.forkless.worker.jobs.groups;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.forkless.common.dataset.Block;
import io.github.forkless.common.dataset.ElementType;
import io.github.forkless.common.dataset.Layout;
import io.github.forkless.common.value.ValueReader;
import io.github.forkless.common.value.ValueWriter;
import io.github.forkless.worker.jobs.Passes;
import io.github.forkless.worker.jobs.Stats;
import io.github.forkless.worker.jobs.Sum;
import io.github.forkless.worker.jobs.groups.ByColumn.Statistic;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Columns have the figures that the jobs over all numbers find in each of them. */
class ByColumnTest {

    /** Numbers of all magnitudes, cancelling ones, and columns that are NaN, infinite, zero and whole in places. */
    private static double number(SplittableRandom random, int row, int column) {
        return switch (column % 11) {
            case 0 -> random.nextDouble();
            case 1 -> random.nextGaussian() * 1e6;
            case 2 -> row % 100 == 99 ? random.nextInt() : 0;
            case 3 -> Math.scalb(random.nextGaussian(), random.nextInt(-1070, 1020));
            case 4 -> row % 50 == 3 ? Double.NaN : row;
            case 5 -> row == 7 ? Double.POSITIVE_INFINITY : -row;
            case 6 -> row == 7 ? 1e300 : row == 8 ? -1e300 : Math.scalb(random.nextGaussian(), -60);
            case 7 -> -0.0;
            case 8 -> Double.MIN_VALUE * random.nextInt(-5, 100);
            case 9 -> Math.scalb(1.0, row % 90) + random.nextDouble();
            default -> (row % 2 == 0 ? 1 : -1) * Math.exp(30 * random.nextDouble());
        };
    }

    @ParameterizedTest
    @CsvSource({"1, 5000", "3, 20000", "11, 700", "600, 40", "1300, 9", "70000, 2"})
    void ofFloatsAllIsExact(int columns, int rows) {
        for (ElementType type : List.of(ElementType.FLOAT64, ElementType.FLOAT32)) {
            var random = new SplittableRandom(columns);
            var bytes = ByteBuffer.allocate(columns * rows * type.width()).order(ByteOrder.LITTLE_ENDIAN);
            for (int i = 0; i < columns * rows; i++) {
                put(bytes, type, number(random, i / columns, i % columns));
            }
            Block matrix = matrix(type, bytes.array(), columns);

            List<Record> sums = answer(matrix, Statistic.sum, 5);
            List<Record> stats = columns > 1000 ? List.of() : answer(matrix, Statistic.stats, 5);

            for (int column = 0; column < Math.min(columns, 60); column++) {
                Block its = column(matrix, columns, column);
                var expected = (Stats.OfFloats) Passes.once(new Stats(), its);
                assertThat(sums.get(column))
                        .as(type.label() + " " + column)
                        .isEqualTo(new ByColumn.SumOfFloats(
                                column,
                                (Double) Passes.once(new Sum(), its),
                                expected.nan() > 0 ? Double.NaN : expected.mean()));
                if (!stats.isEmpty()) {
                    var found = (ByColumn.OfFloats) stats.get(column);
                    assertThat(found)
                            .isEqualTo(new ByColumn.OfFloats(
                                    column,
                                    expected.count(),
                                    expected.nan(),
                                    expected.sum(),
                                    expected.min(),
                                    expected.max(),
                                    expected.mean(),
                                    found.stddev()));
                }
            }
        }
    }

    private static void put(ByteBuffer bytes, ElementType type, double number) {
        if (type == ElementType.FLOAT64) {
            bytes.putDouble(number);
        } else {
            bytes.putFloat((float) number);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"INT8", "UINT8", "INT16", "INT32", "INT64"})
    void ofIntegersAllIsExact(ElementType type) {
        int columns = 7;
        byte[] bytes = new byte[columns * 1000 * type.width()];
        new SplittableRandom(3).nextBytes(bytes);
        Block matrix = matrix(type, bytes, columns);

        List<Record> sums = answer(matrix, Statistic.sum, 4);
        List<Record> stats = answer(matrix, Statistic.stats, 4);

        for (int column = 0; column < columns; column++) {
            var s = (Stats.OfIntegers) Passes.once(new Stats(), column(matrix, columns, column));
            assertThat(sums.get(column)).isEqualTo(new ByColumn.SumOfIntegers(column, s.sum(), s.mean()));
            assertThat(stats.get(column))
                    .isEqualTo(new ByColumn.OfIntegers(
                            column, s.count(), s.sum(), s.min(), s.max(), s.mean(), s.stddev()));
        }
    }

    @Test
    void manyRowsOfALaneAreExact() {
        // More than are added up in doubles, of numbers whose last bits make a sum of them inexact.
        int rows = 600_000;
        IntToDoubleFunction number = row -> (row % 2 == 0 ? 1.0 : -1.0) * (1e9 + row * 0x1p-22);
        var bytes = ByteBuffer.allocate(rows * 8 * 8).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < rows * 8; i++) {
            bytes.putDouble(number.applyAsDouble(i / 8));
        }
        Block matrix = matrix(ElementType.FLOAT64, bytes.array(), 8);

        List<Record> sums = answer(matrix, Statistic.sum, 1);

        assertThat(sums.get(3)).isEqualTo(new ByColumn.SumOfFloats(3, -rows / 2 * 0x1p-22, -0x1p-23));
    }

    @Test
    void aMatrixWithoutRowsHasColumns() {
        Block none = matrix(ElementType.FLOAT64, new byte[0], 2);

        assertThat(answer(none, Statistic.sum, 1))
                .containsExactly(
                        new ByColumn.SumOfFloats(0, 0, Double.NaN), new ByColumn.SumOfFloats(1, 0, Double.NaN));
        assertThat(answer(matrix(ElementType.INT8, new byte[0], 1), Statistic.stats, 1))
                .containsExactly(new ByColumn.OfIntegers(0, 0, BigInteger.ZERO, null, null, Double.NaN, Double.NaN));
    }

    @Test
    void whatIsNoMatrixIsRefused() {
        var job = new ByColumn(Statistic.sum);

        assertThat(job.accepts(new Layout.Text(0, 5))).isFalse();
        assertThat(job.refusal(new Layout.Numbers(ElementType.INT8, 0, 6)))
                .hasValueSatisfying(why -> assertThat(why).contains("this data has one dimension"));
        assertThat(job.refusal(new Layout.Numbers(ElementType.INT8, 0, 24, List.of(2L, 3L, 4L))))
                .hasValueSatisfying(why -> assertThat(why).contains("has the shape (2, 3, 4); save it again with"));
        assertThat(job.refusal(new Layout.Numbers(ElementType.INT8, 0, 2 << 20, List.of(1L, 2L << 20))))
                .hasValueSatisfying(
                        why -> assertThat(why).contains("1 to 65536 columns").contains("2097152 columns"));
        assertThat(job.refusal(new Layout.Numbers(ElementType.INT8, 0, 0, List.of(3L, 0L))))
                .isPresent();
        assertThat(job.refusal(new Layout.Numbers(ElementType.INT8, 0, 6, List.of(2L, 3L))))
                .isEmpty();
    }

    private static Block matrix(ElementType type, byte[] bytes, int columns) {
        Block block = Passes.block(type, bytes);
        return new Block(type, 0, block.count(), block.segment(), null, null, List.of((long) columns));
    }

    private static Block column(Block matrix, int columns, int column) {
        int width = matrix.type().width();
        int rows = (int) matrix.shape()[0];
        byte[] bytes = new byte[rows * width];
        for (int row = 0; row < rows; row++) {
            Block element = matrix.row(row).part(column, column + 1);
            System.arraycopy(
                    element.segment().toArray(java.lang.foreign.ValueLayout.JAVA_BYTE), 0, bytes, row * width, width);
        }
        return Passes.block(matrix.type(), bytes);
    }

    private static List<Record> answer(Block matrix, Statistic of, int slices) {
        var layout =
                new Layout.Numbers(matrix.type(), 0, matrix.count(), List.of(matrix.shape()[0], matrix.shape()[1]));
        var job = new ByColumn(of);
        long row = layout.rowLength();
        long rows = matrix.shape()[0];
        ColumnFigures all = null;
        for (int i = 0; i < slices; i++) {
            ColumnFigures partial = job.start(layout);
            long from = rows * i / slices;
            long to = rows * (i + 1) / slices;
            long middle = (from + to) / 2;
            for (long[] part : new long[][] {{from, middle}, {middle, to}}) {
                if (part[0] < part[1]) {
                    partial = job.accept(partial, matrix.part(part[0] * row, part[1] * row));
                }
            }
            all = all == null ? travelled(partial) : job.merge(all, travelled(partial));
        }
        return job.finish(all);
    }

    private static ColumnFigures travelled(ColumnFigures partial) {
        return (ColumnFigures) ValueReader.decode(ValueWriter.encode(partial), Passes.TYPES);
    }
}
