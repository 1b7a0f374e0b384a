package io.github.forkless.example.deep;

import io.github.forkless.common.dataset.Block;
import io.github.forkless.common.job.Job;
import io.github.forkless.common.job.Parameter;

/** Answers with its parameters: a job in a package, with a nested record and a helper beside it. */
public record Echo(
        @Parameter(value = "any text", defaultValue = "none")
        String text,

        @Parameter("a number") int n,
        @Parameter(value = "a factor", defaultValue = "0.5") double factor)
        implements Job<Long, Echo.Said> {

    /** What is said. */
    public record Said(String text, int n, double factor, long count) {}

    @Override
    public Long start() {
        return 0L;
    }

    @Override
    public Long accept(Long count, Block block) {
        return Helper.plus(count, block.count());
    }

    @Override
    public Long merge(Long left, Long right) {
        return Helper.plus(left, right);
    }

    @Override
    public Said finish(Long count) {
        return new Said(text, n, factor, count);
    }
}

final class Helper {
    static long plus(long left, long right) {
        return left + right;
    }

    private Helper() {}
}
