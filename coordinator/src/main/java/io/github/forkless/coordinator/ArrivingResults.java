package io.github.forkless.coordinator;

import java.util.Spliterator;
import java.util.Spliterators;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Results between the threads that they arrive on and the one that takes them out of a stream. */
final class ArrivingResults<R> {
    private final BlockingQueue<Arrival<R>> queue = new LinkedBlockingQueue<>();

    private sealed interface Arrival<R> {
        record Result<R>(WorkerPool.Indexed<R> result) implements Arrival<R> {}

        record End<R>(Throwable failure) implements Arrival<R> {}
    }

    void add(int index, Object result) {
        queue.add(new Arrival.Result<>(new WorkerPool.Indexed<>(index, ResultTypes.<R>unchecked(result))));
    }

    /** @param failure why there are no more results; null if all have come */
    void end(Throwable failure) {
        queue.add(new Arrival.End<>(failure));
    }

    Stream<WorkerPool.Indexed<R>> stream() {
        return StreamSupport.stream(
                new Spliterators.AbstractSpliterator<>(Long.MAX_VALUE, Spliterator.NONNULL) {
                    @Override
                    public boolean tryAdvance(Consumer<? super WorkerPool.Indexed<R>> action) {
                        return take(action);
                    }
                },
                false);
    }

    private boolean take(Consumer<? super WorkerPool.Indexed<R>> action) {
        try {
            return switch (queue.take()) {
                case Arrival.Result<R>(var result) -> {
                    action.accept(result);
                    yield true;
                }
                case Arrival.End<R> end -> {
                    queue.add(end); // for whoever asks once more
                    if (end.failure instanceof RuntimeException failure) {
                        failure.fillInStackTrace(); // where the program is, not where the worker was listened to
                        throw failure;
                    }
                    yield false;
                }
            };
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted while waiting for results");
        }
    }
}
