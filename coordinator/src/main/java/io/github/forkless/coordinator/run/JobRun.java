package io.github.forkless.coordinator.run;

import io.github.forkless.common.dataset.Dataset;
import io.github.forkless.common.dataset.Slice;
import io.github.forkless.common.dataset.Slices;
import io.github.forkless.common.job.FailedSet;
import io.github.forkless.common.value.ValueWriter;
import io.github.forkless.common.wire.ByteSpan;
import io.github.forkless.common.wire.ByteWriter;
import io.github.forkless.common.wire.Content;
import io.github.forkless.common.wire.ContentFile;
import io.github.forkless.common.wire.JobSource;
import io.github.forkless.common.wire.Message;
import io.github.forkless.common.wire.Message.Assignment;
import io.github.forkless.common.wire.WireException;
import io.github.forkless.coordinator.journal.JournalException;
import io.github.forkless.coordinator.journal.JournaledRun;
import io.github.forkless.coordinator.journal.Piece;
import io.github.forkless.coordinator.journal.Range;
import io.github.forkless.coordinator.result.Failure;
import io.github.forkless.coordinator.run.RunOutcome.EncodedResults;
import io.github.forkless.coordinator.schedule.Task;
import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.IntFunction;

/**
 * A job over a dataset: a task for each group of parameter sets and each slice, whose partials are merged in the
 * dataset's order, group by group, until each group has its results.
 */
public final class JobRun extends Run {
    private static final byte[] NO_PARAMETERS = {};

    /** When so many bytes of partials cannot be merged yet, no further task is begun until some are. */
    private static final long MOST_BLOCKED_BYTES =
            Math.min(256 << 20, Runtime.getRuntime().maxMemory() / 4);

    /** When so many parameter sets have failed at a slice one by one, and none had an answer, it is the data's fault. */
    private static final int MOST_SUSPECTS = 4;

    /** What partials of parameter sets that were tried apart may be together. */
    private static final int MOST_JOINED_BYTES = Integer.MAX_VALUE - (1 << 20);

    /** What stands for the partial of a parameter set that has failed. */
    private static final byte[] FAILED_SET = failedSet();

    private final List<Slice> slices;
    private final int[] homes;
    private final IntFunction<String> setNames;

    // From the moment when the first worker has loaded the job and said what it is like.
    private Plan plan;
    private MergeChain[] chains;
    private int parameterSets;
    private final List<EncodedResults> results = new ArrayList<>();
    private int missingResults;
    private final BitSet failedSets = new BitSet();
    private final Map<Slice, LineUp> lineUps = new HashMap<>();
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
    /** The partials that are in files; null while none is. */
    private Set<Content> files;
    /** Numbers merges, and parts of slices, behind the tasks of the plan. */
    private long nextNumber;

    /** The only parameter set of a task, or the one that a worker says it was at; negative if that is not known. */
    private static int setOf(Assignment task, int item) {
        if (task.endSet() - task.firstSet() == 1) {
            return task.firstSet();
        }
        return item >= task.firstSet() && item < task.endSet() ? item : -1;
    }

    private static String named(IntFunction<String> setNames, int set, String what) {
        String name = set < 0 ? "" : setNames.apply(set);
        return name.isEmpty() ? what : name + ", " + what;
    }

    /** Feeds a slice to parameter sets of a group. */
    private static final class Scan extends RunTask {
        private final int group;
        private final Slice slice;
        private final IntFunction<String> setNames;
        /** What this is to be a part of; null if it is a task of its own. */
        private final SplitScan whole;
        /** Whether it is known that the data is at fault, and not one of the sets. */
        private final boolean isDataSuspected;

        Scan(
                Assignment first,
                int group,
                IntFunction<String> setNames,
                boolean isPart,
                SplitScan whole,
                boolean isDataSuspected) {
            super(first, isPart);
            this.group = group;
            this.slice = first.slice();
            this.setNames = setNames;
            this.whole = whole;
            this.isDataSuspected = isDataSuspected;
        }

        int firstSet() {
            return assignment().firstSet();
        }

        int sets() {
            return assignment().endSet() - assignment().firstSet();
        }

