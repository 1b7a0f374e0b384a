package io.github.forkless.coordinator.cli;

import io.github.forkless.coordinator.result.Recording;
import io.github.forkless.coordinator.result.Recording.Totals;
import io.github.forkless.coordinator.result.Recording.Worker;
import io.github.forkless.coordinator.result.WorkerNumber;
import java.util.Optional;

/** What to say of a run whose workers die again and again. A few cost little: nothing is said of them. */
final class Deaths {
    private static final int MANY = 3;

    private final Recording recording;
    private long said = MANY - 1;

    Deaths(Recording recording) {
        this.recording = recording;
    }

    /** Nothing unless more have died since the last call. */
    Optional<String> news() {
        long died = 0;
        Worker last = null;
        for (Worker worker : recording.workers()) {
            if (worker.endedNanos() == Recording.UNKNOWN || worker.end().equals("ok")) {
                continue;
            }
            died++;
            if (last == null || worker.endedNanos() > last.endedNanos()) {
                last = worker;
            }
        }
        if (died <= said) {
            return Optional.empty();
        }
        said = died;
        Totals totals = recording.totals();
        String done = totals.passBytes() == 0
                ? "nothing is done yet"
                : 100 * totals.donePassBytes() / totals.passBytes() + "% is done";
        return Optional.of(died + " workers have died so far, " + done + "; the last one, "
                + WorkerNumber.shortName(last.pid()) + ": " + last.end());
    }
}
