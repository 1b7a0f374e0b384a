package io.github.forkless.worker.jobs;

import io.github.forkless.common.dataset.Block;
import io.github.forkless.common.dataset.Layout;
import io.github.forkless.common.job.Job;
import io.github.forkless.common.job.Summary;
import io.github.forkless.worker.jobs.numeric.NumberSum;

/**
 * The sum of all elements: of integers exact, however large; of floats the double nearest to the exact sum. Neither
 * depends on how the data is cut. A partial that was
 * started without a type and has seen nothing is null.
 */
@Summary("the sum of all elements: exact for integers of any size, correctly rounded for floats")
public record Sum() implements Job<NumberSum, Number> {

    @Override
    public boolean accepts(Layout layout) {
        return layout.type().isNumber();
    }

    @Override
    public boolean readsRows() {
        return false;
    }

    @Override
    public NumberSum start() {
        return null;
    }

    @Override
    public NumberSum start(Layout layout) {
        return NumberSum.of(layout.type());
    }

    @Override
    public NumberSum accept(NumberSum before, Block block) {
        NumberSum sum = before == null ? NumberSum.of(block.type()) : before;
        sum.add(block.segment(), block.type(), block.count());
        return sum;
    }

    @Override
    public NumberSum merge(NumberSum left, NumberSum right) {
        if (left == null || right == null) {
            return left == null ? right : left;
        }
        left.merge(right);
        return left;
    }

    @Override
    public Number finish(NumberSum sum) {
        return sum == null ? 0 : sum.value();
    }
}
