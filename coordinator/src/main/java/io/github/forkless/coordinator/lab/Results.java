package io.github.forkless.coordinator.lab;

import java.io.IOException;

/** Tells the laboratory what an arrangement has found. Safe for use by several threads. */
final class Results {
    private final Signals signals;
    private boolean isHeld;

    Results(Signals signals) {
        this.signals = signals;
    }

    /** All processes are up, and the program has its data: what comes now is work. */
    void started() {
        signals.send(Signals.STARTED);
    }

    /** @param job its number, from 0 */
    void add(int job, long result) {
        signals.send(Signals.RESULT, job, result);
    }

    /** All results are there, and every process still holds what it needed for them: waits until it was looked at. */
    void hold() throws IOException {
        signals.send(Signals.HOLDING);
        signals.awaitGo();
        isHeld = true;
    }

    boolean isHeld() {
        return isHeld;
    }
}
