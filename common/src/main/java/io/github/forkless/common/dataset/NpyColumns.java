package io.github.forkless.common.dataset;

import io.github.forkless.common.column.TableColumn;
import java.util.ArrayList;
import java.util.List;

/** The columns of NumPy arrays that are tables. */
final class NpyColumns {
    /** Columns of a matrix: each is told to every worker. */
    static final int MOST = 1 << 16;

    /** Columns behind one another, which are named by their index. */
    static Layout.Table inFortranOrder(NpyType type, long offset, long rows, long columns) {
        List<TableColumn> named = new ArrayList<>();
        List<ColumnPlace> places = new ArrayList<>();
        for (int i = 0; i < columns; i++) {
            named.add(new TableColumn(Integer.toString(i), type.type(), type.label()));
            places.add(new ColumnPlace(i * rows * type.width(), type.width(), type.width()));
        }
        return new Layout.Table(named, rows, rows * columns * type.width(), offset, places);
    }

    private NpyColumns() {}
}
