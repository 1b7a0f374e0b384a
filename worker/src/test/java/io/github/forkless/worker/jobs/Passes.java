package io.github.forkless.worker.jobs;

import io.github.forkless.common.dataset.Block;
import io.github.forkless.common.dataset.ElementType;
import io.github.forkless.common.dataset.Layout;
import io.github.forkless.common.job.Job;
import io.github.forkless.common.value.TypeFinder;
import io.github.forkless.common.value.ValueReader;
import io.github.forkless.common.value.ValueWriter;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/** Runs a job as workers and coordinator do, without them. */
public final class Passes {
    public static final TypeFinder TYPES = name -> {
        try {
            return Optional.of(Class.forName(name));
        } catch (ClassNotFoundException e) {
            return Optional.empty();
        }
    };

    private Passes() {}

    /** All of {@code data} as one block, in native memory that ends where the data does. */
    public static Block block(ElementType type, byte[] data) {
        MemorySegment segment =
                Arena.ofAuto().allocate(Math.max(1, data.length)).asSlice(0, data.length);
        MemorySegment.copy(MemorySegment.ofArray(data), 0, segment, 0, data.length);
        return new Block(type, 0, data.length / type.width(), segment.asReadOnly());
    }

    public static Block text(String text) {
        return block(ElementType.TEXT, text.getBytes(StandardCharsets.UTF_8));
    }

    /** The answer of one pass over one block. */
    public static <A, R> R once(Job<A, R> job, Block whole) {
        return job.finish(job.accept(job.start(layout(whole)), whole));
    }

    /**
     * The answer after any cut into slices and blocks, with partials that travel and are merged in batches of neighbours.
     */
    public static <A, R> R cut(Job<A, R> job, Block whole, SplittableRandom random) {
        List<byte[]> partials = new ArrayList<>();
        for (Block slice : pieces(whole, random)) {
            A partial = job.start(layout(whole));
            for (Block block : pieces(slice, random)) {
                partial = job.accept(partial, block);
            }
            partials.add(ValueWriter.encode(partial));
        }
        while (partials.size() > 1) {
            int from = random.nextInt(partials.size() - 1);
            int to = random.nextInt(from + 2, partials.size() + 1);
            A merged = decoded(partials.get(from));
            for (int i = from + 1; i < to; i++) {
                merged = job.merge(merged, decoded(partials.get(i)));
            }
            partials.subList(from, to).clear();
            partials.add(from, ValueWriter.encode(merged));
        }
        return job.finish(partials.isEmpty() ? job.start(layout(whole)) : decoded(partials.getFirst()));
    }

    private static Layout layout(Block whole) {
        return Layout.of(whole.type(), 0, whole.count());
    }

    @SuppressWarnings("unchecked") // what was encoded
    private static <A> A decoded(byte[] partial) {
        return (A) ValueReader.decode(partial, TYPES);
    }

    private static List<Block> pieces(Block whole, SplittableRandom random) {
        List<Block> pieces = new ArrayList<>();
        long from = 0;
        while (from < whole.count()) {
            long to = Math.min(whole.count(), from + random.nextLong(1, Math.max(2, whole.count())));
            while (whole.type().isText() && to < whole.count() && whole.byteAt(to - 1) != '\n') {
                to++;
            }
            pieces.add(whole.part(from, to));
            from = to;
        }
        return pieces;
    }

    /** What a command prints when it is given {@code data} on its standard input. */
    public static String output(byte[] data, String... command) throws Exception {
        var builder = new ProcessBuilder(command);
        builder.environment().put("LC_ALL", "C");
        Process process = builder.redirectError(ProcessBuilder.Redirect.DISCARD).start();
        Thread writer = Thread.ofPlatform().start(() -> {
            try (var in = process.getOutputStream()) {
                in.write(data);
            } catch (java.io.IOException e) {
                // It has read what it needs.
            }
        });
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        writer.join();
        process.waitFor();
        return output;
    }
}
