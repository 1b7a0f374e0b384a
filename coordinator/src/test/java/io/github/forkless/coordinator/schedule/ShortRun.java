package io.github.forkless.coordinator.schedule;

import io.github.forkless.common.wire.JobSource;
import io.github.forkless.common.wire.Message;
import io.github.forkless.coordinator.engine.WorkerEnd;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Nobody knows of what it consists before a worker has loaded its job. */
final class ShortRun extends QueuedRun {
    final CompletableFuture<Void> result = new CompletableFuture<>();

    ShortRun(long number) {
        super(number, 1, 0, 0);
    }

    @Override
    public void submitted(Background background) {}

    @Override
    public boolean isPlanned() {
        return false;
    }

    @Override
    public int datasetNumber() {
        return Message.NO_DATASET;
    }

    @Override
    public Message.Load load() {
        return new Message.Load(
                number(),
                Message.NO_DATASET,
                false,
                new JobSource.Function(new byte[0], JobSource.Code.onClassPath(List.of())));
    }

    @Override
    public Optional<Duration> timeout() {
        return Optional.empty();
    }

    @Override
    public boolean isDone() {
        return result.isDone();
    }

    @Override
    public boolean hasFailed() {
        return result.isCompletedExceptionally();
    }

    @Override
    public boolean isCancelled() {
        return result.isCancelled();
    }

    @Override
    public void whenDone(Runnable action) {
        result.whenComplete((_, _) -> action.run());
    }

    @Override
    public void diedLoading(int place, long pid, WorkerEnd end, boolean isNews) {}

    @Override
    public void failIfDatasetChanged() {}

    @Override
    public void workerEnded(long pid, String how) {}
}
