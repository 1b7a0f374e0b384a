package io.github.forkless.coordinator.process;

import io.github.forkless.common.dataset.DatasetFile;
import io.github.forkless.common.dataset.Slice;
import io.github.forkless.common.dataset.Slices;
import io.github.forkless.common.job.DataFunction;
import io.github.forkless.common.value.ValueWriter;
import io.github.forkless.common.wire.ByteWriter;
import io.github.forkless.common.wire.Content;
import io.github.forkless.common.wire.JobSource;
import io.github.forkless.common.wire.Message;
import io.github.forkless.common.wire.Message.Assignment;
import io.github.forkless.coordinator.machine.Standstill;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * Makes the AOT cache that workers start from (JEP 483 and 514): one worker does a little of everything, and the JVM
 * writes down which classes it needed and how they are linked. It is only good for the JVM that made it, and for a class
 * path that begins with the same jars; another JVM ignores it.
 */
public final class WorkerTraining {
    private static final int SLICES = 2;
    private static final int NUMBERS_BYTES = 256 << 10;

    private static final String TEXT = "a;1.5\nb b;-2.0\n".repeat(1000);

    private static final Duration LONGEST_STANDSTILL = Duration.ofMinutes(1);

    private final Message.Reader answers;
    private final OutputStream requests;
    private final ByteWriter frame = new ByteWriter();
    private int datasets = Message.NO_DATASET;
    private long runs;

    private WorkerTraining(Process worker) {
        this.answers = Message.Reader.ofAnswers(new BufferedInputStream(worker.getInputStream()));
        this.requests = worker.getOutputStream();
    }

    /**
     * Writes {@code cache} for workers of the command, next to which temporary datasets are needed.
     *
     * @throws IOException when the worker cannot be run or does not write the cache
     */
    public static void run(Path cache) throws IOException, InterruptedException {
        run(cache, WorkerCommand.classPath(), false);
    }

    /** The same for workers of a program, which applies functions, too. */
    static void forPrograms(Path cache, String classPath) throws IOException, InterruptedException {
        run(cache, classPath, true);
    }

    private static void run(Path cache, String classPath, boolean applies) throws IOException, InterruptedException {
        Path numbers = cache.resolveSibling("training.bin");
        Path text = cache.resolveSibling("training.txt");
        try {
            Files.write(numbers, randomNumbers());
            Files.writeString(text, TEXT);
            train(cache, classPath, applies, numbers, text);
        } finally {
            Files.deleteIfExists(numbers);
            Files.deleteIfExists(text);
        }
    }

    private static byte[] randomNumbers() {
        byte[] bytes = new byte[NUMBERS_BYTES];
        new Random(1).nextBytes(bytes);
        return bytes;
    }

    private static void train(Path cache, String classPath, boolean applies, Path numbers, Path text)
            throws IOException, InterruptedException {
        PrivateFolder folder = PrivateFolder.create();
        Process worker = new ProcessBuilder(WorkerCommand.training(cache, classPath, folder))
                .redirectError(Redirect.DISCARD)
                .start();
        try {
            var training = new WorkerTraining(worker);
            training.receive(); // it is up
            training.workOn(numbers, "sum", "stats");
            training.workOn(text, "wc", "1brc");
            if (applies) {
                training.apply();
            }
            training.requests.close(); // now it ends, and writes the cache
            awaitEnd(worker, cache);
            if (!Files.exists(cache)) {
                throw new IOException("no AOT cache was written to " + cache);
            }
        } finally {
            worker.destroyForcibly();
            folder.remove();
        }
    }

    private static void awaitEnd(Process worker, Path cache) throws IOException, InterruptedException {
        var standstill = new Standstill(worker.toHandle(), LONGEST_STANDSTILL);
        while (!worker.waitFor(1, TimeUnit.SECONDS)) {
            if (standstill.isThere()) {
                throw new IOException("the worker that was to write an AOT cache to " + cache + " has done nothing for "
                        + LONGEST_STANDSTILL.toSeconds() + " s");
            }
        }
    }

    /** Has the worker do what a coordinator would have it do if it were the only one. */
    private void workOn(Path data, String... jobs) throws IOException {
        DatasetFile dataset = DatasetFile.open(data, Optional.empty());
        List<Slice> slices = Slices.cut(dataset, OptionalInt.of(SLICES));
        send(new Message.Open(++datasets, dataset));
        for (String job : jobs) {
            send(new Message.Load(++runs, datasets, false, new JobSource.Named(job, Map.of(), List.of(Map.of()))));
            receive();
            List<Content> partials = new ArrayList<>();
            for (Slice slice : slices) {
                send(new Message.Work(assignment(partials.size(), slice, false), new byte[0]));
                partials.add(((Message.Partial) receive()).content());
            }
            send(new Message.Merge(assignment(partials.size(), dataset.whole(), true), List.of(), partials));
            receive();
            send(new Message.Release(runs));
        }
    }

    /** Has the worker apply a function to parameters, as {@code WorkerPool.map} does. */
    private void apply() throws IOException {
        var function = new ByteArrayOutputStream();
        try (var out = new ObjectOutputStream(function)) {
            out.writeObject((DataFunction<Integer, Integer>) (_, n) -> n + 1);
        }
        var parameters = new ByteWriter();
        var values = new ValueWriter(parameters);
        for (int n = 0; n < SLICES; n++) {
            values.restart();
            values.write(n);
        }
        send(new Message.Load(
                ++runs,
                Message.NO_DATASET,
                false,
                new JobSource.Function(function.toByteArray(), JobSource.Code.onClassPath(List.of()))));
        receive();
        send(new Message.Work(assignment(0, new Slice(0, SLICES), false), parameters.toByteArray()));
        receive();
        send(new Message.Release(runs));
    }

    private Assignment assignment(long task, Slice slice, boolean finish) {
        return new Assignment(runs, task, 1, 0, 1, slice, finish);
    }

    private void send(Message message) throws IOException {
        message.send(requests, frame);
    }

    private Message receive() throws IOException {
        Message answer =
                answers.next().orElseThrow(() -> new IOException("the worker that was to be trained ended too soon"));
        if (answer instanceof Message.Failed failed) {
            throw new IOException("the worker that was to be trained failed: " + failed.message());
        }
        return answer;
    }
}
