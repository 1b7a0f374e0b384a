package io.github.forkless.worker.jobs;

import io.github.forkless.common.dataset.Block;
import io.github.forkless.common.dataset.Layout;
import io.github.forkless.common.job.GroupJob;
import io.github.forkless.common.job.Parameter;
import io.github.forkless.common.job.Summary;
import io.github.forkless.common.value.Packable;
import io.github.forkless.worker.jobs.CountKernel.Range;
import java.math.BigDecimal;
import java.util.List;

/**
 * How many elements lie above one number and below another. Either may be left out; without both, every element counts.
 *
 * <p>Integers are compared exactly, whatever the numbers. Floating-point elements are compared with the number of their
 * own type that is nearest: an element that prints as {@code 0.1} is not above 0.1. NaN is neither above nor below
 * anything.
 */
@Summary("how many elements are above one number, below another, or between the two")
public record Count(
        @Parameter("counted are elements greater than this") BigDecimal above,
        @Parameter("counted are elements less than this") BigDecimal below)
        implements GroupJob<Count.Tally, Long> {

    /** A count, and the loop that counts; the loop is made in the process that needs it. */
    public static final class Tally implements Packable {
        private long count;
        private CountKernel kernel;

        Tally(long count) {
            this.count = count;
        }

        @Override
        public Packed packed() {
            return new PackedTally(count);
        }
    }

    /** How a {@link Tally} travels. */
    record PackedTally(long count) implements Packable.Packed {
        @Override
        public Tally unpacked() {
            return new Tally(count);
        }
    }

    @Override
    public boolean accepts(Layout layout) {
        return layout.type().isNumber();
    }

    @Override
    public boolean readsRows() {
        return false;
    }

    @Override
    public Tally start() {
        return new Tally(0);
    }

    @Override
    public Tally accept(Tally tally, Block block) {
        if (tally.kernel == null) {
            tally.kernel = CountKernel.of(block.type(), Range.of(block.type(), above, below));
        }
        tally.count += tally.kernel.count(block);
        return tally;
    }

    @Override
    public Scan<Tally> scan(List<? extends GroupJob<Tally, Long>> group) {
        return new CountSweep(group);
    }

    @Override
    public Tally merge(Tally left, Tally right) {
        left.count += right.count;
        return left;
    }

    @Override
    public Long finish(Tally tally) {
        return tally.count;
    }
}
