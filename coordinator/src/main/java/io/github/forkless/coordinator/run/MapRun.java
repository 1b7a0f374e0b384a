package io.github.forkless.coordinator.run;

import io.github.forkless.common.dataset.Slice;
import io.github.forkless.common.wire.JobSource;
import io.github.forkless.common.wire.Message;
import io.github.forkless.common.wire.Message.Assignment;
import io.github.forkless.coordinator.journal.JournalException;
import io.github.forkless.coordinator.journal.JournaledRun;
import io.github.forkless.coordinator.journal.Piece;
import io.github.forkless.coordinator.result.Failure;
import io.github.forkless.coordinator.run.RunOutcome.EncodedResults;
import io.github.forkless.coordinator.schedule.Task;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A function applied to many parameters. They are fed to it, encoded, a chunk at a time, and its results are handed on as
 * they come: of neither does it keep more than what workers are at. A task is a run of parameters: a single one while
 * nothing is known of how long they take, more when they turn out to be short, so that neither the pipe nor the last
 * worker is waited for.
 */
public final class MapRun extends Run {
    /** About how much work is packed into a task. */
    private static final long TASK_NANOS = 2_000_000;

    private static final int MAX_PACKED = 4096;

    /** Fewer parameters than this for each worker, and more are asked for. */
    private static final int FEW = 2 * MAX_PACKED;

    private final Slice all;
    private final Listener listener;
    private final boolean keepsFailures;
    private final ArrayDeque<Parameters> fed = new ArrayDeque<>();
    /** How many parameters {@link #fed} has. */
    private long undealt;
    /** How many will still be fed, as far as is known. */
    private long unfed;
    /** How many were fed, or taken from the journal. */
    private long drawn;

    private boolean isSubmitted;
    private boolean isFed;
    private boolean isFeedAskedFor;
    /** Parameters that were fed, or taken from the journal, and not answered. */
    private long missing;

    private long tasks;
    private long resumed;

    /** Average time of one parameter of late; 0 when none is known. */
    private long parameterNanos;

    /** Called with the scheduler's lock held: must not wait, nor run code of the user's. */
    public interface Listener {
        void arrived(EncodedResults results);

        /** There is no result for a parameter. Only called for a run that keeps failures. */
        void failed(int parameter, Failure failure);

        /** Few parameters are left: {@link #feed} more, or say that there are no more. */
        void isHungry();

        /** Whether it can do with more results at the moment. */
        boolean hasRoom();
    }

    /**
     * Neighbouring parameters, encoded one behind the other.
     *
     * @param first the number of the first
     * @param bytes see {@link io.github.forkless.common.value.ValueWriter}
     * @param ends for each the offset behind its last byte
     */
    public record Parameters(int first, byte[] bytes, int[] ends) {
        int count() {
            return ends.length;
        }

        /** Those from {@code from} to, not including, {@code to}, counted from the first. */
        Parameters part(int from, int to) {
            if (from == 0 && to == ends.length) {
                return this;
            }
            int start = from == 0 ? 0 : ends[from - 1];
            int[] partEnds = Arrays.copyOfRange(ends, from, to);
            for (int i = 0; i < partEnds.length; i++) {
                partEnds[i] -= start;
            }
            int end = to == from ? start : ends[to - 1];
            return new Parameters(first + from, Arrays.copyOfRange(bytes, start, end), partEnds);
        }
    }

    private static final class Application extends RunTask {
        private final Parameters parameters;

        Application(Assignment first, Parameters parameters, boolean isPart) {
            super(first, isPart);
            this.parameters = parameters;
        }

        @Override
        public Message message() {
            return new Message.Work(assignment(), parameters.bytes);
        }

        @Override
        int item(int item) {
            int last = parameters.first + parameters.count() - 1;
            return item >= parameters.first && item <= last ? item : parameters.count() == 1 ? last : -1;
        }

        @Override
        String what(RunContext context, int item) {
            int last = parameters.first + parameters.count() - 1;
            return item(item) >= 0 ? "parameter " + item(item) : "parameters " + parameters.first + " to " + last;
        }
    }

    /**
     * @param expected how many parameters there will be; an estimate will do
     * @param listener has all results when the run is complete; the run itself keeps none
     * @param keepsFailures whether a parameter that has no result is the listener's business, and not the run's end
     */
    public MapRun(RunContext context, JobSource source, long expected, Listener listener, boolean keepsFailures) {
        super(context, source);
        this.all = context.dataset().map(dataset -> dataset.whole()).orElse(new Slice(0, 0));
        this.unfed = expected;
        this.listener = listener;
        this.keepsFailures = keepsFailures;
        recording().parameters(expected);
    }

    /**
     * Takes what the journal has. To be called before the run is handed over, by a thread that may wait for the disk.
     *
     * @return whether that could be done; if not, the run has failed
     */
    public boolean resume() {
        if (context.journal().isEmpty()) {
            return true;
        }
        return new Resumption().takeAll(context.journal().get());
    }

