package io.github.forkless.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.forkless.common.dataset.Block;
import io.github.forkless.common.dataset.DatasetFile;
import io.github.forkless.common.dataset.ElementType;
import io.github.forkless.common.dataset.Slice;
import io.github.forkless.common.dataset.Slices;
import io.github.forkless.common.job.DataFunction;
import io.github.forkless.common.job.Job;
import io.github.forkless.common.job.MalformedDataException;
import io.github.forkless.common.process.ProgressFile;
import io.github.forkless.common.value.TypeFinder;
import io.github.forkless.common.value.ValueReader;
import io.github.forkless.common.value.ValueWriter;
import io.github.forkless.common.wire.ByteReader;
import io.github.forkless.common.wire.JobSource;
import io.github.forkless.common.wire.Message;
import io.github.forkless.common.wire.Message.Assignment;
import io.github.forkless.common.wire.Message.FailureKind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One request after another, and what is answered, whatever a job's own code does. */
class TaskRunnerTest {
    @TempDir
    Path folder;

    private final TaskRunner runner = new TaskRunner(ProgressFile.Writer.NONE);

    // ---- whatever a job throws

    /** An exception that no handler of exceptions is made for. */
    private enum Odd {
        ITS_OWN_CAUSE {
            @Override
            Throwable make() {
                return new RuntimeException("odd") {
                    @Override
                    public synchronized Throwable getCause() {
                        return this;
                    }
                };
            }
        },
        A_CIRCLE {
            @Override
            Throwable make() {
                var first = new RuntimeException("odd");
                first.initCause(new RuntimeException("second", first));
                return first;
            }
        },
        A_MESSAGE_THAT_THROWS {
            @Override
            Throwable make() {
                return new RuntimeException("odd") {
                    @Override
                    public String getMessage() {
                        throw new StackOverflowError();
                    }
                };
            }
        },
        A_STRING_THAT_IS_NULL {
            @Override
            Throwable make() {
                return new RuntimeException("odd") {
                    @Override
                    public String toString() {
                        return null;
                    }
                };
            }
        },
        BAD_DATA_WITHOUT_WORDS {
            @Override
            Throwable make() {
                return new MalformedDataException("odd") {
                    @Override
                    public String getMessage() {
                        throw new IllegalStateException();
                    }
                };
            }
        },
        A_HUGE_MESSAGE {
            @Override
            Throwable make() {
                return new AssertionError("odd".repeat(10_000_000));
            }
        },
        HALF_A_CHARACTER {
            @Override
            Throwable make() {
                return new Exception("odd \ud83d");
            }
        };

        abstract Throwable make();
    }

    private static <T extends Throwable> void sneak(Throwable any) throws T {
        @SuppressWarnings("unchecked") // it is thrown whatever it is
        T thrown = (T) any;
        throw thrown;
    }

    @ParameterizedTest
    @EnumSource
    void whateverAJobThrowsIsAnswered(Odd odd) throws IOException {
        String name = odd.name();
        DataFunction<Object, Object> function = (_, n) -> {
            if (n.equals(1)) {
                TaskRunnerTest.<RuntimeException>sneak(Odd.valueOf(name).make());
            }
            return n;
        };
        answer(load(function));

        var failed = (Message.Failed) answer(work(0, 1));

        assertThat(failed.assignment()).isPresent();
        assertThat(failed.kind()).isEqualTo(odd == Odd.BAD_DATA_WITHOUT_WORDS ? FailureKind.DATA : FailureKind.JOB);
        assertThat(failed.message() + failed.error() + failed.trace()).hasSizeBetween(10, 200_000);
        assertThat(failed.trace()).contains("at " + TaskRunnerTest.class.getName());
        assertThat(result(answer(work(1, 2)))).isEqualTo(2);
    }

    /** It may come from a mapping, but not from that of a dataset where there is none. */
    @Test
    void anErrorOfTheJvmIsNotBlamedOnADatasetThatIsNotThere() throws IOException {
        answer(load((_, _) -> {
            throw new InternalError("odd");
        }));

        var failed = (Message.Failed) answer(work(0, 1));

        assertThat(failed.kind()).isEqualTo(FailureKind.JOB);
        assertThat(failed.message()).contains("InternalError", "odd");
    }