        @Override
        public Message message() {
            return new Message.Work(assignment(), NO_PARAMETERS);
        }

        @Override
        int item(int item) {
            return setOf(assignment(), item);
        }

        @Override
        String what(RunContext context, int item) {
            return named(setNames, item(item), context.words(slice));
        }
    }

    /** Merges partials of a group of parameter sets. */
    private static final class Merge extends RunTask {
        private final int group;
        private final IntFunction<String> setNames;
        /** Parameter sets that nothing is merged for. */
        private final List<Integer> failed;

        private final List<Content> partials;

        Merge(int group, Assignment first, IntFunction<String> setNames, List<Integer> failed, List<Content> partials) {
            super(first, false);
            this.group = group;
            this.setNames = setNames;
            this.failed = failed;
            this.partials = partials;
        }

        @Override
        public Message message() {
            return new Message.Merge(assignment(), failed, partials);
        }

        @Override
        boolean isCounted() {
            return false;
        }

        @Override
        int item(int item) {
            return setOf(assignment(), item);
        }

        @Override
        String what(RunContext context, int item) {
            return named(
                    setNames,
                    item(item),
                    "merging " + context.words(assignment().slice()));
        }
    }

    /**
     * @param slices the cut of the dataset
     * @param homes for each slice the memory node that it lies on, or {@link
     *     io.github.forkless.coordinator.engine.Engine#ANYWHERE}; empty if that makes no difference
     * @param setNames what users call a parameter set; empty for the only one
     */
    public JobRun(RunContext context, JobSource source, List<Slice> slices, int[] homes, IntFunction<String> setNames) {
        super(context, source);
        this.slices = slices;
        this.homes = homes;
        this.setNames = setNames;
    }

    private static byte[] failedSet() {
        var bytes = new ByteWriter();
        new ValueWriter(bytes).write(new FailedSet());
        return bytes.toByteArray();
    }

    @Override
    public boolean isPlanned() {
        return plan != null;
    }

