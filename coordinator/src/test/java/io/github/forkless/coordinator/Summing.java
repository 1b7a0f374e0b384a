package io.github.forkless.coordinator;

import io.github.forkless.common.dataset.Block;
import io.github.forkless.common.job.Job;
import io.github.forkless.common.job.NextPass;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Adds up the elements, once in each pass.
 *
 * <p>On its own, and not within a test, for the reason of {@link JournaledJobs}.
 *
 * @param passes how many it wants; 0 for the same one again and again
 * @param bad an element that it throws at in its last pass
 * @param signal a file that it makes in its second pass, in which it then stays; empty for none
 */
record Summing(int passes, int pass, int bad, String signal) implements Job<Long, Object> {
    Summing(int passes) {
        this(passes, 1, -1, "");
    }

    @Override
    public Long start() {
        return 0L;
    }

    @Override
    public Long accept(Long before, Block block) {
        if (pass == 2 && !signal.isEmpty()) {
            if (block.start() == 0) {
                Signals.give(Path.of(signal));
            }
            while (signal != null) {
                Thread.onSpinWait();
            }
        }
        long sum = before;
        for (long i = 0; i < block.count(); i++) {
            if (pass == passes && block.intAt(i) == bad) {
                throw new IllegalStateException("bad element");
            }
            sum += block.intAt(i);
        }
        return sum;
    }

    @Override
    public Long merge(Long left, Long right) {
        return left + right;
    }

    @Override
    public Object finish(Long sum) {
        return pass == passes
                ? List.of(pass, sum)
                : new NextPass(passes == 0 ? Map.of("pass", "1") : Map.of("pass", Integer.toString(pass + 1)));
    }
}
