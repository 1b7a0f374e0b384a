package io.github.forkless.worker;

import io.github.forkless.common.dataset.Block;
import io.github.forkless.common.dataset.Layout;
import io.github.forkless.common.job.GroupJob;
import io.github.forkless.common.job.Job;
import io.github.forkless.common.process.ProgressFile;
import java.util.Arrays;
import java.util.List;

/** The shared scan of a slice: while a block is in this core's cache, every parameter set sees it. */
final class SliceScan implements GroupJob.Scan<Object> {
    private final List<Job<Object, Object>> jobs;
    private final int firstSet;
    private final ProgressFile.Writer progress;
    private final Object[] partials;

    private SliceScan(List<Job<Object, Object>> jobs, Layout layout, int firstSet, ProgressFile.Writer progress) {
        this.jobs = jobs;
        this.firstSet = firstSet;
        this.progress = progress;
        partials = new Object[jobs.size()];
        for (int i = 0; i < partials.length; i++) {
            progress.at(firstSet + i);
            partials[i] = jobs.get(i).start(layout);
        }
    }

    /**
     * For one parameter set or more: the job's own scan if it has one for a group, or else each set in turn.
     *
     * @param firstSet the number of the first
     * @param progress is told which set is next, unless the job has its own scan
     */
    static GroupJob.Scan<Object> of(
            List<Job<Object, Object>> jobs, Layout layout, int firstSet, ProgressFile.Writer progress) {
        return jobs.size() > 1 && jobs.getFirst() instanceof GroupJob<Object, Object> first && areAlike(jobs)
                ? first.scan(asGroup(jobs))
                : new SliceScan(jobs, layout, firstSet, progress);
    }

    private static boolean areAlike(List<Job<Object, Object>> jobs) {
        for (Job<Object, Object> job : jobs) {
            if (job.getClass() != jobs.getFirst().getClass()) {
                return false;
            }
        }
        return true;
    }

    @SuppressWarnings("unchecked") // all are of the first one's class
    private static List<GroupJob<Object, Object>> asGroup(List<? extends Job<Object, Object>> jobs) {
        return (List<GroupJob<Object, Object>>) jobs;
    }

    @Override
    public void accept(Block block) {
        for (int i = 0; i < partials.length; i++) {
            progress.at(firstSet + i);
            partials[i] = jobs.get(i).accept(partials[i], block);
        }
    }

    @Override
    public List<Object> partials() {
        return Arrays.asList(partials);
    }
}
