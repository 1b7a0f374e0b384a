package io.github.forkless.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.forkless.common.dataset.Block;
import io.github.forkless.common.dataset.Slice;
import io.github.forkless.common.job.DataFunction;
import io.github.forkless.common.value.TypeFinder;
import io.github.forkless.common.value.ValueReader;
import io.github.forkless.common.value.ValueWriter;
import io.github.forkless.common.wire.ByteSpan;
import io.github.forkless.common.wire.ByteWriter;
import io.github.forkless.common.wire.JobSource;
import io.github.forkless.common.wire.Message;
import io.github.forkless.common.wire.Message.Assignment;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Properties;
import java.util.TimeZone;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a worker says, and what one task leaves behind for the next. Here in this JVM: the worker needs no other. */
@Isolated("its tasks change what the whole JVM has")
class WorkerMainTest {

    /** What a task may leave as it should not. */
    private enum Leaving {
        AN_INTERRUPT(() -> Thread.currentThread().interrupt()),
        A_NAME(() -> Thread.currentThread().setName("renamed")),
        A_PRIORITY(() -> Thread.currentThread().setPriority(Thread.MIN_PRIORITY)),
        A_CLASS_LOADER(() -> Thread.currentThread().setContextClassLoader(null)),
        A_HANDLER(() -> Thread.currentThread().setUncaughtExceptionHandler((_, _) -> {})),
        A_DEFAULT_HANDLER(() -> Thread.setDefaultUncaughtExceptionHandler((_, _) -> {})),
        A_LOCALE(() -> Locale.setDefault(Locale.of("tlh"))),
        A_FORMAT_LOCALE(() -> Locale.setDefault(Locale.Category.FORMAT, Locale.of("tlh"))),
        A_DISPLAY_LOCALE(() -> Locale.setDefault(Locale.Category.DISPLAY, Locale.of("tlh"))),
        A_TIME_ZONE(() -> TimeZone.setDefault(TimeZone.getTimeZone("Antarctica/Troll"))),
        PROPERTIES(() -> System.setProperties(new Properties())),
        AN_INPUT(() -> System.setIn(InputStream.nullInputStream())),
        AN_OUTPUT(() -> System.setOut(new PrintStream(OutputStream.nullOutputStream()))),
        AN_ERROR_OUTPUT(() -> System.setErr(new PrintStream(OutputStream.nullOutputStream()))),
        NO_OUTPUT(() -> System.setOut(null)),
        NO_ERROR_OUTPUT(() -> System.setErr(null)),
        AN_ANGRY_OUTPUT(() -> System.setOut(new Angry())),
        AN_ANGRY_ERROR_OUTPUT(() -> System.setErr(new Angry()));

        final Runnable deed;

        Leaving(Runnable deed) {
            this.deed = deed;
        }
    }

    private static final class Angry extends PrintStream {
        Angry() {
            super(OutputStream.nullOutputStream());
        }

        @Override
        public void flush() {
            throw new StackOverflowError();
        }
    }

    /** All of it, as a task sees it. */
    private static List<Object> surroundings() {
        Thread thread = Thread.currentThread();
        var all = new ArrayList<Object>(List.of(
                thread.isInterrupted(),
                thread.getName(),
                thread.getPriority(),
                String.valueOf(thread.getContextClassLoader()),
                String.valueOf(thread.getUncaughtExceptionHandler()),
                String.valueOf(Thread.getDefaultUncaughtExceptionHandler())));
        all.addAll(List.of(
                Locale.getDefault().toString(),
                Locale.getDefault(Locale.Category.FORMAT).toString(),
                Locale.getDefault(Locale.Category.DISPLAY).toString(),
                TimeZone.getDefault().getID(),
                System.identityHashCode(System.getProperties())));
        all.addAll(List.of(
                System.identityHashCode(System.in),
                System.identityHashCode(System.out),
                System.identityHashCode(System.err)));
        return all;
    }

