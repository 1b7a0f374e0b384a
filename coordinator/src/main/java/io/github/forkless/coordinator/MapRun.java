package io.github.forkless.coordinator;

import io.github.forkless.common.dataset.Slice;
import io.github.forkless.common.value.ValueRefusedException;
import io.github.forkless.common.value.ValueWriter;
import io.github.forkless.common.wire.ByteSpan;
import io.github.forkless.common.wire.ByteWriter;
import io.github.forkless.common.wire.JobSource;
import io.github.forkless.common.wire.Message;
import io.github.forkless.common.wire.Message.Assignment;
import io.github.forkless.common.wire.WireException;
import io.github.forkless.coordinator.journal.JournalException;
import io.github.forkless.coordinator.journal.JournaledRun;
import io.github.forkless.coordinator.journal.Piece;
import io.github.forkless.coordinator.journal.Range;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * A function applied to many parameters. A task is a run of parameters: a single one while nothing is known of how long
 * they take, more when they turn out to be short, so that neither the pipe nor the last worker is waited for.
 */
final class MapRun extends Run {
    /** A task is packed with about so much work. */
    private static final long TASK_NANOS = 2_000_000;

    private static final int MAX_PACKED = 4096;

    private final List<?> parameters;
    private final Slice all;
    private final ResultListener listener;
    private int nextParameter;
    private int missing;
    private int undealt;
    private long tasks;
    private long resumed;

    /** Up to where nothing is done yet; without a journal, all of them. */
    private int gapEnd;

    /** Where else something is missing, behind that. */
    private Iterator<Range> laterGaps = Collections.emptyIterator();

    /** Average time of one parameter of late; 0 when none is known. */
    private long parameterNanos;

    /** Takes each result as it comes, on the threads that listen to the workers, one at a time; must not wait. */
    @FunctionalInterface
    interface ResultListener {
        void result(int index, Object result);
    }

    private static final class Application extends Task {
        private final byte[] parameters;

        Application(Assignment first, byte[] parameters) {
            super(first);
            this.parameters = parameters;
        }

        @Override
        Message message() {
            return new Message.Work(assignment(), parameters);
        }

        @Override
        String what(Order order) {
            Assignment assignment = assignment();
            int last = assignment.endSet() - 1;
            return assignment.firstSet() == last
                    ? "parameter " + last
                    : "parameters " + assignment.firstSet() + " to " + last;
        }
    }

    /** @param listener has all results when the run is complete; the run itself keeps none */
    MapRun(Order order, JobSource.Function function, List<?> parameters, ResultListener listener) {
        super(order, function);
        this.parameters = parameters;
        this.all = order.dataset().map(dataset -> dataset.whole()).orElse(new Slice(0, 0));
        this.missing = parameters.size();
        this.undealt = missing;
        this.gapEnd = missing;
        this.listener = listener;
    }

    @Override
    boolean isPreparedFirst() {
        return false;
    }

    @Override
    void submitted() {
        if (order.journal().isPresent()) {
            new Resumption().begin(order.journal().get());
        }
        if (missing == 0 && !isDone()) {
            complete(List.of());
        }
    }

    @Override
    Optional<Task> freshTask(int node) {
        if (freshTasks() == 0) {
            return Optional.empty();
        }
        int first = nextParameter;
        int end = first + packed();
        var encoded = new ByteWriter();
        var values = new ValueWriter(encoded);
        for (int i = first; i < end; i++) {
            try {
                values.write(parameters.get(i));
            } catch (IllegalArgumentException | WireException e) {
                fail(new InvalidRequestException("parameter " + i + ": " + e.getMessage()));
                return Optional.empty();
            }
        }
        undealt -= end - first;
        nextParameter = end;
        if (end == gapEnd && laterGaps.hasNext()) {
            enter(laterGaps.next());
        }
        var assignment = new Assignment(number(), tasks++, 0, first, end, all, true);
        return Optional.of(new Application(assignment, encoded.toByteArray()));
    }

    private int packed() {
        if (parameterNanos == 0) {
            return 1;
        }
        long fairShare = Math.max(1, undealt / (4L * order.procs()));
        int packed = (int) Math.clamp(TASK_NANOS / parameterNanos, 1, Math.min(MAX_PACKED, fairShare));
        return Math.min(packed, gapEnd - nextParameter);
    }

    @Override
    long freshTasks() {
        return Math.ceilDiv(undealt, Math.max(1, packed()));
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
    void take(Task task, Message.Partial answer) {
        int first = answer.assignment().firstSet();
        int end = answer.assignment().endSet();
        Object[] results = Results.read(answer.content(), end - first, order.resultTypes());
        if (order.journal().isPresent()) {
            order.journal().get().appendResults(first, end, answer.content().copy());
        }
        take(first, results);
        long nanos = Math.max(1, answer.busyNanos() / (end - first));
        parameterNanos = parameterNanos == 0 ? nanos : (parameterNanos * 3 + nanos) / 4;
        if (missing == 0) {
            complete(List.of());
        }
    }

    private void take(int first, Object[] results) {
        for (int i = 0; i < results.length; i++) {
            listener.result(first + i, results[i]);
        }
        missing -= results.length;
    }

    private void enter(Range gap) {
        nextParameter = (int) gap.from();
        gapEnd = (int) gap.to();
    }

    /** What is different with a journal: what it has is not dealt, but taken from there. */
    private final class Resumption {

        void begin(JournaledRun journal) {
            try {
                for (Optional<Piece> next = journal.nextPiece(); next.isPresent(); next = journal.nextPiece()) {
                    if (next.get() instanceof Piece.Results(int first, int end, byte[] content)) {
                        take(first, Results.read(ByteSpan.of(content), end - first, order.resultTypes()));
                        tasks++;
                        resumed++;
                    }
                }
            } catch (JournalException e) {
                fail(e);
            } catch (WireException | ValueRefusedException e) {
                fail("what the journal has does not fit this run: " + e.getMessage());
            }
            undealt = missing;
            laterGaps = journal.missingResults(0, parameters.size()).iterator();
            if (laterGaps.hasNext()) {
                enter(laterGaps.next());
            }
        }
    }
}
