package io.github.forkless.coordinator;

import io.github.forkless.common.dataset.DatasetException;
import io.github.forkless.common.dataset.DatasetFile;
import io.github.forkless.common.dataset.Slice;
import io.github.forkless.common.dataset.Slices;
import io.github.forkless.common.wire.JobSource;
import io.github.forkless.common.wire.Message;
import io.github.forkless.common.wire.Message.Assignment;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A job over a dataset: a task for each group of parameter sets and each slice, whose partials are merged in the
 * dataset's order, group by group, until each group has its results.
 */
final class JobRun extends Run {
    private static final byte[] NO_PARAMETERS = {};

    /** When so many bytes of partials cannot be merged yet, no further task is begun until some are. */
    private static final long MOST_BLOCKED_BYTES =
            Math.min(256 << 20, Runtime.getRuntime().maxMemory() / 4);

    private final List<Slice> slices;

    // From the moment when the first worker has loaded the job and said what it is like.
    private Plan plan;
    private MergeChain[] chains;
    private Object[] results;
    private int missingGroups;
    private boolean isOrdered;
    private long nextScan;
    /** The sum over all chains. */
    private long blockedBytes;
    /** Numbers merges, and parts of slices, behind the tasks of the plan. */
    private long nextNumber;

    /** Feeds a slice to a group of parameter sets. */
    private static final class Scan extends Task {
        private final int group;
        private final Slice slice;
        private final boolean isPart;

        Scan(int group, Slice slice, boolean isPart, Assignment first) {
            super(first);
            this.group = group;
            this.slice = slice;
            this.isPart = isPart;
        }

        @Override
        boolean isPart() {
            return isPart;
        }

        @Override
        Message message() {
            return new Message.Work(assignment(), NO_PARAMETERS);
        }
    }

    /** Merges partials of a group of parameter sets. */
    private static final class Merge extends Task {
        private final int group;
        private final List<byte[]> partials;

        Merge(int group, Assignment first, List<byte[]> partials) {
            super(first);
            this.group = group;
            this.partials = partials;
        }

        @Override
        Message message() {
            return new Message.Merge(assignment(), partials);
        }

        @Override
        boolean isCounted() {
            return false;
        }

        @Override
        String what(Order order) {
            return "merging " + super.what(order);
        }
    }

    /** @param slices the cut of the dataset */
    JobRun(Order order, JobSource source, List<Slice> slices) {
        super(order, source);
        this.slices = slices;
    }

    @Override
    void loaded(Message.Loaded loaded) {
        if (plan != null) {
            return;
        }
        long elements = slices.isEmpty() ? 0 : slices.getLast().to();
        plan = loaded.ordered()
                ? Plan.ordered(loaded.parameterSets(), order.procs(), elements)
                : Plan.split(loaded.parameterSets(), slices, elements);
        isOrdered = loaded.ordered();
        nextNumber = plan.tasks();
        results = new Object[loaded.parameterSets()];
        missingGroups = plan.groups().size();
        chains = new MergeChain[plan.groups().size()];
        for (int group = 0; group < chains.length; group++) {
            chains[group] = new MergeChain(elements);
            dealMerge(group); // an empty dataset has nothing to wait for
        }
    }

    @Override
    Optional<Task> freshTask() {
        return freshTasks() == 0 ? Optional.empty() : Optional.of(scan(nextScan++));
    }

    @Override
    long freshTasks() {
        // Somebody is at what the others are blocked by: a fresh task would come after that in any case.
        return plan == null || blockedBytes > MOST_BLOCKED_BYTES ? 0 : plan.tasks() - nextScan;
    }

    @Override
    long tasks() {
        return plan.tasks();
    }

    /** All groups of a slice come one after another, while the slice is in the machine's caches. */
    private Scan scan(long task) {
        int group = (int) (task % plan.groups().size());
        int slice = (int) (task / plan.groups().size());
        boolean isWhole = plan.slices().size() == 1;
        return scan(task, group, plan.slices().get(slice), false, isWhole);
    }

    private Scan scan(long task, int group, Slice slice, boolean isPart, boolean finish) {
        Plan.Group sets = plan.groups().get(group);
        return new Scan(
                group, slice, isPart, new Assignment(number(), task, 0, sets.first(), sets.end(), slice, finish));
    }

    /** Halves a slice, down to a single block. The halves' partials go the way that the whole slice's would have. */
    @Override
    boolean narrow(Task task) {
        if (isOrdered || !(task instanceof Scan scan)) {
            return false;
        }
        DatasetFile file = order.dataset().orElseThrow();
        if (scan.slice.length() <= Slices.BLOCK_BYTES / file.type().width()) {
            return false;
        }
        try {
            List<Slice> halves = Slices.split(file, scan.slice, 2);
            if (halves.size() < 2) {
                return false; // a single line
            }
            for (Slice half : halves.reversed()) {
                dealFirst(scan(nextNumber++, scan.group, half, true, false));
            }
        } catch (DatasetException unreadable) {
            fail(unreadable);
        }
        return true;
    }

    @Override
    boolean skip(Task task) {
        if (isOrdered || !(task instanceof Scan scan)) {
            return false;
        }
        MergeChain chain = chains[scan.group];
        long blockedBefore = chain.blockedBytes();
        chain.leaveOut(scan.slice);
        dealMerge(scan.group);
        blockedBytes += chain.blockedBytes() - blockedBefore;
        return true;
    }

    private void dealMerge(int group) {
        chains[group].nextBatch().ifPresent(batch -> {
            Plan.Group sets = plan.groups().get(group);
            var assignment =
                    new Assignment(number(), nextNumber++, 0, sets.first(), sets.end(), batch.slice(), batch.isLast());
            dealFirst(new Merge(group, assignment, batch.partials()));
        });
    }

    @Override
    void take(Task task, Message.Partial answer) {
        int group = task instanceof Scan scan ? scan.group : ((Merge) task).group;
        if (answer.assignment().finish()) {
            finish(group, answer);
            return;
        }
        MergeChain chain = chains[group];
        long blockedBefore = chain.blockedBytes();
        if (task instanceof Scan scan) {
            chain.arrived(scan.slice, answer.content());
        } else {
            chain.merged(answer.content());
        }
        dealMerge(group);
        blockedBytes += chain.blockedBytes() - blockedBefore;
    }

    private void finish(int group, Message.Partial answer) {
        Slice all = answer.assignment().slice();
        if (all.from() != 0 || all.to() != plan.elements()) {
            throw new IllegalStateException("a result covers " + all + " of " + plan.elements() + " elements");
        }
        Plan.Group sets = plan.groups().get(group);
        int count = sets.end() - sets.first();
        Object[] finished = Results.read(answer.content(), count, order.resultTypes());
        System.arraycopy(finished, 0, results, sets.first(), count);
        missingGroups--;
        if (missingGroups == 0) {
            complete(Arrays.asList(results));
        }
    }
}
