package io.github.forkless.coordinator.lab;

import io.github.forkless.common.dataset.Block;
import io.github.forkless.common.job.Job;

/**
 * {@link Kernel#COUNT} as a job of the library, which can share a scan with others. Unlike the built-in {@code count} it
 * knows no trick by which a hundred of them cost less than a hundred readings.
 *
 * @param limit what counts is greater
 */
record CountAbove(int limit) implements Job<Long, Long> {

    @Override
    public Long start() {
        return 0L;
    }

    @Override
    public Long accept(Long count, Block block) {
        return count + Kernel.COUNT.of(block, limit);
    }

    @Override
    public Long merge(Long left, Long right) {
        return left + right;
    }

    @Override
    public Long finish(Long count) {
        return count;
    }
}
