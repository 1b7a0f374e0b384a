package io.github.forkless.coordinator.code;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

import io.github.forkless.common.dataset.Block;
import io.github.forkless.common.job.DataFunction;
import io.github.forkless.common.job.Job;
import io.github.forkless.common.job.OrderedJob;
import io.github.forkless.common.job.Reduction;
import io.github.forkless.common.job.SerializableCallable;
import io.github.forkless.common.job.SerializableFunction;
import io.github.forkless.common.job.WithoutData;
import io.github.forkless.common.sample.OrderEvent;
import io.github.forkless.coordinator.result.InvalidRequestException;
import java.io.Serializable;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What is declared and cannot travel is refused before the work. Nothing here starts a worker. */
@SuppressWarnings("serial") // and nothing is serialized
class ResultTypesTest {
    private static final String ADVICE = ", which cannot travel between processes as data; use primitives, strings,"
            + " arrays, lists, maps, records of these, or implement BytesMarshallable";
    private static final String HERE = ResultTypesTest.class.getName() + "$";

    static class Engine {}

    static class Diesel extends Engine implements Comparable<Diesel> {
        @Override
        public int compareTo(Diesel other) {
            return 0;
        }
    }

    record Car(String name, Engine engine) {}

    record Garage(List<Car> cars) {}

    record Tree(int value, List<Tree> branches, Object anything) {}

    abstract static class Shape {}

    static <P, R> void map(SerializableFunction<P, R> function, Class<?>... granted) {
        ResultTypes.of(new WithoutData<>(function), List.of(granted));
    }

    private static void assertRefused(Runnable call, String message) {
        assertThatExceptionOfType(InvalidRequestException.class)
                .isThrownBy(call::run)
                .withMessage(message);
    }

    private static List<BitSet> sets(int n) {
        return List.of(new BitSet(n));
    }

    private static Map<String, ? extends Engine> engines(int n) {
        return Map.of();
    }

    private static Optional<Engine[][]> engineArrays(int n) {
        return Optional.empty();
    }

    private static Garage garage(int n) {
        return new Garage(List.of());
    }

    @Test
    void aFunctionThatReturnsWhatCannotTravelIsRefused() {
        assertRefused(() -> map((Integer n) -> new BitSet(n)), "the function returns java.util.BitSet" + ADVICE);
        assertRefused(() -> map((Integer _) -> new Engine()), "the function returns " + HERE + "Engine" + ADVICE);
        assertRefused(
                () -> ResultTypesTest.<Long, AtomicLong>map(AtomicLong::new),
                "the function returns " + AtomicLong.class.getName() + ADVICE);
        assertRefused(
                () -> map(ResultTypesTest::sets),
                "the function returns java.util.List<java.util.BitSet>; it holds a java.util.BitSet" + ADVICE);
        assertRefused(
                () -> map(ResultTypesTest::engines),
                "the function returns java.util.Map<java.lang.String, ? extends " + HERE
                        + "Engine>; it holds a ? extends " + HERE + "Engine" + ADVICE);
        assertRefused(
                () -> map(ResultTypesTest::engineArrays),
                "the function returns java.util.Optional<" + HERE + "Engine[][]>; it holds a " + HERE + "Engine[][]"
                        + ADVICE);
        assertRefused(
                () -> map(ResultTypesTest::garage),
                "the function returns " + HERE + "Garage; 'engine' of Car is a " + HERE + "Engine" + ADVICE);
        assertRefused(() -> map(new Maker()), "the function returns java.lang.StringBuilder" + ADVICE);
        assertRefused(
                () -> ResultTypes.ofTask((SerializableCallable<Engine>) Engine::new, List.of()),
                "the task returns " + HERE + "Engine" + ADVICE);
    }

    static final class Maker implements SerializableFunction<Integer, StringBuilder> {
        @Override
        public StringBuilder apply(Integer n) {
            return new StringBuilder();
        }
    }