    @ParameterizedTest
    @EnumSource
    void aTaskFindsWhatTheFirstOneFound(Leaving leaving) throws Exception {
        String deed = leaving.name();
        DataFunction<Object, Object> function = (_, what) -> {
            List<Object> before = surroundings();
            if (what.equals("leave")) {
                Leaving.valueOf(deed).deed.run();
            } else if (what.equals("throw")) {
                Leaving.valueOf(deed).deed.run();
                throw new IllegalStateException("left");
            }
            return before;
        };

        List<Message> answers = converse(
                load(function), work(1, "look"), work(2, "leave"), work(3, "look"), work(4, "throw"), work(5, "look"));

        assertThat(answers).hasSize(7);
        assertThat(result(answers.get(4))).isEqualTo(result(answers.get(2)));
        assertThat(answers.get(5)).isInstanceOf(Message.Failed.class);
        assertThat(result(answers.get(6))).isEqualTo(result(answers.get(2)));
    }

    /** A job is loaded by its own code, too. */
    @Test
    void loadingAJobLeavesNothingEither() throws Exception {
        DataFunction<Object, Object> look = (_, _) -> surroundings();

        List<Message> answers =
                converse(load(1, look), work(1, 1, "look"), load(2, new InterruptingWhenRead()), work(2, 1, "look"));

        assertThat(result(answers.get(4))).isEqualTo(result(answers.get(2)));
    }

    private static final class InterruptingWhenRead implements DataFunction<Object, Object> {
        private static final long serialVersionUID = 1L;

        private Object readResolve() {
            Thread.currentThread().interrupt();
            System.setOut(null);
            Locale.setDefault(Locale.of("tlh"));
            return this;
        }

        @Override
        public Object apply(Block data, Object parameter) {
            return surroundings();
        }
    }

    /** A stream that a job has put in place of ours may hold back what it prints until it is flushed. */
    @Test
    void whatWasPrintedToAJobsOwnStreamIsFlushedBeforeTheAnswer() throws Exception {
        DataFunction<Object, Object> function = (_, what) -> {
            if (what.equals("print")) {
                FLUSHED.reset();
                System.setOut(new PrintStream(new BufferedOutputStream(FLUSHED), false));
                System.out.print("printed");
            }
            return FLUSHED.toString();
        };

        List<Message> answers = converse(load(function), work(1, "print"), work(2, "look"));

        assertThat(result(answers.get(2))).isEqualTo("");
        assertThat(result(answers.get(3))).isEqualTo("printed");
    }

    private static final ByteArrayOutputStream FLUSHED = new ByteArrayOutputStream();

    /** What the worker says to all these requests: first that it is ready. */
    private static List<Message> converse(Message... requests) throws IOException {
        var sent = new ByteArrayOutputStream();
        var answered = new ByteArrayOutputStream();
        for (Message request : requests) {
            request.send(sent, new ByteWriter());
        }
        new WorkerMain(new ByteArrayInputStream(sent.toByteArray()), answered)
                .converse(
                        Path.of("/no/such/folder"),
                        Path.of("/no/such/folder")); // where nobody reads how far it has come
        var messages = new Message.Reader(new ByteArrayInputStream(answered.toByteArray()));
        List<Message> answers = new ArrayList<>();
        for (Optional<Message> next = messages.next(); next.isPresent(); next = messages.next()) {
            answers.add(kept(next.get()));
        }
        assertThat(answers.getFirst()).isInstanceOf(Message.Ready.class);
        return answers;
    }

    /** What is large in a message is valid until the next is asked for. */
    private static Message kept(Message message) {
        return message instanceof Message.Partial partial
                ? new Message.Partial(
                        partial.assignment(),
                        partial.startedNanos(),
                        partial.busyNanos(),
                        partial.minorFaults(),
                        partial.majorFaults(),
                        ByteSpan.of(partial.content().toArray().clone()))
                : message;
    }

    private static Message load(DataFunction<Object, Object> function) throws IOException {
        return load(1, function);
    }

    private static Message load(long run, DataFunction<Object, Object> function) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var out = new ObjectOutputStream(bytes)) {
            out.writeObject(function);
        }
        return new Message.Load(
                run,
                Message.NO_DATASET,
                false,
                new JobSource.Function(bytes.toByteArray(), JobSource.Code.onClassPath(List.of())));
    }

    private static Message work(int task, Object parameter) {
        return work(1, task, parameter);
    }

    private static Message work(long run, int task, Object parameter) {
        return new Message.Work(
                new Assignment(run, task, 1, 0, 1, new Slice(0, 0), true), ValueWriter.encode(parameter));
    }

    private static Object result(Message answer) {
        assertThat(answer).isInstanceOf(Message.Partial.class);
        return ValueReader.decode(((Message.Partial) answer).content().toArray(), TypeFinder.NONE);
    }
}
