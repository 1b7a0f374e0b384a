package io.github.forkless.coordinator.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.forkless.coordinator.result.Failure;
import io.github.forkless.coordinator.result.RunFailedException;
import io.github.forkless.coordinator.run.Run;
import io.github.forkless.coordinator.run.RunContext;
import io.github.forkless.coordinator.run.RunOutcome;
import io.github.forkless.coordinator.schedule.SimulatedJob.Harm;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.function.BooleanSupplier;

/** A run in a simulation, with what it may end with. */
abstract class SimulatedRun {
    final RunContext context;
    final SimulatedJob job;
    private boolean isCancelled;

    // What may excuse it, as far as the pool is concerned.
    BooleanSupplier mayBeClosed;
    BooleanSupplier mayLackWorkers;
    BooleanSupplier mayLackThreads;
    int slots;

    SimulatedRun(RunContext context, SimulatedJob job) {
        this.context = context;
        this.job = job;
    }

    abstract Run run();

    /** What it ended with is right, and complete. */
    abstract void verify(RunOutcome outcome);

    boolean isOver() {
        return run().isDone();
    }

    void cancel() {
        isCancelled |= !run().isDone();
        run().result().cancel(true);
    }

    void verify(SimulatedEngine engine) {
        RunOutcome outcome;
        try {
            outcome = run().result().join();
        } catch (CancellationException e) {
            assertThat(isCancelled).as("%s was cancelled", this).isTrue();
            return;
        } catch (CompletionException e) {
            verifyFailure(engine, (RuntimeException) e.getCause());
            return;
        }
        assertThat(isCancelled).as("%s was not cancelled", this).isFalse();
        verifyBlame(engine, outcome.report().failures());
        verify(outcome);
    }

    private void verifyFailure(SimulatedEngine engine, RuntimeException failure) {
        String message = String.valueOf(failure.getMessage());
        if (failure instanceof IllegalStateException && message.startsWith("the pool")) {
            require(mayBeClosed.getAsBoolean(), failure);
            return;
        } else if (message.equals("the dataset was closed")) {
            return;
        }
        require(failure instanceof RunFailedException, failure);
        List<Failure> failures = ((RunFailedException) failure).failures();
        verifyBlame(engine, failures);
        if (message.contains("cannot be started")) {
            require(mayLackWorkers.getAsBoolean() || mayLackThreads.getAsBoolean(), failure);
        } else if (message.contains("could not start a thread")) {
            require(mayLackThreads.getAsBoolean(), failure);
        } else if (message.contains("workers died before they could work")) {
            require(Integer.parseInt(message.split(" ")[0]) >= slots + 2, failure);
        } else if (message.startsWith("loading")) {
            require(failures.stream().filter(it -> it.task() < 0).count() > retries(), failure);
        } else if (message.contains("could not load")) {
            require(job.harm() == Harm.THROWS_LOADING, failure);
        } else if (message.startsWith("the job failed at")) {
            require(job.harm() == Harm.THROWS, failure);
        } else if (message.startsWith("every attempt at") && message.contains("ended its worker")) {
            require(failures.getLast().attempt() == retries() + 1, failure);
        } else if (message.startsWith("every attempt at")) {
            require(!failures.isEmpty(), failure);
        } else if (message.contains("attempts in a row")) {
            require(failures.size() >= 256, failure);
        } else {
            require(false, failure);
        }
    }

    int retries() {
        return context.settings().retries();
    }

    /** Who is named did end at what is said, and nothing was tried more often than was allowed. */
    private void verifyBlame(SimulatedEngine engine, List<Failure> failures) {
        for (Failure failure : failures) {
            Object what = failure.task() < 0
                    ? new SimulatedWorker.Loading(context.number())
                    : new SimulatedWorker.Attempt(context.number(), failure.task(), failure.attempt());
            SimulatedWorker worker = engine.workers.get(failure.pid());
            if (!worker.mayHaveEndedAt(what) && failure.error().isEmpty()) {
                throw new AssertionError(this + ": " + worker + " is not to blame for " + failure);
            }
            if (failure.task() >= 0 && failure.attempt() > retries() + 1) {
                throw new AssertionError(this + " was tried too often: " + failure);
            }
        }
    }

    private void require(boolean condition, RuntimeException failure) {
        if (!condition) {
            throw new AssertionError(this + " must not fail with this", failure);
        }
    }

    @Override
    public String toString() {
        return "run " + context.number() + " (" + job + ", " + context.settings() + ", done " + run().isDone()
                + ", planned " + run().isPlanned() + ", waiting " + run().waitingTasks() + ")";
    }
}