    private static final class ThrowingWhenRead implements DataFunction<Object, Object> {
        private static final long serialVersionUID = 1L;
        private final Odd odd;

        ThrowingWhenRead(Odd odd) {
            this.odd = odd;
        }

        private Object readResolve() {
            TaskRunnerTest.<RuntimeException>sneak(odd.make());
            return this;
        }

        @Override
        public Object apply(Block data, Object parameter) {
            return parameter;
        }
    }

    @ParameterizedTest
    @EnumSource
    void whateverAJobThrowsWhileItIsLoadedIsAnswered(Odd odd) throws IOException {
        var failed = (Message.Failed) answer(load(new ThrowingWhenRead(odd)));

        assertThat(failed.assignment()).isEmpty();
        assertThat(failed.run()).isEqualTo(1);
        assertThat(failed.message()).isNotEmpty();
        assertThat(answer(work(0, 1))).isInstanceOf(Message.Failed.class);
        answer(load((_, n) -> n));
        assertThat(result(answer(work(1, 2)))).isEqualTo(2);
    }

    /** A job whose class cannot be initialized. */
    public record Unlucky() implements Job<Integer, Integer> {
        private static final int NEVER = Integer.parseInt("0") / Integer.parseInt("0");

        @Override
        public Integer start() {
            return NEVER;
        }

        @Override
        public Integer accept(Integer partial, Block block) {
            return partial;
        }

        @Override
        public Integer merge(Integer left, Integer right) {
            return left;
        }

        @Override
        public Integer finish(Integer partial) {
            return partial;
        }
    }

    @Test
    void aClassThatCannotBeInitializedIsNamedWithTheReasonEachTime() {
        var source = new JobSource.Named(Unlucky.class.getName(), Map.of(), List.of(Map.of()));

        var first = (Message.Failed) answer(new Message.Load(1, Message.NO_DATASET, false, source));
        var second = (Message.Failed) answer(new Message.Load(2, Message.NO_DATASET, false, source));

        assertThat(first.kind()).isEqualTo(FailureKind.JOB);
        assertThat(first.message())
                .isEqualTo("java.lang.ExceptionInInitializerError, caused by java.lang.ArithmeticException: / by zero");
        assertThat(first.trace()).contains("Caused by: java.lang.ArithmeticException: / by zero");
        assertThat(second.kind()).isEqualTo(FailureKind.JOB);
        assertThat(second.message()).contains(Unlucky.class.getName()).contains("/ by zero");
    }

    // ---- what comes back

    record Picky(int n) {
        Picky {
            if (n == 13) {
                throw new IllegalArgumentException("not 13");
            }
        }

        @Override
        public int hashCode() {
            if (n == 7) {
                throw new IllegalStateException("no hash of 7");
            }
            return n;
        }
    }

    @Test
    void aParameterWhoseOwnCodeThrowsFailsItsTask() throws IOException {
        answer(load((_, n) -> n));
        byte[] thirteen = ValueWriter.encode(new Picky(12));
        thirteen[thirteen.length - 4] = 13;
        var inSet = Collections.newSetFromMap(new IdentityHashMap<>());
        inSet.add(new Picky(7));

        assertThat(((Message.Failed) answer(work(0, thirteen))).message()).contains("refused its components", "not 13");
        assertThat(((Message.Failed) answer(work(1, inSet))).message()).contains("no hash of 7");
        assertThat(result(answer(work(2, 2)))).isEqualTo(2);
    }

    @Test
    void aResultThatIsTooLargeIsRefusedAtOnceWithItsSize() throws IOException {
        answer(load((_, n) -> n.equals(1) ? Collections.nCopies(40, new long[8 << 20]) : n));

        var failed = (Message.Failed) answer(work(0, 1));

        assertThat(failed.kind()).isEqualTo(FailureKind.JOB);
        assertThat(failed.message())
                .isEqualTo(
                        "a message would need 2,684,354,762 bytes or more, and can have 2,147,475,455; return a smaller"
                                + " partial, or cut the data into more tasks");
        assertThat(result(answer(work(1, 2)))).isEqualTo(2);
    }

    // ---- records

    /** The sum of the ints of records of a long and an int; each block has to hold whole ones. */
    public record IntsOfRecords(int length) implements Job<Long, Long> {
        @Override
        public Long start() {
            return 0L;
        }

