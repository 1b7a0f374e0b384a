package io.github.forkless.coordinator;

import io.github.forkless.common.dataset.Block;
import io.github.forkless.common.job.Job;

/**
 * Counts elements, or bytes of text.
 *
 * @param way how it ends when it meets one of the fatal ones: {@code HALT}, {@code THROW} or {@code HANG}
 * @param fatal where those are, separated by blanks
 */
record Counting(String way, String fatal) implements Job<Integer, Integer> {

    @Override
    public Integer start() {
        return 0;
    }

    @Override
    public Integer accept(Integer count, Block block) {
        for (String element : fatal.isEmpty() ? new String[0] : fatal.split(" ")) {
            long at = Long.parseLong(element);
            if (at >= block.start() && at < block.start() + block.count()) {
                end();
            }
        }
        return count + (int) block.count();
    }

    private void end() {
        if (way.equals("THROW")) {
            throw new IllegalArgumentException("on purpose");
        }
        while (way.equals("HANG")) {
            Thread.onSpinWait();
        }
        Runtime.getRuntime().halt(9);
    }

    @Override
    public Integer merge(Integer left, Integer right) {
        return left + right;
    }

    @Override
    public Integer finish(Integer count) {
        return count;
    }
}