    @Override
    public void loaded(Message.Loaded loaded) {
        if (plan != null) {
            return;
        }
        if (loaded.parameterSets() < 0) {
            throw new WireException("a job has " + loaded.parameterSets() + " parameter sets");
        }
        isOrdered = loaded.ordered();
        parameterSets = loaded.parameterSets();
        missingResults = parameterSets;
        resumption =
                context.journal().isPresent() ? new Resumption(context.journal().get()) : null;
        plan = plan();
        tasks = plan.tasks();
        long wholeBytes = bytes(plan.all());
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
            chains[group] = new MergeChain(plan.all());
            dealMerge(group); // an empty dataset has nothing to wait for
        }
        if (resumption != null) {
            resumption.begin();
        }
        completeIfDone();
    }

    private Plan plan() {
        Slice all = slices.isEmpty()
                ? new Slice(0, 0)
                : new Slice(slices.getFirst().from(), slices.getLast().to());
        if (!isOrdered) {
            return Plan.split(parameterSets, slices, all);
        }
        return resumption != null
                ? Plan.orderedFinely(parameterSets, context.settings().workers(), all)
                : Plan.ordered(parameterSets, context.settings().workers(), all);
    }

    @Override
    Optional<Task> freshTask(int node) {
        freshTasks--;
        Scan next = nextScan(node);
        if (resumption != null) {
            return resumption.missingFrom(next, node);
        }
        open++;
        return withoutFailedSets(next);
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
        Plan.Group sets = plan.groups().get(group);
        return scan(task, group, sets.first(), sets.end(), plan.slices().get(slice), false, isWhole, null, false);
    }

    private Scan scan(
            long task,
            int group,
            int firstSet,
            int endSet,
            Slice slice,
            boolean isPart,
            boolean finish,
            SplitScan whole,
            boolean isDataSuspected) {
        var assignment = new Assignment(number(), task, 0, firstSet, endSet, slice, finish);
        return new Scan(assignment, group, setNames, isPart, whole, isDataSuspected);
    }

    // ---- what fails

    /**
     * Finds out which parameter set is at fault, by having them tried apart; or, if it is the data, halves the slice, down
     * to a single block.
     */
    @Override
    void narrow(RunTask task, int item, Optional<Failure> thrown, Runnable otherwise) {
        if (!(task instanceof Scan scan)) {
            otherwise.run();
        } else if (scan.whole != null && scan.whole.isOver) {
            open--; // it is not waited for any more
        } else if (scan.sets() > 1 && !scan.isDataSuspected) {
            splitSets(scan, item, thrown);
        } else if (scan.whole == null && !isSuspect(scan)) {
            narrowSlice(scan, otherwise);
        } else {
            otherwise.run();
        }
    }

    /** Whether this is a lone parameter set, of which others have to tell whether it is at fault, or the data. */
    private boolean isSuspect(Scan scan) {
        return skipsFailed()
                && scan.whole == null
                && scan.sets() == 1
                && !scan.isDataSuspected
                && (isOrdered || plan.groups().size() > 1);
    }

    private void splitSets(Scan scan, int item, Optional<Failure> thrown) {
        int first = scan.firstSet();
        int end = first + scan.sets();
        boolean isKnown = item >= first && item < end;
        int from = isKnown ? item : first + scan.sets() / 2;
        int to = isKnown ? item + 1 : end;
        SplitScan whole = scan.whole != null ? scan.whole : new SplitScan(scan, thrown);
        open--;
        dealSets(scan, whole, to, end);
        dealSets(scan, whole, from, to);
        dealSets(scan, whole, first, from);
    }

    private void dealSets(Scan scan, SplitScan whole, int from, int to) {
        if (from < to) {
            boolean finish = scan.assignment().finish();
            dealFirst(scan(nextNumber++, scan.group, from, to, scan.slice, true, finish, whole, false));
            open++;
        }
    }

    /** The halves' partials go the way that the whole slice's would have. */
    private void narrowSlice(Scan scan, Runnable otherwise) {
        Dataset dataset = context.dataset().orElseThrow();
        if (isOrdered || scan.slice.length() <= dataset.layout().perBlock() && dataset.isInOnePart(scan.slice)) {
            otherwise.run();
            return;
        }
        inBackground(() -> {
            List<Slice> halves = Slices.split(dataset, scan.slice, 2); // text is read for that
            return () -> {
                if (halves.size() < 2) { // a single line
                    otherwise.run();
                } else {
                    dealParts(scan, halves, true);
                    open--;
                }
            };
        });
    }

    private void dealParts(Scan scan, List<Slice> parts, boolean isDataSuspected) {
        Plan.Group sets = plan.groups().get(scan.group);
        for (Slice part : parts.reversed()) {
            dealFirst(
                    scan(nextNumber++, scan.group, sets.first(), sets.end(), part, true, false, null, isDataSuspected));
            open++;
        }
    }

    @Override
    boolean settle(RunTask task, int item, Failure failure) {
        if (task instanceof Merge merge) {
            return settleMerge(merge, merge.item(item), failure);
        }
        if (!(task instanceof Scan scan) || scan.sets() > 1 || scan.whole == null && !isSuspect(scan)) {
            return false; // of several sets, it is not known which it was
        }
        open--;
        if (scan.whole != null) {
            scan.whole.failed(scan, failure);
        } else if (isOrdered) {
            failLoneSet(scan, failure);
        } else {
            lineUps.computeIfAbsent(scan.slice, _ -> new LineUp()).failed(scan, failure);
        }
        return true;
    }

    @Override
    boolean skip(RunTask task, Failure failure) {
        if (isOrdered || !(task instanceof Scan scan) || scan.whole != null) {
            return false;
        }
        leaveOut(scan.slice, scan.firstSet(), scan.firstSet() + scan.sets(), false, failure);
        recording().leftOut(bytes(scan.slice));
        change(scan.group, () -> chains[scan.group].leaveOut(scan.slice));
        open--;
        if (resumption != null) {
            resumption.goOn();
        }
        return true;
    }

    /**
     * A scan for several parameter sets that failed, and that is tried for some of them at a time. When all parts have
     * come to an end, those sets that failed are at fault if others did not fail; if none had an answer, the data is.
     */
    private final class SplitScan {
        private final Scan scan;
        /** What came of each range of sets, by its first. */
        private final Map<Integer, Answer> answers = new HashMap<>();

        private final TreeMap<Integer, Failure> failures = new TreeMap<>();
        private final Optional<Failure> thrown;
        private int settledSets;
        private boolean isOver;

        private record Answer(int sets, byte[] content) {}

        /** @param thrown what the job threw at all of them together, if that is why they are tried apart */
        SplitScan(Scan scan, Optional<Failure> thrown) {
            this.scan = scan;
            this.thrown = thrown;
        }

        void arrived(Scan part, byte[] partial) {
            if (!isOver) {
                answers.put(part.firstSet(), new Answer(part.sets(), partial));
                settled(part.sets());
            }
        }

        void failed(Scan part, Failure failure) {
            if (isOver) {
                return;
            }
            failures.put(part.firstSet(), failure); // it is of a single set
            if (failures.size() == MOST_SUSPECTS && answers.isEmpty() && !isOrdered) {
                isOver = true; // of the other parts, the same is to be expected
                open -= withdraw(task -> task instanceof Scan other && other.whole == this);
                suspectData(scan, failure);
            } else {
                settled(1);
            }
        }

        private void settled(int sets) {
            settledSets += sets;
            if (settledSets < scan.sets()) {
                return;
            }
            isOver = true;
            if (failures.isEmpty() && thrown.isPresent() && !skipsFailed()) {
                fail("the job failed at " + thrown.get());
            } else if (answers.isEmpty() && !failures.isEmpty() && !(isOrdered && skipsFailed())) {
                suspectData(scan, failures.firstEntry().getValue());
            } else if (!failures.isEmpty() && !skipsFailed()) {
                Failure failure = failures.firstEntry().getValue();
                fail("every attempt at " + failure.what()
                        + " came to nothing, while other parameter sets had an answer: " + failure.cause());
            } else {
                failures.forEach(JobRun.this::failSet);
                join();
            }
        }

        private void join() {
            long bytes = 0;
            for (Answer answer : answers.values()) {
                bytes += answer.content.length;
            }
            if (bytes > MOST_JOINED_BYTES) { // those behind seams, too, are to fit an array
                fail(String.format(
                        Locale.ROOT,
                        "the partials of parameter sets %d to %d at %s are %,d bytes together, and can be %,d; return"
                                + " smaller partials, or raise --tasks so that each holds less",
                        scan.firstSet(),
                        scan.firstSet() + scan.sets() - 1,
                        context.words(scan.slice),
                        bytes,
                        MOST_JOINED_BYTES));
                return;
            }
            var joined = new ByteArrayOutputStream();
            int set = scan.firstSet();
            while (set < scan.firstSet() + scan.sets()) {
                Answer answer = answers.get(set);
                joined.write(ValueWriter.SEAM);
                joined.writeBytes(answer == null ? FAILED_SET : answer.content);
                set += answer == null ? 1 : answer.sets;
            }
            done(scan, !answers.isEmpty());
            Content whole = ByteSpan.of(joined.toByteArray());
            takeScan(scan, whole, whole);
        }
    }

    /** What becomes of a slice at which lone parameter sets fail: others show whether it can be read at all. */
    private final class LineUp {
        private final Map<Scan, Failure> suspects = new LinkedHashMap<>();
        private boolean isReadable;

        void failed(Scan scan, Failure failure) {
            suspects.put(scan, failure);
            if (isReadable) {
                acquitData();
            } else if (suspects.size() >= MOST_SUSPECTS) {
                suspectData();
            }
        }

        void answered() {
            isReadable = true;
            acquitData();
        }

        private void acquitData() {
            drain(JobRun.this::failLoneSet);
        }

        void suspectData() {
            drain(JobRun.this::suspectData);
        }

        private void drain(BiConsumer<Scan, Failure> verdict) {
            var judged = new LinkedHashMap<>(suspects);
            suspects.clear();
            judged.forEach(verdict);
        }
    }

    /** A slice has been read for at least one parameter set. */
    private void readable(Slice slice) {
        if (skipsFailed() && plan.groups().size() > 1) {
            lineUps.computeIfAbsent(slice, _ -> new LineUp()).answered();
        }
    }

    /** Ends the comparisons when no task is left that could join them. */
    private void closeLineUps() {
        if (open == 0 && waitingTasks() == 0) {
            for (LineUp lineUp : List.copyOf(lineUps.values())) {
                lineUp.suspectData();
            }
        }
    }

    /** Looks for the part of a slice that no parameter set can read. */
    private void suspectData(Scan scan, Failure failure) {
        if (isDone()) {
            return;
        }
        open++; // as if it had just been dealt
        Scan whole = scan(
                nextNumber++,
                scan.group,
                scan.firstSet(),
                scan.firstSet() + scan.sets(),
                scan.slice,
                true,
                scan.assignment().finish(),
                null,
                true);
        narrowSlice(whole, () -> {
            if (!skipsFailed() || !skip(whole, failure)) {
                fail("every attempt at " + failure.what() + " came to nothing: " + failure.cause());
            }
        });
    }

    private void failLoneSet(Scan scan, Failure failure) {
        failSet(scan.firstSet(), failure);
        done(scan, false);
        Content failed = ByteSpan.of(failedSets(1));
        takeScan(scan, failed, failed);
    }

    private void done(Scan scan, boolean isRead) {
        if (isRead) {
            recording().read(bytes(scan.slice));
        } else {
            recording().leftOut(bytes(scan.slice));
        }
    }

    private static byte[] failedSets(int count) {
        var bytes = new ByteArrayOutputStream();
        for (int i = 0; i < count; i++) {
            bytes.write(ValueWriter.SEAM);
            bytes.writeBytes(FAILED_SET);
        }
        return bytes.toByteArray();
    }

    /** There will be no answer for a parameter set. */
    private void failSet(int set, Failure failure) {
        if (!failedSets.get(set)) {
            failedSets.set(set);
            leaveOut(plan.all(), set, set + 1, true, failure);
            madeProgress();
        }
    }

    /** The set that it failed at has no answer; what others have is merged all the same. */
    private boolean settleMerge(Merge merge, int set, Failure failure) {
        if (!skipsFailed() || set < 0 || merge.failed.contains(set)) {
            return false;
        }
        failSet(set, failure);
        dealMerge(merge.group, merge.assignment(), merge.partials);
        open--;
        return true;
    }

    /** Scans of the sets that have not failed; what stands for the others is known. */
    private Optional<Task> withoutFailedSets(Scan scan) {
        int end = scan.firstSet() + scan.sets();
        if (!hasFailed(scan.firstSet(), end)) {
            return Optional.of(scan);
        }
        var whole = new SplitScan(scan, Optional.empty());
        open--;
        int failed = 0;
        int from = scan.firstSet();
        while (from < end) {
            int to = nextFailed(from, end);
            dealSets(scan, whole, from, to);
            from = Math.min(failedSets.nextClearBit(to), end);
            failed += from - to;
        }
        whole.settled(failed);
        completeIfDone();
        return Optional.empty();
    }

    private int nextFailed(int from, int end) {
        int next = failedSets.nextSetBit(from);
        return next < 0 ? end : Math.min(next, end);
    }

    // ---- merging

    private void dealMerge(int group) {
        Optional<MergeChain.Batch> next = chains[group].nextBatch();
        if (next.isEmpty()) { // no lambda, as that would be one more class at every start
            return;
        }
        MergeChain.Batch batch = next.get();
        Plan.Group sets = plan.groups().get(group);
        if (batch.partials().isEmpty() && plan.all().length() > 0) {
            failGroup(sets); // what a job answers to nothing would pass for the answer to the data
            return;
        }
        var assignment = new Assignment(number(), 0, 0, sets.first(), sets.end(), batch.slice(), batch.isLast());
        dealMerge(group, assignment, batch.partials());
    }

    private void dealMerge(int group, Assignment of, List<Content> partials) {
        var first = new Assignment(number(), nextNumber++, 0, of.firstSet(), of.endSet(), of.slice(), of.finish());
        dealFirst(new Merge(group, first, setNames, failedAmong(of.firstSet(), of.endSet()), partials));
        open++;
    }

    private List<Integer> failedAmong(int firstSet, int endSet) {
        if (!hasFailed(firstSet, endSet)) {
            return List.of();
        }
        List<Integer> failed = new ArrayList<>();
        for (int set = failedSets.nextSetBit(firstSet);
                set >= 0 && set < endSet;
                set = failedSets.nextSetBit(set + 1)) {
            failed.add(set);
        }
        return failed;
    }

    /** Everything was left out. */
    private void failGroup(Plan.Group sets) {
        for (int set = sets.first(); set < sets.end(); set++) {
            failedSets.set(set);
        }
        leaveOutWhole(sets.first(), sets.end(), plan.all());
        takeResults(sets.first(), sets.end(), failedSets(sets.end() - sets.first()));
    }

    @Override
    void take(RunTask task, Message.Partial answer) {
        if (answer.assignment().finish()) {
            requireWhole(answer.assignment().slice());
        }
        if (answer.content() instanceof ByteSpan span) {
            Content held = ByteSpan.of(span.toArray());
            taken(task, held, held);
        } else {
            takeFile(task, (ContentFile) answer.content());
        }
    }

    /** Partials in a file stay there until they are merged. Where they are wanted in memory, too, they are read first. */
    private void takeFile(RunTask task, ContentFile file) {
        if (files == null) {
            files = new HashSet<>();
            whenReleased(() -> delete(List.copyOf(files)));
        }
        file.keep();
        files.add(file);
        if (!(task instanceof Scan scan) || scan.whole == null && resumption == null) {
            taken(task, file, file);
            return;
        }
        inBackground(() -> {
            byte[] read;
            try {
                read = file.toArray();
            } catch (WireException e) {
                return () -> fail(e.getMessage());
            }
            return () -> {
                taken(task, file, ByteSpan.of(read));
                if (scan.whole != null) { // its part of the whole is in memory now
                    delete(List.of(file));
                }
            };
        });
    }

    /** Deletes those that are files of this run. Whoever waits for the lock does not wait for that. */
    private void delete(List<Content> contents) {
        List<Content> unneeded = new ArrayList<>(contents);
        unneeded.retainAll(files);
        files.removeAll(unneeded);
        if (!unneeded.isEmpty()) {
            inBackground(() -> {
                unneeded.forEach(it -> ((ContentFile) it).delete());
                return () -> {};
            });
        }
    }

    /** @param read the same in memory, for who wants it there */
    private void taken(RunTask task, Content content, Content read) {
        if (task instanceof Scan scan) {
            readable(scan.slice);
            if (scan.whole != null) {
                scan.whole.arrived(scan, read.toArray());
            } else {
                recording().read(bytes(scan.slice));
                takeScan(scan, content, read);
            }
        } else {
            takeMerge((Merge) task, content);
        }
        open--;
        if (resumption != null) {
            resumption.goOn();
        }
    }

    /** @param read the same in memory, for the journal */
    private void takeScan(Scan scan, Content content, Content read) {
        int firstSet = scan.firstSet();
        int endSet = firstSet + scan.sets();
        boolean isToJournal = resumption != null && !hasFailed(firstSet, endSet);
        if (scan.assignment().finish()) {
            if (isToJournal) {
                resumption.journal.appendResults(firstSet, endSet, read.toArray());
            }
            takeResults(firstSet, endSet, content.toArray());
            return;
        }
        arrived(scan.group, scan.slice, content);
        if (isToJournal) {
            resumption.journal.appendPartials(firstSet, endSet, scan.slice, read.toArray());
        }
    }

    private boolean hasFailed(int firstSet, int endSet) {
        int failed = failedSets.nextSetBit(firstSet);
        return failed >= 0 && failed < endSet;
    }

    private void takeMerge(Merge merge, Content content) {
        if (files != null) {
            delete(merge.partials);
        }
        Assignment done = merge.assignment();
        if (done.finish()) {
            takeResults(done.firstSet(), done.endSet(), content.toArray());
        } else {
            change(merge.group, () -> chains[merge.group].merged(content));
        }
    }

    private void arrived(int group, Slice slice, Content partial) {
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
        return context.dataset().isEmpty()
                ? 0
                : context.dataset().get().layout().bytes(slice.length());
    }

    private void requireWhole(Slice slice) {
        // A record's own equals costs 10 ms at its first call, which is in every run's way.
        if (slice.from() != plan.all().from() || slice.to() != plan.all().to()) {
            throw new WireException("a result covers " + slice + " of " + plan.all());
        }
    }

    private void takeResults(int firstSet, int endSet, byte[] content) {
        results.add(new EncodedResults(firstSet, endSet, content));
        missingResults -= endSet - firstSet;
    }

    @Override
    void completeIfDone() {
        if (plan != null && !lineUps.isEmpty()) {
            closeLineUps();
        }
        if (plan != null && missingResults == 0) {
            complete(results);
        }
    }

    /** What is different with a journal: what it has is not dealt, but taken from there. */
    private final class Resumption {
        private final JournaledRun journal;
        /** What was read and not taken yet. */
        private final ArrayDeque<Piece> read = new ArrayDeque<>();

        private boolean isReading;
        private boolean isAtEnd;
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
            plan = new Plan(groups, plan.slices(), plan.all());
            return resumedGroups;
        }

        /** Finds out which tasks are done, and begins to take what came of them. */
        void begin() {
            long done = 0;
            long doneBytes = 0;
            for (Plan.Group group : plan.groups()) {
                if (!journal.hasPartials(group.first())) {
                    continue;
                }
                for (Slice slice : plan.slices()) {
                    List<Slice> missing = journal.missingPartials(group.first(), slice);
                    done += missing.isEmpty() ? 1 : 0;
                    doneBytes += bytes(slice);
                    for (Slice part : missing) {
                        doneBytes -= bytes(part);
                    }
                }
            }
            resumed += done;
            freshTasks -= done;
            recording().resumed(done, doneBytes);
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
                return withoutFailedSets(scan);
            }
            dealParts(scan, missing, false);
            return Optional.empty();
        }

        /**
         * Takes what the journal has, up to where the workers have to come after, for what waits for them is in memory.
         * This goes on when they have.
         */
        void goOn() {
            try {
                while (!isDone() && !read.isEmpty() && !isAhead()) {
                    take(read.remove());
                }
            } catch (IllegalStateException | WireException e) {
                fail("what the journal has does not fit this run: " + e.getMessage());
            }
            if (!isDone() && !isAtEnd && !isReading && read.isEmpty() && !isAhead()) {
                isReading = true;
                open++;
                inBackground(this::readOn);
            }
        }

        /** Called without the lock. */
        private Runnable readOn() {
            List<Piece> pieces;
            try {
                pieces = journal.nextPieces();
            } catch (JournalException e) {
                return () -> fail(e);
            }
            return () -> {
                isReading = false;
                open--;
                isAtEnd = pieces.isEmpty();
                read.addAll(pieces);
                goOn();
            };
        }

        /** Whether there is a batch to be merged behind the one that is, or too much waits for a task that is missing. */
        private boolean isAhead() {
            return lastGroup >= 0 && (chains[lastGroup].isBehind() || isBlocked() && waitsForTask());
        }

        /** What does not, waits for a piece that comes later in the journal. */
        private boolean waitsForTask() {
            int firstSet = plan.groups().get(lastGroup).first();
            long at = chains[lastGroup].coveredTo();
            return at < plan.all().to()
                    && !journal.missingPartials(firstSet, new Slice(at, at + 1)).isEmpty();
        }

        private void take(Piece piece) {
            switch (piece) {
                case Piece.Results(int firstSet, int endSet, byte[] content) -> takeResults(firstSet, endSet, content);
                case Piece.Partials(int firstSet, int _, Slice slice, byte[] content) -> {
                    lastGroup = plan.groupOf(firstSet);
                    arrived(lastGroup, slice, ByteSpan.of(content));
                }
            }
        }
    }
}
