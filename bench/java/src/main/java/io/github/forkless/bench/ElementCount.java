package io.github.forkless.bench;

import io.github.forkless.common.dataset.Block;
import io.github.forkless.common.job.Job;

/** The job that does nothing but be dealt and merged. */
record ElementCount() implements Job<Long, Long> {

    @Override
    public Long start() {
        return 0L;
    }

    @Override
    public Long accept(Long count, Block block) {
        return count + block.count();
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