        @Override
        public Long accept(Long sum, Block block) {
            assertThat(block.count() % length).isZero();
            ByteBuffer bytes = block.segment().asByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
            long total = sum;
            while (bytes.hasRemaining()) {
                bytes.getLong();
                total += bytes.getInt();
            }
            return total;
        }

        @Override
        public Long merge(Long left, Long right) {
            return left + right;
        }

        @Override
        public Long finish(Long sum) {
            return sum;
        }

        @Override
        public int recordLength() {
            return length;
        }
    }

    private Path records(int count) throws IOException {
        ByteBuffer records = ByteBuffer.allocate(12 * count).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < count; i++) {
            records.putLong(-1).putInt(i);
        }
        return Files.write(folder.resolve("records.dat"), records.array());
    }

    private static Message loadOn(int dataset, String... lengths) {
        var sets = List.of(lengths).stream()
                .map(length -> Map.of("length", length))
                .toList();
        return new Message.Load(1, dataset, false, new JobSource.Named(IntsOfRecords.class.getName(), Map.of(), sets));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 1000})
    void noRecordIsCutHoweverTheDatasetIs(int tasks) throws IOException {
        var file = DatasetFile.open(records(50_000), Optional.of(ElementType.UINT8));
        runner.handle(new Message.Open(1, file));
        answer(loadOn(1, "12", "24")); // both have whole records of 24 bytes

        long sum = 0;
        for (Slice slice : Slices.cut(file, OptionalInt.of(tasks))) {
            var work = new Message.Work(new Assignment(1, 0, 1, 0, 2, slice, false), new byte[0]);
            List<Object> partials = results(answer(work), 2);
            assertThat(partials.get(1)).isEqualTo(partials.getFirst());
            sum += (long) partials.getFirst();
        }

        assertThat(sum).isEqualTo(50_000L * 49_999 / 2);
    }

    @Test
    void dataThatEndsWithinARecordIsRefused() throws IOException {
        Path path = records(3);
        runner.handle(new Message.Open(1, DatasetFile.open(path, Optional.of(ElementType.UINT8))));

        var failed = (Message.Failed) answer(loadOn(1, "10"));

        assertThat(failed.kind()).isEqualTo(FailureKind.DATA);
        assertThat(failed.message())
                .isEqualTo(path.toRealPath() + ": 36 elements are not a whole number of the records of 10 that job "
                        + IntsOfRecords.class.getName()
                        + " reads: 6 are left over; check the file, and the type of its elements");
    }

    @Test
    void recordsThatCannotBeAreRefused() throws IOException {
        Path path = records(3);
        runner.handle(new Message.Open(1, DatasetFile.open(path, Optional.of(ElementType.UINT8))));
        runner.handle(new Message.Open(2, DatasetFile.open(path, Optional.of(ElementType.TEXT))));

        assertThat(((Message.Failed) answer(loadOn(1, "0"))).message())
                .endsWith("has records of 0 elements; it must be 1 or more");
        assertThat(((Message.Failed) answer(loadOn(2, "12"))).message())
                .endsWith("has records of 12 bytes, and text has lines; use DatasetFile.open(path, type) with uint8");
    }

    // ----

    private Message answer(Message request) {
        return runner.handle(request).orElseThrow();
    }

    private static Message load(DataFunction<Object, Object> function) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var out = new ObjectOutputStream(bytes)) {
            out.writeObject(function);
        }
        return new Message.Load(
                1,
                Message.NO_DATASET,
                false,
                new JobSource.Function(bytes.toByteArray(), JobSource.Code.onClassPath(List.of())));
    }

    private static Message work(int task, Object parameter) {
        return work(task, ValueWriter.encode(parameter));
    }

    private static Message work(int task, byte[] parameters) {
        return new Message.Work(new Assignment(1, task, 1, 0, 1, new Slice(0, 0), true), parameters);
    }

    private static Object result(Message answer) {
        return results(answer, 1).getFirst();
    }

    private static List<Object> results(Message answer, int count) {
        assertThat(answer).isInstanceOf(Message.Partial.class);
        var values = new ValueReader(
                new ByteReader(((Message.Partial) answer).content().toArray()), TypeFinder.NONE);
        return Stream.generate(values::read).limit(count).toList();
    }
}
