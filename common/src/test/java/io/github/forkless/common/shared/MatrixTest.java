package io.github.forkless.common.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rows of one length. */
class MatrixTest {

    @ParameterizedTest
    @CsvSource({"0, 0", "0, 3", "3, 0", "1, 1", "2, 3", "300, 1001"})
    void isReadByRowsAndAsAWhole(int rows, int columns) {
        Matrix<Doubles> matrix =
                SharedInFile.read(Doubles.matrix(rows, columns, (row, column) -> row * 10_000 + column));

        assertThat(matrix.rows()).isEqualTo(rows);
        assertThat(matrix.columns()).isEqualTo(columns);
        assertThat(matrix.values().count()).isEqualTo((long) rows * columns);
        for (int row = 0; row < rows; row++) {
            assertThat(matrix.row(row).count()).isEqualTo(columns);
            for (int column = 0; column < columns; column++) {
                assertThat(matrix.row(row).at(column)).isEqualTo(row * 10_000 + column);
                assertThat(matrix.values().at((long) row * columns + column)).isEqualTo(row * 10_000 + column);
            }
        }
        assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> matrix.row(rows));
        assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> matrix.row(-1));
    }

    @Test
    void arraysOfEveryTypeAreReadAsTheyAre() {
        assertThat(SharedInFile.read(Bytes.matrix(new byte[][] {{1, -2}, {3, 4}}))
                        .row(0)
                        .toArray())
                .containsExactly(1, -2);
        assertThat(SharedInFile.read(Shorts.matrix(new short[][] {{1, -2}, {3, 4}}))
                        .row(1)
                        .toArray())
                .containsExactly(3, 4);
        assertThat(SharedInFile.read(Chars.matrix(new char[][] {{'a', '\uffff'}, {'c', 'd'}}))
                        .values()
                        .toArray())
                .containsExactly('a', '\uffff', 'c', 'd');
        assertThat(SharedInFile.read(Ints.matrix(new int[][] {{1}, {2}, {3}}))
                        .row(2)
                        .toArray())
                .containsExactly(3);
        assertThat(SharedInFile.read(Ints.matrix(3, 2, (row, column) -> (int) (row - column)))
                        .row(2)
                        .toArray())
                .containsExactly(2, 1);
        assertThat(SharedInFile.read(Longs.matrix(new long[][] {{Long.MIN_VALUE}, {2}}))
                        .row(0)
                        .toArray())
                .containsExactly(Long.MIN_VALUE);
        assertThat(SharedInFile.read(Longs.matrix(2, 2, (row, column) -> row << 40))
                        .row(1)
                        .toArray())
                .containsExactly(1L << 40, 1L << 40);
        assertThat(SharedInFile.read(Floats.matrix(new float[][] {{0.5f, Float.NaN}}))
                        .row(0)
                        .toArray())
                .containsExactly(0.5f, Float.NaN);
        assertThat(SharedInFile.read(Floats.matrix(1, 1, (row, column) -> 0.25f))
                        .row(0)
                        .toArray())
                .containsExactly(0.25f);
        assertThat(SharedInFile.read(Doubles.matrix(new double[][] {{-0.0}, {1}}))
                        .row(0)
                        .toArray())
                .containsExactly(-0.0);
        assertThat(SharedInFile.read(Doubles.matrix()).rows()).isZero();
    }

    @Test
    void aPartHasSomeOfTheRows() {
        Matrix<Ints> part = SharedInFile.read(Ints.matrix(10, 3, (row, column) -> (int) (row * 3 + column)))
                .part(4, 6);

        assertThat(part.rows()).isEqualTo(2);
        assertThat(part.columns()).isEqualTo(3);
        assertThat(part.values().toArray()).containsExactly(12, 13, 14, 15, 16, 17);
        assertThat(part.row(1).toArray()).containsExactly(15, 16, 17);
        assertThat(part.part(1, 1).rows()).isZero();
        assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> part.part(1, 3));
        assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> part.row(2));
    }

    @Test
    void rowsThatMakeNoMatrixAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Doubles.matrix(new double[][] {{1, 2}, {3, 4}, {5}}))
                .withMessage(
                        "row 2 of the matrix has 1 columns, and row 0 has 2; share rows of different lengths one after"
                                + " another, as one array");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Ints.matrix(new int[][] {{1}, null}))
                .withMessage("row 1 of the matrix is null");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Ints.matrix(new int[][] {null, {1}}))
                .withMessage("row 0 of the matrix is null");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Doubles.matrix(-1, 2, (row, column) -> 0))
                .withMessage("a matrix cannot have -1 rows of 2 columns");
        assertThatIllegalArgumentException().isThrownBy(() -> Doubles.matrix(1L << 32, 1L << 32, (row, column) -> 0));
        assertThatIllegalArgumentException().isThrownBy(() -> Doubles.matrix(1L << 32, 1L << 30, (row, column) -> 0));
    }
}
