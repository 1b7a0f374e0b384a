package io.github.forkless.coordinator;

import java.util.function.UnaryOperator;

/** Options of pools that differ in how their runs are run. */
final class Runs {
    private Runs() {}

    static PoolOptions with(PoolOptions options, UnaryOperator<RunOptions> change) {
        return options.withRunOptions(change.apply(options.runOptions));
    }
}
