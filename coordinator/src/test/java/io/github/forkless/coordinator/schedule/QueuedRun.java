package io.github.forkless.coordinator.schedule;

import io.github.forkless.common.wire.Message;
import io.github.forkless.coordinator.engine.WorkerEnd;
import java.time.Duration;
import java.util.Optional;

/** A run of which nothing is known but what it has to deal, and that counts how often it is asked. */
class QueuedRun implements ScheduledRun {
    private final long number;
    private final double weight;
    private final long taskNanos;
    long waiting;
    long asked;

    QueuedRun(long number, double weight, long taskNanos, long waiting) {
        this.number = number;
        this.weight = weight;
        this.taskNanos = taskNanos;
        this.waiting = waiting;
    }

    @Override
    public long number() {
        asked++;
        return number;
    }

    @Override
    public double weight() {
        asked++;
        return weight;
    }

    @Override
    public boolean isDone() {
        asked++;
        return false;
    }

    @Override
    public boolean isPlanned() {
        asked++;
        return true;
    }

    @Override
    public long waitingTasks() {
        asked++;
        return waiting;
    }

    @Override
    public long taskNanos() {
        asked++;
        return taskNanos;
    }

    private static UnsupportedOperationException noQueueAsks() {
        return new UnsupportedOperationException();
    }

    @Override
    public int datasetNumber() {
        throw noQueueAsks();
    }

    @Override
    public Message.Load load() {
        throw noQueueAsks();
    }

    @Override
    public Optional<Duration> timeout() {
        throw noQueueAsks();
    }

    @Override
    public void released() {}

    @Override
    public boolean hasFailed() {
        throw noQueueAsks();
    }

    @Override
    public boolean isCancelled() {
        throw noQueueAsks();
    }

    @Override
    public void whenDone(Runnable action) {
        throw noQueueAsks();
    }

    @Override
    public void submitted(Background background) {
        throw noQueueAsks();
    }

    @Override
    public Optional<Task> nextTask(int node) {
        throw noQueueAsks();
    }

    @Override
    public void dealt(Task task) {
        throw noQueueAsks();
    }

    @Override
    public void returned(Task task) {
        throw noQueueAsks();
    }

    @Override
    public void loaded(Message.Loaded loaded) {
        throw noQueueAsks();
    }

    @Override
    public void loadFailed(long pid, Message.Failed failure) {
        throw noQueueAsks();
    }

    @Override
    public void diedLoading(int place, long pid, WorkerEnd end, boolean isNews) {
        throw noQueueAsks();
    }

    @Override
    public void answered(int place, long pid, Task task, Message.Partial answer) {
        throw noQueueAsks();
    }

    @Override
    public void failed(long pid, Task task, Message.Failed failure) {
        throw noQueueAsks();
    }

    @Override
    public void died(int place, long pid, Task task, WorkerEnd end) {
        throw noQueueAsks();
    }

    @Override
    public void workerEnded(long pid, String how) {
        throw noQueueAsks();
    }

    @Override
    public void fail(RuntimeException failure) {
        throw noQueueAsks();
    }

    @Override
    public void failIfDatasetChanged() {
        throw noQueueAsks();
    }
}
