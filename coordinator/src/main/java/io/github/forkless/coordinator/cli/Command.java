package io.github.forkless.coordinator.cli;

import java.util.Optional;

/** One of the things that {@code coordinator} does: what it can be given, and doing it. */
interface Command {

    /** What it takes; read by {@link #run}. */
    Arguments arguments();

    /**
     * Does it, with the arguments that were typed.
     *
     * @return the exit code, see {@link ExitCode}
     * @throws Exception what went wrong; {@link Main} explains it
     */
    int run() throws Exception;

    /** What to type to see a failure of {@link #run} again, where it is easier to look into; empty if there is no such thing. */
    default Optional<String> again(Exception failure) {
        return Optional.empty();
    }
}
