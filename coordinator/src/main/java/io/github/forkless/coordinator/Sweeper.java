package io.github.forkless.coordinator;

import io.github.forkless.worker.WorkerMain;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Ends what workers leave behind: the processes that a job started, when its worker is gone, and everything, workers
 * included, when this process is gone, however that came about.
 *
 * <p>It is a shell that waits for a line, or the end, of its stdin, which the kernel closes when the coordinator dies.
 * It needs no cooperation: a worker that was stopped cannot end itself when its coordinator is gone. Processes are known
 * by a mark in their environment, see {@link WorkerMain#SHELL_PREFIX}, which children inherit and which stays when their
 * parent dies.
 */
final class Sweeper {

    /**
     * The first argument is the coordinator's pid. What grep looks for begins with the mark's name, whatever is read: an
     * empty pattern would match every process there is.
     */
    private static final String SCRIPT = """
        trap '' HUP INT QUIT TERM
        coordinator=$1
        sweep() {
            for round in 1 2 3 4 5 6 7 8; do # a process may start others before it ends
                found=$(printf "MARK=$coordinator/%s\\n" "$@" | grep -lsFf - /proc/[0-9]*/environ)
                [ -n "$found" ] || return
                for file in $found; do
                    pid=${file#/proc/}
                    kill -9 "${pid%/environ}"
                done
            done
        }
        while read -r order workers; do
            if [ "$order" = last ]; then # in the background, as a JVM does not end before a child that it is about to reap
                [ -z "$workers" ] || sweep $workers &
                exit
            fi
            sweep $workers
        done
        sweep ''
        """.replace("MARK", WorkerMain.MARK);

    /** Null before the start; completed with null when there can be no shell. */
    private CompletableFuture<Process> shell;

    private boolean isClosed;

    /**
     * Starts the shell, in the background: nothing at a run's start waits for it. Without it workers still end when they
     * see that the coordinator is gone.
     */
    synchronized void start() {
        if (!isClosed) {
            shell = CompletableFuture.supplyAsync(Sweeper::startShell, Sweeper::inBackground);
        }
    }

    private static void inBackground(Runnable task) {
        Thread.ofPlatform().daemon().name("sweeper-start").start(task);
    }

    private static Process startShell() {
        try {
            return new ProcessBuilder(
                            "/bin/sh",
                            "-c",
                            SCRIPT,
                            "forkless-sweeper",
                            Long.toString(ProcessHandle.current().pid()))
                    .redirectOutput(Redirect.DISCARD)
                    .redirectError(Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            return null; // the workers could be started: whatever kept the shell from it is no reason to stop now
        }
    }

    /** Ends the processes that a worker's job started, soon. */
    synchronized void sweep(long workerPid) {
        if (!isClosed) {
            send("sweep", List.of(workerPid));
        }
    }

    /**
     * Ends these workers, if they have not ended, and what their jobs started, soon: the shell may do that after this
     * process is gone. Then there is nothing more to do.
     */
    synchronized void close(List<Long> workerPids) {
        if (!isClosed) {
            isClosed = true;
            send("last", workerPids);
        }
    }

    private void send(String order, List<Long> workerPids) {
        Process started = shell == null ? null : shell.join();
        if (started == null) {
            return;
        }
        var line = new StringBuilder(order);
        workerPids.forEach(pid -> line.append(' ').append(pid).append('.'));
        try {
            OutputStream orders = started.getOutputStream();
            orders.write(line.append('\n').toString().getBytes(StandardCharsets.US_ASCII));
            orders.flush();
        } catch (IOException e) {
            // The shell is gone. What it would have done is done by nobody, and harms nobody but its owner.
        }
    }
}