    @Test
    void aClassThatWritesItselfIsRefusedUnlessItIsGranted() {
        SerializableFunction<Integer, OrderEvent.Cancelled> function = _ -> new OrderEvent.Cancelled(1);

        assertRefused(
                () -> map(function),
                "the function returns " + OrderEvent.class.getName()
                        + "$Cancelled, a BytesMarshallable, whose code runs here only if its class is granted:"
                        + " PoolOptions.withResultTypes(OrderEvent.Cancelled.class)");
        assertThatNoException().isThrownBy(() -> map(function, OrderEvent.Cancelled.class));
        assertThatNoException().isThrownBy(() -> map((Integer _) -> new Engine(), Diesel.class));
    }

    private static Tree tree(int n) {
        return new Tree(n, List.of(), null);
    }

    private static <T> List<T> any(int n) {
        return new ArrayList<>();
    }

    @Test
    void whatMayTravelIsNotRefused() {
        List<SerializableFunction<Integer, ?>> functions = List.of(
                n -> n,
                n -> n.longValue(),
                Object::toString,
                n -> (Number) n,
                n -> (Object) n,
                n -> (Comparable<Integer>) n,
                n -> (Serializable) n,
                n -> (Void) null,
                n -> null,
                n -> new int[n],
                n -> new BigDecimal[n],
                n -> LocalDate.ofEpochDay(n),
                n -> ZoneOffset.ofHours(n),
                n -> Path.of("" + n),
                n -> Optional.of(n),
                n -> new LinkedList<Integer>(List.of(n)),
                n -> new TreeSet<Integer>(List.of(n)),
                n -> new HashMap<Integer, Integer>(Map.of(n, n)),
                n -> Thread.State.NEW,
                n -> (Enum<?>) Thread.State.NEW,
                n -> (Record) new Car("", null),
                n -> (Shape) null,
                ResultTypesTest::tree,
                ResultTypesTest::any);

        assertThat(functions).allSatisfy(function -> map(function));
    }

    /** It has two methods that may be meant. */
    static final class Two implements DataFunction<Integer, Integer>, java.util.function.Supplier<Engine> {
        @Override
        public Integer apply(Block data, Integer n) {
            return n;
        }

        @Override
        public Engine get() {
            return new Engine();
        }
    }

    @Test
    void ofTwoMethodsNeitherIsRefused() {
        assertThatNoException().isThrownBy(() -> ResultTypes.of(new Two(), List.of()));
    }

    abstract static class Base<A, R> implements Job<A, R> {
        @Override
        public A start() {
            return null;
        }

        @Override
        public A accept(A partial, Block block) {
            return partial;
        }

        @Override
        public A merge(A left, A right) {
            return left;
        }

        @Override
        public R finish(A partial) {
            return null;
        }
    }

    static final class ByEngine extends Base<Engine, Long> {}

    static final class ToEngine extends Base<List<Long>, Optional<Engine>> {}

    static final class Events extends Base<OrderEvent.Cancelled, Long> {}

    static final class InOrder extends Base<Engine, Long> implements OrderedJob<Engine, Long> {
        @Override
        public Engine merge(Engine left, Engine right) {
            return left;
        }
    }

    static final class Unknown<T> extends Base<T, T> {}

    private static void run(Job<?, ?> job) {
        ResultTypes.of(List.of(job), List.of());
    }

    @Test
    void aJobIsRefusedForItsPartialAndForWhatItFinishesWith() {
        assertRefused(() -> run(new ByEngine()), "the job ByEngine has as its partial " + HERE + "Engine" + ADVICE);
        assertRefused(
                () -> run(new ToEngine()),
                "the job ToEngine finishes with java.util.Optional<" + HERE + "Engine>; it holds a " + HERE + "Engine"
                        + ADVICE);
        assertThatNoException().as("partials write themselves").isThrownBy(() -> run(new Events()));
        assertThatNoException().as("its partials do not travel").isThrownBy(() -> run(new InOrder()));
        assertThatNoException().isThrownBy(() -> run(new Unknown<Long>()));
        assertRefused(
                () -> run(new Reduction<>(() -> new AtomicLong(), (n, _) -> n, (left, _) -> left)),
                "the job returns " + AtomicLong.class.getName() + ADVICE);
    }
}
