package io.github.forkless.coordinator.code;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.forkless.common.dataset.Block;
import io.github.forkless.common.job.DataFunction;
import io.github.forkless.common.job.Job;
import io.github.forkless.common.job.Reduction;
import io.github.forkless.coordinator.result.InvalidRequestException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What cannot travel is named, with the way to it. Nothing here starts a worker: the call itself refuses. */
class SerializationTest {
    private final Thread field = new Thread();

    private static void assertRefused(Object object, String message) {
        assertThatExceptionOfType(InvalidRequestException.class)
                .isThrownBy(() -> Serialization.pack(object, "the function", 1 << 20))
                .withMessage("the function cannot travel to the workers: it is " + message);
    }

    @Test
    void packsWhatCanTravel() {
        int limit = 5;
        assertThat(Serialization.pack((DataFunction<Integer, Integer>) (_, n) -> n + limit, "the function", 1 << 20)
                        .bytes())
                .isNotEmpty();
    }

    @Test
    void namesACapturedVariable() {
        long first = 1;
        double second = 2;
        Thread culprit = new Thread();
        DataFunction<Integer, Object> function = (_, n) -> first + second + n + culprit.getName();
        assertRefused(
                function,
                "a lambda that captures 'culprit', a java.lang.Thread, which is not Serializable; copy what it needs of"
                        + " that into a local variable first");
    }

    @Test
    void namesThis() {
        DataFunction<Integer, Object> function = (_, _) -> field.getName();
        assertRefused(
                function,
                "a lambda that captures 'this', a " + SerializationTest.class.getName()
                        + ", which is not Serializable; copy what it needs of that into a local variable first");
    }

    @Test
    void namesAVariableBesideThis() {
        // A lambda that captures a Serializable object and something else: the slots are counted from 'this' on.
        record Holder(long a) implements java.io.Serializable {
            DataFunction<Integer, Object> function(Thread culprit) {
                return (_, _) -> a + culprit.getName();
            }
        }
        assertRefused(
                new Holder(1).function(field),
                "a lambda that captures 'culprit', a java.lang.Thread, which is not Serializable; copy what it needs of"
                        + " that into a local variable first");
    }

    @Test
    void namesTheOwnerOfAMethod() {
        DataFunction<Integer, Object> function = this::instanceMethod;
        assertRefused(
                function,
                "a lambda that captures the owner of instanceMethod, a " + SerializationTest.class.getName()
                        + ", which is not Serializable; copy what it needs of that into a local variable first");
    }

    private Object instanceMethod(Block data, int n) {
        return data.count() + n + field.getName();
    }

    @Test
    void namesTheWayThroughACollection() {
        List<Object> list = new ArrayList<>(List.of("fine", new Thread()));
        DataFunction<Integer, Object> function = (_, n) -> list.get(n);
        assertRefused(
                function,
                "a lambda that captures 'list', a java.util.ArrayList that holds a java.lang.Thread, which is not"
                        + " Serializable; copy what it needs of that into a local variable first");
    }

    record Threaded(int n, Thread thread) implements Job<Long, Long> {
        @Override
        public Long start() {
            return 0L;
        }

        @Override
        public Long accept(Long before, Block block) {
            return before;
        }

        @Override
        public Long merge(Long left, Long right) {
            return left;
        }

        @Override
        public Long finish(Long partial) {
            return partial;
        }
    }

    @Test
    void namesAComponentOfAJob() {
        assertRefused(
                new Threaded(1, new Thread()),
                "a " + Threaded.class.getTypeName()
                        + " whose 'thread' is a java.lang.Thread, which is not Serializable");
    }

    @Test
    void namesALambdaOfAReduction() {
        Thread culprit = new Thread();
        var reduction = new Reduction<>(() -> 0L, (n, _) -> n + culprit.threadId(), Long::sum);
        assertRefused(
                reduction,
                "a " + Reduction.class.getName()
                        + " whose 'step' is a lambda that captures 'culprit', a java.lang.Thread,"
                        + " which is not Serializable; copy what it needs of that into a local variable first");
    }

    @Test
    void saysThatAnInnerClassHoldsItsOuter() {
        DataFunction<Integer, Object> function = new DataFunction<>() {
            private static final long serialVersionUID = 1L;

            @Override
            public Object apply(Block data, Integer n) {
                return field.getName();
            }
        };
        assertRefused(
                function,
                "a " + function.getClass().getTypeName() + " whose 'this$0' is a " + SerializationTest.class.getName()
                        + ", which is not Serializable; make its class static");
    }
}