    /** A class of its own, so that without a journal nothing of one is loaded. */
    private final class Resumption {
        boolean takeAll(JournaledRun journal) {
            try {
                for (List<Piece> next = journal.nextPieces(); !next.isEmpty(); next = journal.nextPieces()) {
                    for (Piece piece : next) {
                        take(piece);
                    }
                }
                return true;
            } catch (JournalException e) {
                fail(e);
                return false;
            }
        }

        private void take(Piece piece) {
            if (piece instanceof Piece.Results(int first, int end, byte[] content)) {
                listener.arrived(new EncodedResults(first, end, content));
                unfed -= end - first;
                tasks++;
                resumed++;
                drawn += end - first;
                recording().planned(1, 0);
                recording().resumed(1, 0);
                recording().applied(end - first);
            }
        }
    }

    /** Adds parameters; with the scheduler's lock held. */
    public void feed(Parameters parameters) {
        isFeedAskedFor = false;
        fed.add(parameters);
        undealt += parameters.count();
        missing += parameters.count();
        unfed = Math.max(0, unfed - parameters.count());
        drawn += parameters.count();
        recording().parameters(drawn + unfed);
    }

    /** No more parameters will come; with the scheduler's lock held. */
    public void endOfParameters() {
        isFed = true;
        unfed = 0;
        recording().parameters(drawn);
        completeIfDone();
    }

    @Override
    void begin() {
        isSubmitted = true;
        completeIfDone();
    }

    @Override
    public boolean isPlanned() {
        return true;
    }

    @Override
    Optional<Task> freshTask(int node) {
        Parameters next = fed.remove();
        int packed = Math.min(packed(), next.count());
        if (packed < next.count()) {
            fed.addFirst(next.part(packed, next.count()));
        }
        undealt -= packed;
        if (!isFed
                && !isFeedAskedFor
                && undealt < (long) FEW * context.settings().workers()) {
            isFeedAskedFor = true;
            listener.isHungry();
        }
        return Optional.of(application(next.part(0, packed), false));
    }

    private Application application(Parameters parameters, boolean isPart) {
        int end = parameters.first + parameters.count();
        recording().planned(1, 0);
        return new Application(
                new Assignment(number(), tasks++, 0, parameters.first, end, all, true), parameters, isPart);
    }

    private int packed() {
        if (parameterNanos == 0) {
            return 1;
        }
        long fairShare =
                Math.max(1, (undealt + unfed) / (4L * context.settings().workers()));
        return (int) Math.clamp(TASK_NANOS / parameterNanos, 1, Math.min(MAX_PACKED, fairShare));
    }

    @Override
    long freshTasks() {
        return listener.hasRoom() ? Math.ceilDiv(undealt, (long) packed()) : 0;
    }

    @Override
    long tasks() {
        return tasks;
    }

    @Override
    long resumed() {
        return resumed;
    }

    @Override
    void take(RunTask task, Message.Partial answer) {
        int first = answer.assignment().firstSet();
        int end = answer.assignment().endSet();
        byte[] content = answer.content().toArray();
        listener.arrived(new EncodedResults(first, end, content));
        if (context.journal().isPresent()) {
            context.journal().get().appendResults(first, end, content);
        }
        missing -= end - first;
        recording().applied(end - first);
        long nanos = Math.max(1, answer.busyNanos() / (end - first));
        parameterNanos = parameterNanos == 0 ? nanos : (parameterNanos * 3 + nanos) / 4;
    }

    @Override
    void completeIfDone() {
        if (isSubmitted && isFed && missing == 0) {
            complete(List.of());
        }
    }

    /** Parts it at the parameter that it failed at, or in the middle where that is not known. */
    @Override
    void narrow(RunTask task, int item, Optional<Failure> thrown, Runnable otherwise) {
        Parameters parameters = ((Application) task).parameters;
        int count = parameters.count();
        if (count == 1) {
            otherwise.run();
            return;
        }
        int at = item - parameters.first;
        boolean isKnown = at >= 0 && at < count;
        int from = isKnown ? at : count / 2;
        int to = isKnown ? at + 1 : count;
        dealPart(parameters, to, count);
        dealPart(parameters, from, to);
        dealPart(parameters, 0, from);
    }

    private void dealPart(Parameters parameters, int from, int to) {
        if (from < to) {
            dealFirst(application(parameters.part(from, to), true));
        }
    }

    @Override
    boolean skip(RunTask task, Failure failure) {
        Parameters parameters = ((Application) task).parameters;
        if (!keepsFailures || parameters.count() > 1) {
            return false;
        }
        listener.failed(parameters.first, failure);
        if (recording().keepsAttempts()) {
            leaveOut(all, parameters.first, parameters.first + 1, true, failure);
        }
        missing--;
        recording().applied(1);
        return true;
    }

    @Override
    boolean keepsFailures() {
        return keepsFailures;
    }
}
