package io.github.forkless.coordinator.cli;

import io.github.forkless.common.dataset.Block;
import io.github.forkless.common.job.Job;
import io.github.forkless.common.job.Parameter;

/** Prints, fails with or answers what a terminal would take for orders. */
public record Orders(
        @Parameter(value = "whether it fails", defaultValue = "false")
        boolean fails) implements Job<Long, String> {
    private static final String ORDER = "\u001b[31m\u009b2J\u202eevil\r.";

    @Override
    public Long start() {
        return 0L;
    }

    @Override
    public Long accept(Long count, Block block) {
        System.err.println("printed " + ORDER);
        if (fails) {
            throw new IllegalStateException("thrown " + ORDER);
        }
        return count + block.count();
    }

    @Override
    public Long merge(Long left, Long right) {
        return left + right;
    }

    @Override
    public String finish(Long count) {
        return "answered " + ORDER;
    }
}
