package io.github.forkless.coordinator;

import io.github.forkless.common.dataset.DatasetException;
import io.github.forkless.common.dataset.DatasetFile;
import io.github.forkless.common.dataset.Slice;
import io.github.forkless.common.dataset.Slices;
import io.github.forkless.common.value.ValueRefusedException;
import io.github.forkless.common.wire.ByteSpan;
import io.github.forkless.common.wire.JobSource;
import io.github.forkless.common.wire.Message;
import io.github.forkless.common.wire.Message.Assignment;
import io.github.forkless.common.wire.WireException;
import io.github.forkless.coordinator.journal.JournalException;
import io.github.forkless.coordinator.journal.JournaledRun;
import io.github.forkless.coordinator.journal.Piece;
import io.github.forkless.coordinator.journal.Range;
import java.util.ArrayList;
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
    private final int[] homes;

    // From the moment when the first worker has loaded the job and said what it is like.
    private Plan plan;
    private MergeChain[] chains;
    private Object[] results;
    private int missingResults;
    private boolean isOrdered;
    private long tasks;
    /** Null without a journal. */
    private Resumption resumption;

    private ScanOrder scanOrder;
    private long freshTasks;
    private long resumed;
    /** Tasks that were begun, or are to be tried again, and have not been answered. */
    private int open;
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

    /**
     * @param slices the cut of the dataset
     * @param homes for each slice the memory node that it lies on, or {@link WorkerPlaces#ANYWHERE}; empty if that makes no
     *     difference
     */
    JobRun(Order order, JobSource source, List<Slice> slices, int[] homes) {
        super(order, source);
        this.slices = slices;
        this.homes = homes;
    }

    @Override
    boolean isPreparedFirst() {
        return true;
    }

    @Override
    void loaded(Message.Loaded loaded) {
        if (plan != null) {
            return;
        }
        isOrdered = loaded.ordered();
        results = new Object[loaded.parameterSets()];
        missingResults = results.length;
        resumption =
                order.journal().isPresent() ? new Resumption(order.journal().get()) : null;
        plan = plan();
        tasks = plan.tasks();
        long wholeBytes = bytes(new Slice(0, plan.elements()));
        if (resumption != null) {
            long resumedGroups = resumption.leaveOutResults();
            recording().planned(tasks, (resumedGroups + plan.groups().size()) * wholeBytes);
            recording().resumed(resumed, resumedGroups * wholeBytes);
        } else {
            recording().planned(tasks, plan.groups().size() * wholeBytes);
        }
        scanOrder = ScanOrder.of(plan, homes);
        freshTasks = plan.tasks();
        nextNumber = plan.tasks();
        chains = new MergeChain[plan.groups().size()];
        for (int group = 0; group < chains.length; group++) {
            chains[group] = new MergeChain(plan.elements());
            dealMerge(group); // an empty dataset has nothing to wait for
        }
        if (resumption != null) {
            resumption.begin();
        }
    }

    private Plan plan() {
        long elements = slices.isEmpty() ? 0 : slices.getLast().to();
        if (!isOrdered) {
            return Plan.split(results.length, slices, elements);
        }
        return resumption != null
                ? Plan.orderedFinely(results.length, order.procs(), elements)
                : Plan.ordered(results.length, order.procs(), elements);
    }

    @Override
    Optional<Task> freshTask(int node) {
        if (freshTasks() == 0) {
            return Optional.empty();
        }
        freshTasks--;
        Scan next = nextScan(node);
        if (resumption != null) {
            return resumption.missingFrom(next, node);
        }
        open++;
        return Optional.of(next);
    }

    @Override
    long freshTasks() {
        return plan == null || open > 0 && isBlocked() ? 0 : freshTasks;
    }

    /** Whether so much waits for others that nothing should be added to it before these have come. */
    private boolean isBlocked() {
        return blockedBytes > MOST_BLOCKED_BYTES;
    }

    @Override
    long tasks() {
        return tasks;
    }

    @Override
    long resumed() {
        return resumed;
    }

    /** What waits to be merged waits for what comes first in the dataset. */
    private Scan nextScan(int node) {
        return scan(isBlocked() ? scanOrder.first() : scanOrder.next(node));
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
            dealParts(scan, halves);
            open--;
        } catch (DatasetException unreadable) {
            fail(unreadable);
        }
        return true;
    }

    private void dealParts(Scan whole, List<Slice> parts) {
        for (Slice part : parts.reversed()) {
            dealFirst(scan(nextNumber++, whole.group, part, true, false));
            open++;
        }
    }

    @Override
    boolean skip(Task task) {
        if (isOrdered || !(task instanceof Scan scan)) {
            return false;
        }
        recording().leftOut(bytes(scan.slice));
        change(scan.group, () -> chains[scan.group].leaveOut(scan.slice));
        open--;
        if (resumption != null) {
            resumption.goOn();
        }
        return true;
    }

    private void dealMerge(int group) {
        chains[group].nextBatch().ifPresent(batch -> {
            Plan.Group sets = plan.groups().get(group);
            var assignment =
                    new Assignment(number(), nextNumber++, 0, sets.first(), sets.end(), batch.slice(), batch.isLast());
            dealFirst(new Merge(group, assignment, batch.partials()));
            open++;
        });
    }

    @Override
    void take(Task task, Message.Partial answer) {
        Assignment done = answer.assignment();
        if (task instanceof Scan scan) {
            recording().read(bytes(scan.slice));
        }
        if (done.finish()) {
            requireWhole(done.slice());
            takeResults(done.firstSet(), done.endSet(), answer.content(), task instanceof Scan);
            open--;
            return;
        }
        if (task instanceof Scan scan) {
            byte[] partial = answer.content().copy();
            arrived(scan.group, scan.slice, partial);
            if (resumption != null) {
                resumption.journal.appendPartials(done.firstSet(), done.endSet(), scan.slice, partial);
            }
        } else if (task instanceof Merge merge) {
            change(
                    merge.group,
                    () -> chains[merge.group].merged(answer.content().copy()));
        }
        open--;
        if (resumption != null) {
            resumption.goOn();
        }
    }

    private void arrived(int group, Slice slice, byte[] partial) {
        change(group, () -> chains[group].arrived(slice, partial));
    }

    /** Changes a chain, deals the merge that may have come up, and keeps account of what is blocked. */
    private void change(int group, Runnable change) {
        long blockedBefore = chains[group].blockedBytes();
        change.run();
        dealMerge(group);
        blockedBytes += chains[group].blockedBytes() - blockedBefore;
    }

    private long bytes(Slice slice) {
        return order.dataset().isEmpty()
                ? 0
                : slice.length() * order.dataset().get().type().width();
    }

    private void requireWhole(Slice slice) {
        if (slice.from() != 0 || slice.to() != plan.elements()) {
            throw new IllegalStateException("a result covers " + slice + " of " + plan.elements() + " elements");
        }
    }

    /** @param isToJournal whether a journal has neither them nor the partials that they were made of */
    private void takeResults(int firstSet, int endSet, ByteSpan content, boolean isToJournal) {
        Object[] finished = Results.read(content, endSet - firstSet, order.resultTypes());
        if (isToJournal && resumption != null) {
            resumption.journal.appendResults(firstSet, endSet, content.copy());
        }
        System.arraycopy(finished, 0, results, firstSet, finished.length);
        missingResults -= finished.length;
        if (missingResults == 0) {
            complete(Arrays.asList(results));
        }
    }

    /** What is different with a journal: what it has is not dealt, but taken from there. */
    private final class Resumption {
        private final JournaledRun journal;
        /** Whose partials were taken last; negative for none. */
        private int lastGroup = -1;

        Resumption(JournaledRun journal) {
            this.journal = journal;
        }

        /** Takes the parameter sets out of the plan that the journal has results of; returns how many groups have no other. */
        int leaveOutResults() {
            int resumedGroups = 0;
            List<Plan.Group> groups = new ArrayList<>();
            for (Plan.Group group : plan.groups()) {
                List<Range> missing = journal.missingResults(group.first(), group.end());
                if (missing.isEmpty()) {
                    resumedGroups++;
                    resumed += plan.slices().size();
                }
                for (Range sets : missing) {
                    groups.add(new Plan.Group((int) sets.from(), (int) sets.to()));
                }
            }
            plan = new Plan(groups, plan.slices(), plan.elements());
            return resumedGroups;
        }

        /** Finds out which tasks are done, and begins to take what came of them. */
        void begin() {
            for (long task = 0; task < plan.tasks(); task++) {
                Scan scan = scan(task);
                List<Slice> missing = missingOf(scan);
                if (missing.isEmpty()) {
                    resumed++;
                    freshTasks--;
                }
                long missingBytes = 0;
                for (Slice slice : missing) {
                    missingBytes += bytes(slice);
                }
                recording().resumed(missing.isEmpty() ? 1 : 0, bytes(scan.slice) - missingBytes);
            }
            goOn();
        }

        private List<Slice> missingOf(Scan scan) {
            return journal.missingPartials(plan.groups().get(scan.group).first(), scan.slice);
        }

        /** What is left to do of a task, or of the first one after it of which anything is. */
        Optional<Task> missingFrom(Scan first, int node) {
            Scan scan = first;
            List<Slice> missing = missingOf(scan);
            while (missing.isEmpty()) {
                scan = nextScan(node);
                missing = missingOf(scan);
            }
            if (missing.getFirst().equals(scan.slice)) {
                open++;
                return Optional.of(scan);
            }
            dealParts(scan, missing);
            return nextTask(node);
        }

        /**
         * Takes what the journal has, up to where the workers have to come after, for what waits for them is in memory.
         * This goes on when they have.
         */
        void goOn() {
            try {
                while (!isDone() && !isAhead()) {
                    Optional<Piece> next = journal.nextPiece();
                    if (next.isEmpty()) {
                        return;
                    }
                    take(next.get());
                }
            } catch (JournalException e) {
                fail(e);
            } catch (IllegalStateException | WireException | ValueRefusedException e) {
                fail("what the journal has does not fit this run: " + e.getMessage());
            }
        }

        /** Whether there is a batch to be merged behind the one that is, or too much waits for a task that is missing. */
        private boolean isAhead() {
            return lastGroup >= 0 && (chains[lastGroup].isBehind() || isBlocked() && waitsForTask());
        }

        /** What does not, waits for a piece that comes later in the journal. */
        private boolean waitsForTask() {
            int firstSet = plan.groups().get(lastGroup).first();
            long at = chains[lastGroup].coveredTo();
            return at < plan.elements()
                    && !journal.missingPartials(firstSet, new Slice(at, at + 1)).isEmpty();
        }

        private void take(Piece piece) {
            switch (piece) {
                case Piece.Results(int firstSet, int endSet, byte[] content) ->
                    takeResults(firstSet, endSet, ByteSpan.of(content), false);
                case Piece.Partials(int firstSet, int _, Slice slice, byte[] content) -> {
                    lastGroup = plan.groupOf(firstSet);
                    arrived(lastGroup, slice, content);
                }
            }
        }
    }
}
