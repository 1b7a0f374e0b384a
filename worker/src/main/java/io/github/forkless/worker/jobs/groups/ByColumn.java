package io.github.forkless.worker.jobs.groups;

import io.github.forkless.common.dataset.Block;
import io.github.forkless.common.dataset.Layout;
import io.github.forkless.common.job.Job;
import io.github.forkless.common.job.Parameter;
import io.github.forkless.common.job.Summary;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;

/**
 * Statistics of each column of a matrix, in the order of the columns. They are those of the jobs {@code stats} and {@code sum}, and exact,
 * the standard deviation too, until they are rounded, once.
 */
@Summary("statistics of each column of a matrix")
public record ByColumn(
        @Parameter(value = "what is found out of each column's numbers", defaultValue = "stats")
        Statistic of) implements Job<ColumnFigures, List<Record>> {
    /** All tasks send what they know of each column: for a million that takes 15 s and more. */
    private static final int MOST_COLUMNS = 1 << 16;

    /** What there is of each column, from little to much. */
    public enum Statistic {
        sum,
        stats
    }

    /** Sum and mean of a column's integers; the mean is NaN where there are none. */
    public record SumOfIntegers(long column, BigInteger sum, double mean) {}

    /** Sum and mean of a column's floats; both NaN if one of them is. */
    public record SumOfFloats(long column, double sum, double mean) {}

    /** Statistics of a column's integers, as {@code stats} has them. */
    public record OfIntegers(long column, long count, BigInteger sum, Long min, Long max, double mean, double stddev) {}

    /** Statistics of a column's floats, as {@code stats} has them. */
    public record OfFloats(
            long column, long count, long nan, double sum, double min, double max, double mean, double stddev) {}

    @Override
    public boolean accepts(Layout layout) {
        return layout instanceof Layout.Numbers;
    }

    @Override
    public Optional<String> refusal(Layout layout) {
        List<Long> row = layout.rowShape();
        if (row.size() != 1) {
            return Optional.of("the columns of a matrix are wanted, and this data has "
                    + (row.isEmpty()
                            ? "one dimension; leave the axis out"
                            : "the shape " + Layout.words(((Layout.Numbers) layout).shape())
                                    + "; save it again with numpy.reshape(array, (len(array), -1))"));
        }
        long columns = row.getFirst();
        if (columns < 1 || columns > MOST_COLUMNS || layout.rowLength() != columns) {
            return Optional.of("a matrix of 1 to " + MOST_COLUMNS
                    + " columns, and of no more than 16 MiB a row, is wanted," + " and this one has " + columns
                    + " columns of " + layout.label());
        }
        return Optional.empty();
    }

    @Override
    public ColumnFigures start() {
        throw new IllegalStateException("columns need to know of which matrix: start(layout)");
    }

    @Override
    public ColumnFigures start(Layout layout) {
        boolean isSum = of == Statistic.sum;
        Figures.Kind kind = layout.type().isFloating()
                ? isSum ? Figures.Kind.SUM_OF_FLOATS : Figures.Kind.STATS_OF_FLOATS
                : isSum ? Figures.Kind.SUM_OF_INTEGERS : Figures.Kind.STATS_OF_INTEGERS;
        return new ColumnFigures(kind, Math.toIntExact(layout.rowLength()));
    }

    @Override
    public ColumnFigures accept(ColumnFigures figures, Block block) {
        figures.add(block);
        return figures;
    }

    @Override
    public ColumnFigures merge(ColumnFigures left, ColumnFigures right) {
        left.merge(right);
        return left;
    }

    @Override
    public List<Record> finish(ColumnFigures figures) {
        return figures.records();
    }
}
