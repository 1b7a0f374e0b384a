package io.github.forkless.coordinator.cli;

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
}
