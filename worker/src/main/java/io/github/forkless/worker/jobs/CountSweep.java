package io.github.forkless.worker.jobs;

import io.github.forkless.common.dataset.Block;
import io.github.forkless.common.dataset.ElementType;
import io.github.forkless.common.job.GroupJob;
import io.github.forkless.worker.jobs.CountKernel.Range;
import io.github.forkless.worker.jobs.numeric.Blocks;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;

/**
 * Counts for many parameter sets at once. Their bounds, sorted, cut all numbers into intervals, and what each set counts
 * are the elements of some neighbouring intervals.
 *
 * <p>How many elements of a run lie above two of the bounds takes two loops over it. If it is as many above the one as
 * above the other, it is as many above all bounds between them, and those need no loop. So a sweep costs no more loops
 * than it has bounds, and far fewer where many elements lie outside of what it sweeps, or many are alike.
 */
final class CountSweep implements GroupJob.Scan<Count.Tally>, Blocks.RunConsumer {
    private final List<? extends GroupJob<Count.Tally, Long>> sets;

    // From the first block on, which tells the type.
    private ElementType type;
    private Range[] ranges;
    /** In ascending order, all different. */
    private long[] limits;
    /** One for each limit: counts what lies above it. */
    private CountKernel[] above;
    /** How many elements lie above one limit and not above the next; first those above none, last those above all. */
    private long[] intervals;

    /** @param sets all of them {@link Count} */
    CountSweep(List<? extends GroupJob<Count.Tally, Long>> sets) {
        this.sets = sets;
    }

    @Override
    public void accept(Block block) {
        if (type == null) {
            prepare(block.type());
        }
        Blocks.forEachRun(block.segment(), type, block.count(), this);
    }

    private void prepare(ElementType type) {
        this.type = type;
        ranges = new Range[sets.size()];
        var sorted = new TreeSet<Long>();
        for (int i = 0; i < ranges.length; i++) {
            var set = (Count) sets.get(i);
            Range range = Range.of(type, set.above(), set.below());
            ranges[i] = range;
            if (!range.isEmpty() && range.lowest() > Range.min(type)) {
                sorted.add(range.lowest() - 1);
            }
            if (!range.isEmpty() && range.highest() < Range.max(type)) {
                sorted.add(range.highest());
            }
        }
        limits = new long[sorted.size()];
        above = new CountKernel[limits.length];
        intervals = new long[limits.length + 1];
        int i = 0;
        for (long limit : sorted) {
            limits[i] = limit;
            above[i++] = CountKernel.of(type, Range.after(type, limit));
        }
    }

    @Override
    public void accept(ByteBuffer buffer, int from, int to) {
        long all = (to - from) / type.width();
        int last = limits.length - 1;
        if (last < 0) {
            intervals[0] += all;
            return;
        }
        long aboveFirst = above[0].count(buffer, from, to);
        long aboveLast = last == 0 ? aboveFirst : above[last].count(buffer, from, to);
        intervals[0] += all - aboveFirst;
        intervals[last + 1] += aboveLast;
        split(buffer, from, to, 0, aboveFirst, last, aboveLast);
    }

    /** Counts what lies between two limits, above which lie so many. */
    private void split(ByteBuffer buffer, int from, int to, int low, long aboveLow, int high, long aboveHigh) {
        if (aboveLow == aboveHigh) {
            return;
        }
        if (high - low == 1) {
            intervals[high] += aboveLow - aboveHigh;
            return;
        }
        int middle = (low + high) >>> 1;
        long aboveMiddle = above[middle].count(buffer, from, to);
        split(buffer, from, to, low, aboveLow, middle, aboveMiddle);
        split(buffer, from, to, middle, aboveMiddle, high, aboveHigh);
    }

    @Override
    public List<Count.Tally> partials() {
        List<Count.Tally> partials = new ArrayList<>(sets.size());
        for (int i = 0; i < sets.size(); i++) {
            partials.add(new Count.Tally(type == null || ranges[i].isEmpty() ? 0 : counted(ranges[i])));
        }
        return partials;
    }

    private long counted(Range range) {
        int first = range.lowest() == Range.min(type) ? 0 : Arrays.binarySearch(limits, range.lowest() - 1) + 1;
        int end = range.highest() == Range.max(type)
                ? limits.length + 1
                : Arrays.binarySearch(limits, range.highest()) + 1;
        long count = 0;
        for (int i = first; i < end; i++) {
            count += intervals[i];
        }
        return count;
    }
}
