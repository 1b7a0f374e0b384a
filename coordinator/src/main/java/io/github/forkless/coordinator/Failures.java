package io.github.forkless.coordinator;

import io.github.forkless.common.dataset.DatasetException;
import io.github.forkless.coordinator.journal.JournalException;
import io.github.forkless.coordinator.result.InvalidRequestException;
import io.github.forkless.coordinator.result.RunFailedException;
import java.util.List;

/** The failures of runs, for the threads that wait for them. */
final class Failures {

    /**
     * The same failure as an exception of the caller's own: its stack trace says where the program is, and nobody else has
     * it, who might add to it.
     */
    static RuntimeException copy(RuntimeException failure) {
        return switch (failure) {
            case RunFailedException run -> run.copy();
            case InvalidRequestException _ -> new InvalidRequestException(failure.getMessage());
            case DatasetException _ -> DatasetException.reported(failure.getMessage());
            case JournalException journal -> journal.copy();
            case IllegalStateException _ -> new IllegalStateException(failure.getMessage(), failure);
            default -> new RunFailedException(failure.toString(), List.of(), failure);
        };
    }

    private Failures() {}
}
