package io.github.forkless.coordinator.code;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.forkless.common.job.SerializableCallable;
import io.github.forkless.common.job.SerializableRunnable;
import io.github.forkless.common.job.TaskCall;
import io.github.forkless.coordinator.result.TaskException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.NoSuchFileException;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

/** What a task throws in a worker, as whoever waits for the task meets it. */
class TaskExceptionsTest {

    public static class NoSuchPriceException extends Exception {
        private static final long serialVersionUID = 1L;

        public NoSuchPriceException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    public static class CodedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        public CodedException(int code, String message) {
            super(code + ": " + message);
        }
    }

    /** Its words are not those that it was made with. */
    public static class DecoratedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        public DecoratedException(String symbol) {
            super("no price of " + symbol);
        }

        public DecoratedException() {
            throw new IllegalStateException("never made so");
        }
    }

    public static class WrappingException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        public WrappingException(Throwable cause) {
            super("wrapped", cause);
        }
    }

    public abstract static class AbstractException extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    static class HiddenException extends AbstractException {
        private static final long serialVersionUID = 1L;

        HiddenException() {}
    }

    /** The exception that arrives, when {@code task} has thrown one in a worker. */
    private static Throwable arrivingOf(Callable<?> task, Class<?>... granted) {
        List<Object> told = new TaskCall(task).apply(null, 0);
        assertThat(told.getFirst()).isEqualTo(false);
        Object travelling = task instanceof TaskCall.OfRunnable(Runnable runnable) ? runnable : task;
        return TaskExceptions.of(
                ResultTypes.unchecked(told.get(2)),
                ResultTypes.unchecked(told.get(3)),
                (String) told.get(1),
                ResultTypes.thrownBy((Serializable) travelling, List.of(granted)));
    }

    private static Throwable arriving(Throwable thrown, Class<?>... granted) {
        SerializableCallable<Integer> task = () -> {
            if (thrown instanceof Error error) {
                throw error;
            }
            throw (Exception) thrown;
        };
        return arrivingOf(task, granted);
    }

    private static String trace(Throwable arrived) {
        return arrived.getSuppressed()[0].toString();
    }

    @Test
    void thoseOfTheJdkArriveAsThemselves() {
        for (Throwable thrown : List.of(
                new ArithmeticException("/ by zero"),
                new NullPointerException(),
                new IllegalStateException("outer", new FileNotFoundException("inner")),
                new UncheckedIOException(new IOException("disk")),
                new NoSuchFileException("prices.npy"),
                new ArrayIndexOutOfBoundsException(7),
                new InvocationTargetException(new ArithmeticException("inner")),
                new InvocationTargetException(new ArithmeticException("inner"), "outer"),
                new ExceptionInInitializerError(new ArithmeticException("inner")),
                new AssertionError("wrong", new ArithmeticException("inner")),
                new StackOverflowError())) {
            assertSame(thrown, arriving(thrown));
        }
    }

    private static void assertSame(Throwable expected, Throwable actual) {
        if (expected == null) {
            assertThat(actual).isNull();
            return;
        }
        assertThat(actual).isExactlyInstanceOf(expected.getClass()).hasMessage(expected.getMessage());
        assertSame(expected.getCause(), actual.getCause());
    }

    @Test
    void thatOfTheProgramArrivesAsItselfWhereItIsGranted() {
        var thrown = new NoSuchPriceException("none", new ArithmeticException());

        assertSame(thrown, arriving(thrown, NoSuchPriceException.class));
        assertThat(arriving(thrown))
                .isInstanceOfSatisfying(
                        TaskException.class,
                        it -> assertThat(it.type()).isEqualTo(NoSuchPriceException.class.getName()))
                .hasMessage(NoSuchPriceException.class.getName() + ": none")
                .hasCauseExactlyInstanceOf(ArithmeticException.class);
    }

    private static int price() throws NoSuchPriceException {
        throw new NoSuchPriceException("none", null);
    }

    record Price(String symbol) implements SerializableCallable<Integer> {
        @Override
        public Integer call() throws NoSuchPriceException {
            throw new NoSuchPriceException(symbol, null);
        }
    }

    record Prices(String symbol) implements SerializableRunnable {
        @Override
        public void run() throws DecoratedException, WrappingException {
            throw new WrappingException(new ArithmeticException(symbol));
        }
    }

    @Test
    void whatATaskDeclaresToThrowIsGranted() {
        assertSame(new NoSuchPriceException("A", null), arrivingOf(new Price("A")));
        SerializableCallable<Integer> reference = TaskExceptionsTest::price;
        assertSame(new NoSuchPriceException("none", null), arrivingOf(reference));
        assertSame(
                new WrappingException(new ArithmeticException("A")),
                arrivingOf(new TaskCall.OfRunnable(new Prices("A"))));
        SerializableCallable<Integer> lambda = () -> price();
        assertThat(arrivingOf(lambda)).isInstanceOf(TaskException.class);
    }

    @Test
    void whatCannotBeMadeAgainIsDescribed() {
        var thrown = List.of(
                new CodedException(7, "no"),
                new DecoratedException("A"),
                new HiddenException(),
                new DateTimeParseException("no date", "x", 0));
        for (RuntimeException each : thrown) {
            assertThat(arriving(each, CodedException.class, DecoratedException.class, HiddenException.class))
                    .isInstanceOfSatisfying(
                            TaskException.class,
                            it -> assertThat(it.type())
                                    .isEqualTo(each.getClass().getName()))
                    .hasMessage(each.toString());
        }
    }

    @Test
    void theWorkersTraceIsSuppressedInIt() {
        Throwable arrived = arriving(new ArithmeticException("no"));

        assertThat(arrived.getSuppressed()).hasSize(1);
        assertThat(trace(arrived))
                .startsWith("java.lang.ArithmeticException: no\n\tat " + TaskExceptionsTest.class.getName());
    }

    @Test
    void whatWasSuppressedStandsInTheTrace() {
        var thrown = new IOException("read");
        thrown.addSuppressed(new IOException("closed"));

        assertThat(trace(arriving(thrown))).contains("\tSuppressed: java.io.IOException: closed");
    }

    @Test
    void causesThatFormACircleArriveOnceEach() {
        var inner = new IllegalStateException("inner");
        var outer = new IllegalArgumentException("outer", inner);
        inner.initCause(outer);

        Throwable arrived = arriving(outer);

        assertThat(arrived).isExactlyInstanceOf(IllegalArgumentException.class).hasMessage("outer");
        assertThat(arrived.getCause())
                .isExactlyInstanceOf(IllegalStateException.class)
                .hasNoCause();
        assertThat(trace(arrived)).contains("[CIRCULAR REFERENCE: java.lang.IllegalArgumentException: outer]");
    }

    @Test
    void aCauseThatIsDescribedIsNoReasonToDescribeTheRest() {
        assertThat(arriving(new IllegalStateException("outer", new CodedException(7, "inner"))))
                .isExactlyInstanceOf(IllegalStateException.class)
                .cause()
                .isInstanceOf(TaskException.class)
                .hasMessage(CodedException.class.getName() + ": 7: inner");
    }
}
