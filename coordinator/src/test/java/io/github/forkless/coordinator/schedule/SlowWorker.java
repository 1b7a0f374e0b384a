package io.github.forkless.coordinator.schedule;

import io.github.forkless.common.wire.Message;
import io.github.forkless.coordinator.engine.Worker;
import java.time.Duration;

/** Says nothing by itself. */
final class SlowWorker implements Worker {
    private final int place;
    boolean isKilled;
    /** By somebody else, and one has to look to see it. */
    boolean isDying;

    int fitnessChecks;

    SlowWorker(int place) {
        this.place = place;
    }

    @Override
    public int place() {
        return place;
    }

    @Override
    public long pid() {
        return 1;
    }

    @Override
    public void listen(Listener listener) {}

    @Override
    public void send(Message... messages) {}

    @Override
    public boolean isFit() {
        return !isKilled && !(isDying && fitnessChecks > 0);
    }

    @Override
    public void checkFitness() {
        fitnessChecks++;
    }

    @Override
    public void reject(String reason) {}

    @Override
    public boolean isRejected() {
        return isKilled;
    }

    @Override
    public void dismiss() {}

    @Override
    public void terminate() {}

    @Override
    public void kill() {
        isKilled = true;
    }

    @Override
    public boolean awaitEnd(Duration patience) {
        return true;
    }
}
