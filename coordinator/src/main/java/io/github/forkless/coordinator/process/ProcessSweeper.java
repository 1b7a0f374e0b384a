package io.github.forkless.coordinator.process;

import io.github.forkless.common.process.ProcessStat;
import io.github.forkless.worker.WorkerMain;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * Ends what workers leave behind: the processes that a job started, when its worker is gone, and everything, workers
 * included, when this process is gone, however that came about.
 *
 * <p>It is a shell that waits for a line, or the end, of its stdin, which the kernel closes when the coordinator dies.
 * It needs no cooperation: a worker that was stopped cannot end itself when its coordinator is gone. If it was killed, the
 * next order is given to another one. Processes are known
 * by a mark in their environment, see {@link WorkerMain#shellPrefix}, which children inherit and which stays when their
 * parent dies. The mark has the name of the pool's private folder in it, so that no process of another pool, user or
 * container bears it, whatever pid it was given.
 */
final class ProcessSweeper {

    /**
     * The arguments are the pool's private folder, and that for the contents of large answers. {@code grep} finds
     * candidates quickly; a process is ended only if the mark is a whole variable of it, and if it belongs to this user and
     * is in this pid namespace. What grep looks for begins with the mark's name, whatever is read: an empty pattern would
     * match every process there is.
     */
    private static final String SCRIPT = """
        trap '' HUP INT QUIT TERM
        folder=$1
        contents=$2
        pool=${folder##*/}
        ours=$(readlink /proc/self/ns/pid)
        is_ours() { # a process's folder in /proc, and the marks
            [ -O "$1/environ" ] && [ "$(readlink "$1/ns/pid")" = "$ours" ] || return 1
            variables=$(tr '\\n\\0' ' \\n' <"$1/environ") || return 1 # one a line, whatever is in it
            process=$1
            shift
            for mark in "$@"; do
                case "
        $variables" in *"
        MARK=$pool/$mark"*) return 0 ;; esac
            done
            return 1
        }
        sweep() {
            looked=
            for round in 1 2 3 4 5 6 7 8; do # a process may start others before it ends
                found=$(printf "MARK=$pool/%s\\n" "$@" | grep -lsFf - /proc/[0-9]*/environ)
                if [ -z "$found" ]; then
                    [ -z "$looked" ] || return
                    looked=yes # one that just becomes another program shows no variables for a moment
                    sleep 0.05
                    continue
                fi
                looked=
                for file in $found; do
                    is_ours "${file%/environ}" "$@" && kill -9 "${process#/proc/}"
                done
            done
        }
        clean() { # of a JVM that crashed, the log stays
            for link in "$folder"/shared-*; do
                [ -h "$link" ] && rm -f "$(readlink "$link")" "$link"
            done
            if [ -d "$contents" ] && [ ! -h "$contents" ]; then
                rm -f "$contents"/*
                rmdir "$contents"
            fi
            rm -f "$folder"/progress-* "$folder"/arguments-* "$folder"/contents "$folder"/lock "$folder"/lock.new
            rmdir "$folder"
        }
        while read -r order workers; do
            if [ "$order" != last ]; then
                sweep $workers
                continue
            fi
            [ -n "$workers" ] || exit
            if [ "$PPID" = 1 ]; then # the JVM of a container, which would have to reap what is in the background
                sweep $workers
                clean
            else # in the background, as a JVM does not end before a child that it is about to reap
                { sweep $workers; clean; } &
            fi
            exit
        done
        sweep ''
        clean
        """.replace("MARK", WorkerMain.MARK);

    /** As many ends fit into a pipe to a shell that does not read. */
    private static final int REMEMBERED = 64 << 10 >> 4;

    private final PrivateFolder folder;

    /** Null before the start; completed with null when there can be no shell. */
    private CompletableFuture<Process> shell;

    /** Workers that have not ended, as far as is known. */
    private final Set<Long> watched = new LinkedHashSet<>();

    /** The last that ended: a shell that was killed may not have come to them. */
    private final Deque<Long> ended = new ArrayDeque<>();

    private boolean isClosed;

    /** @param folder of the pool whose processes are to be ended */
    ProcessSweeper(PrivateFolder folder) {
        this.folder = folder;
    }

    /**
     * Makes sure that a worker, and what its job starts, does not outlive this process. The shell for that is started in
     * the background: nothing at a run's start waits for it. Without it workers still end when they see that the
     * coordinator is gone.
     */
    synchronized void watch(long workerPid) {
        watched.add(workerPid);
        if (isClosed || shell != null) {
            return;
        }
        var starting = new CompletableFuture<Process>();
        shell = starting;
        try {
            Thread.ofPlatform().daemon().name("sweeper-start").start(() -> {
                starting.complete(startShell());
                folder.claim();
                folder.removeLeftBehind();
            });
        } catch (Throwable noThread) { // of which an OutOfMemoryError tells
            starting.complete(null);
        }
    }

    /** Null when it cannot be had: whatever kept the shell from starting is no reason to stop now. */
    private Process startShell() {
        try {
            var builder = new ProcessBuilder(
                            "/bin/sh",
                            "-c",
                            SCRIPT,
                            "forkless-sweeper",
                            folder.path().toString(),
                            folder.contents().toString())
                    .redirectOutput(Redirect.DISCARD)
                    .redirectError(Redirect.DISCARD);
            // That of a pool within a worker must outlive the worker, which is swept by this.
            builder.environment().remove(WorkerMain.MARK);
            return builder.start();
        } catch (Throwable e) { // where there is no thread for it, this is an OutOfMemoryError
            return null;
        }
    }

    /** A worker has ended: ends the processes that its job started, soon. */
    synchronized void sweep(long workerPid) {
        watched.remove(workerPid);
        if (ended.size() == REMEMBERED) {
            ended.removeFirst();
        }
        ended.addLast(workerPid);
        if (!isClosed) {
            send("sweep", List.of(workerPid));
        }
    }

    /**
     * Ends the workers that have not ended, and what their jobs started, soon: the shell may do that after this process is
     * gone. Then there is nothing more to do.
     *
     * @return whether all had ended
     */
    synchronized boolean close() {
        if (!isClosed) {
            isClosed = true;
            endIfStopped();
            send("last", watched);
        }
        return watched.isEmpty();
    }

    /** What is stopped would stay for ever. */
    private void endIfStopped() {
        Process started = shell == null ? null : shell.join();
        if (started != null && ProcessStat.isStopped(started.pid())) {
            started.destroyForcibly().onExit().join();
        }
    }

    private void send(String order, Collection<Long> workerPids) {
        Process started = shell == null ? null : shell.join();
        if (started == null || isTold(started, order, workerPids)) {
            return;
        }
        // Somebody has killed it, perhaps before it did what it had been told.
        Process another = startShell();
        shell = CompletableFuture.completedFuture(another);
        if (another != null) {
            List<Long> missed =
                    ended.stream().filter(pid -> !watched.contains(pid)).toList(); // pids come again
            isTold(another, "sweep", missed);
            isTold(another, order, workerPids);
        }
    }

    private static boolean isTold(Process shell, String order, Collection<Long> workerPids) {
        var line = new StringBuilder(order);
        workerPids.forEach(pid -> line.append(' ').append(pid).append('.'));
        try {
            OutputStream orders = shell.getOutputStream();
            orders.write(line.append('\n').toString().getBytes(StandardCharsets.US_ASCII));
            orders.flush();
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
