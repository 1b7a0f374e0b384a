package io.github.forkless.coordinator.schedule;

import java.time.Duration;

/** What goes wrong in one simulation, and how often; what did, as far as it excuses a run that fails. */
final class Faults {
    private final EventLoop loop;

    /** How often an attempt comes to nothing that could have been well. */
    final double mishap;
    /** How often a worker dies before it is up. */
    final double stillborn;
    /** How often a worker cannot be started. */
    final double noStart;
    /** How often there is no thread for something. */
    final double noThread;
    /** How often a worker that ended left no word of how far it had come. */
    final double untold;

    int failedStarts;
    int missingThreads;

    Faults(EventLoop loop) {
        this.loop = loop;
        boolean isCalm = loop.chance(0.1);
        mishap = isCalm ? 0 : loop.random.nextDouble() * 0.15;
        stillborn = isCalm || loop.chance(0.6) ? 0 : loop.random.nextDouble() * 0.3;
        noStart = isCalm || loop.chance(0.7) ? 0 : loop.random.nextDouble() * 0.6;
        noThread = isCalm || loop.chance(0.9) ? 0 : loop.random.nextDouble() * 0.02;
        untold = isCalm || loop.chance(0.8) ? 0 : loop.random.nextDouble();
    }

    /** Where a thread is made. */
    void spareThread() {
        if (loop.chance(noThread)) {
            missingThreads++;
            throw new OutOfMemoryError("unable to create native thread");
        }
    }

    /** How long starting, working, answering take at most. */
    Duration latency() {
        return Duration.ofMillis(loop.chance(0.05) ? 400 : 4);
    }
}
