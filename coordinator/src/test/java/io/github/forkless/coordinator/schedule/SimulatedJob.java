package io.github.forkless.coordinator.schedule;

import io.github.forkless.common.job.FailedSet;
import io.github.forkless.common.value.RecordValue;
import io.github.forkless.common.value.TypeFinder;
import io.github.forkless.common.value.ValueReader;
import io.github.forkless.common.value.ValueWriter;
import io.github.forkless.common.wire.ByteReader;
import io.github.forkless.common.wire.ByteWriter;
import io.github.forkless.common.wire.Content;
import io.github.forkless.common.wire.Message;
import io.github.forkless.common.wire.Message.Assignment;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What workers know of a run: what its job does to data, and to whoever does it. A partial is the text of all that it covers,
 * so that the answer tells what was merged, and in which order.
 *
 * @param sets how many parameter sets it has; 0 for a function
 * @param isOrdered whether it must see all data in order
 * @param harm what is not well with it, always
 * @param harmful the parameter sets or parameters that do it; of a job that harms where it is loaded, none
 * @param harmfulElement where in the data a job does it; negative for nowhere
 * @param harmsMerging whether it does that to harmful sets where they are merged, and not where they are fed
 * @param tellsItem whether a worker knows which of several it was at
 * @param busyNanos how long a task takes, or for a function a parameter
 * @param timeout how long a worker may be at a task
 */
record SimulatedJob(
        int sets,
        boolean isOrdered,
        Harm harm,
        Set<Integer> harmful,
        long harmfulElement,
        boolean harmsMerging,
        boolean tellsItem,
        long busyNanos,
        Optional<Duration> timeout) {

    enum Harm {
        NONE,
        THROWS,
        DIES,
        STALLS,
        THROWS_LOADING,
        DIES_LOADING
    }

    boolean isFunction() {
        return sets == 0;
    }

    /** The parameter or parameter set at which a task comes to harm; empty if it does not. */
    Optional<Integer> harmAt(Message request) {
        if (harm == Harm.NONE || harm.compareTo(Harm.STALLS) > 0) {
            return Optional.empty();
        }
        if (request instanceof Message.Merge merge && harmsMerging) {
            return harmful.stream()
                    .filter(set -> set >= merge.assignment().firstSet()
                            && set < merge.assignment().endSet()
                            && !merge.failed().contains(set))
                    .min(Integer::compare);
        }
        if (request instanceof Message.Work work && !harmsMerging) {
            Assignment it = work.assignment();
            for (int item = it.firstSet(); item < it.endSet(); item++) {
                if (harmful.contains(item)) {
                    return Optional.of(item);
                }
            }
            if (!isFunction()
                    && harmfulElement >= it.slice().from()
                    && harmfulElement < it.slice().to()) {
                return Optional.of(it.firstSet());
            }
        }
        return Optional.empty();
    }

    long nanos(Message request) {
        return isFunction() && request instanceof Message.Work work
                ? busyNanos * (work.assignment().endSet() - work.assignment().firstSet())
                : busyNanos;
    }

    byte[] answer(Message request) {
        var bytes = new ByteWriter();
        var values = new ValueWriter(bytes);
        if (request instanceof Message.Merge merge) {
            merge(merge, values);
        } else if (request instanceof Message.Work work && isFunction()) {
            var in = new ByteReader(work.parameters());
            var parameters = new ValueReader(in, TypeFinder.NONE);
            for (int item = work.assignment().firstSet(); in.hasRemaining(); item++) {
                Object parameter = parameters.read();
                if (!parameter.equals(item)) {
                    throw new AssertionError("parameter " + item + " came as " + parameter);
                }
                values.write("f(" + parameter + ")");
            }
        } else if (request instanceof Message.Work work) {
            Assignment it = work.assignment();
            for (int set = it.firstSet(); set < it.endSet(); set++) {
                String partial =
                        set + ":" + it.slice().from() + "-" + it.slice().to() + " ";
                values.write(it.finish() ? "=" + partial : partial);
            }
        }
        return bytes.toByteArray();
    }

    private static void merge(Message.Merge merge, ValueWriter values) {
        Assignment it = merge.assignment();
        Object[] merged = new Object[it.endSet() - it.firstSet()];
        for (int i = 0; i < merged.length; i++) {
            merged[i] = merge.failed().contains(it.firstSet() + i)
                    ? new RecordValue(FailedSet.class.getName(), Map.of())
                    : "";
        }
        for (Content partial : merge.partials()) {
            var in = new ByteReader(partial.toArray());
            var reader = new ValueReader(in, TypeFinder.NONE);
            for (int i = 0; i < merged.length; i++) {
                Object next = reader.read();
                merged[i] = merged[i] instanceof RecordValue || next instanceof RecordValue
                        ? new RecordValue(FailedSet.class.getName(), Map.of())
                        : (String) merged[i] + next;
            }
            in.expectEnd();
        }
        for (Object value : merged) {
            values.write(value instanceof RecordValue ? new FailedSet() : it.finish() ? "=" + value : value);
        }
    }
}
