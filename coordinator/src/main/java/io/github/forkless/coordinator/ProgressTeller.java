package io.github.forkless.coordinator;

import io.github.forkless.coordinator.result.Progress;
import io.github.forkless.coordinator.result.Recording;
import java.util.function.Consumer;

/**
 * Tells a listener of the user's how far a run is: on a thread of its own, which nothing waits for; the end, on the thread
 * that waits for the run, before it goes on. If the listener is at a call then, it is told after that by its own thread. Its
 * calls never overlap.
 */
final class ProgressTeller {
    private static final long EVERY_MILLIS = 200;

    private final Recording recording;
    private final Consumer<? super Progress> listener;
    private final Consumer<String> complaints;

    private boolean isCalling;
    private boolean isEnded;
    /** It has thrown, and is told nothing more. */
    private boolean isDeaf;

    /** @param complaints takes what the listener throws */
    ProgressTeller(Recording recording, Consumer<? super Progress> listener, Consumer<String> complaints) {
        this.recording = recording;
        this.listener = listener;
        this.complaints = complaints;
    }

    void start() {
        Thread.ofPlatform().daemon().name("forkless-progress").start(this::tellOn);
    }

    private void tellOn() {
        while (begins()) {
            call(false);
            if (hasEndedMeanwhile()) {
                call(true);
            }
        }
    }

    private synchronized boolean begins() {
        long end = System.nanoTime() + EVERY_MILLIS * 1_000_000;
        try {
            for (long left = EVERY_MILLIS; left > 0 && !isEnded; left = (end - System.nanoTime()) / 1_000_000) {
                wait(left);
            }
        } catch (InterruptedException e) {
            return false; // the listener has asked for that
        }
        isCalling = !isEnded && !isDeaf;
        return isCalling;
    }

    private synchronized boolean hasEndedMeanwhile() {
        isCalling = false;
        return isEnded && !isDeaf;
    }

    /** To be called by a thread that waits for the run, which is over. */
    void end() {
        synchronized (this) {
            if (isEnded) {
                return;
            }
            isEnded = true;
            notifyAll();
            if (isCalling || isDeaf) {
                return;
            }
        }
        call(true);
    }

    private void call(boolean isEnd) {
        try {
            listener.accept(recording.progress(isEnd));
        } catch (Throwable e) { // it is the user's, and not the run's matter
            synchronized (this) {
                isDeaf = true;
            }
            complaints.accept("[pool] the listener for progress is called no more in this run, as it threw " + e);
        }
    }
}
