package io.github.forkless.coordinator;

import io.github.forkless.common.dataset.DatasetFile;
import io.github.forkless.common.dataset.ElementType;
import io.github.forkless.common.dataset.Slice;
import io.github.forkless.common.dataset.Slices;
import io.github.forkless.common.wire.ByteWriter;
import io.github.forkless.common.wire.JobSource;
import io.github.forkless.common.wire.Message;
import io.github.forkless.common.wire.Message.Assignment;
import io.github.forkless.coordinator.generate.DatasetGenerator;
import io.github.forkless.coordinator.generate.Distribution;
import io.github.forkless.coordinator.generate.GenerateSpec;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;

/**
 * Makes the AOT cache that workers start from (JEP 483, 514 and 515): one worker does a little of everything, and the
 * JVM writes down which classes it needed and which methods were hot. It is only good for the JVM that made it, and for
 * a class path that begins with the same jars; another JVM ignores it.
 */
public final class WorkerTraining {
    /** Enough for the kernels to become hot. */
    private static final long ELEMENTS = 32 << 20;

    private static final long DEADLINE_SECONDS = 60;

    /**
     * Writes {@code cache}, next to which a temporary dataset is needed.
     *
     * @throws IOException when the worker cannot be run or does not write the cache
     */
    public static void run(Path cache) throws IOException, InterruptedException {
        Path data = cache.resolveSibling("training.bin");
        Path requests = cache.resolveSibling("training.requests");
        try {
            DatasetGenerator.generate(
                    data, new GenerateSpec(ELEMENTS, ElementType.INT32, Distribution.UNIFORM, 1), true, 1);
            try (OutputStream out = Files.newOutputStream(requests)) {
                writeRequests(DatasetFile.open(data, Optional.empty()), out);
            }
            train(cache, requests);
        } finally {
            Files.deleteIfExists(data);
            Files.deleteIfExists(requests);
        }
    }

    private static void train(Path cache, Path requests) throws IOException, InterruptedException {
        Process worker = new ProcessBuilder(WorkerCommand.training(cache))
                .redirectInput(requests.toFile())
                .redirectOutput(Redirect.DISCARD)
                .redirectErrorStream(false)
                .redirectError(Redirect.DISCARD)
                .start();
        if (!worker.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS)) {
            worker.destroyForcibly();
        }
        if (!Files.exists(cache)) {
            throw new IOException("no AOT cache was written to " + cache);
        }
    }

    /** What a coordinator would ask of a worker that works alone. */
    private static void writeRequests(DatasetFile dataset, OutputStream out) throws IOException {
        var frame = new ByteWriter();
        send(new Message.Open(1, dataset), frame, out);
        long run = 1;
        for (String job : List.of("sum", "stats")) {
            send(new Message.Load(run, 1, new JobSource.Named(job, Map.of(), List.of(Map.of()))), frame, out);
            long task = 0;
            for (Slice slice : Slices.cut(dataset, OptionalInt.empty())) {
                var assignment = new Assignment(run, task++, 1, 0, 1, slice, false);
                send(new Message.Work(assignment, new byte[0]), frame, out);
            }
            send(new Message.Merge(new Assignment(run, task, 1, 0, 1, new Slice(0, 0), true), List.of()), frame, out);
            run++;
        }
    }

    private static void send(Message message, ByteWriter frame, OutputStream out) throws IOException {
        message.encode(frame);
        frame.writeTo(out);
    }

    private WorkerTraining() {}
}
