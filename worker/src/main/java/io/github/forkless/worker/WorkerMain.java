package io.github.forkless.worker;

import io.github.forkless.common.process.ProgressFile;
import io.github.forkless.common.shared.SharedMappings;
import io.github.forkless.common.text.Throwables;
import io.github.forkless.common.wire.ByteWriter;
import io.github.forkless.common.wire.Message;
import java.io.BufferedInputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A worker: a child JVM that maps the dataset, does the tasks it is dealt one after another, and answers over what the
 * coordinator sees as its stdout.
 */
public class WorkerMain {

    /** The environment variable by which a worker, and all that its job starts, is known: POOL/WORKER. */
    public static final String MARK = "FORKLESS_WORKER";

    /** The environment variable that says how many levels of pools a worker, and all that its job starts, may open. */
    public static final String NESTED_POOLS = "FORKLESS_NESTED_POOLS";

    /**
     * Runs a worker's JVM, given as the arguments behind it, with the protocol's two streams moved out of everybody's
     * way. File descriptor 1 is then the worker's stderr, also for native code and for processes that a job starts, and
     * file descriptor 0 is empty, so that nothing a job reads or prints can touch the protocol. Ctrl-C is for the
     * coordinator, which ends its workers.
     *
     * @param pool names the pool in the {@link #MARK}: no other pool has had that name
     * @param nestedPools see {@link #NESTED_POOLS}
     */
    public static List<String> shellPrefix(String pool, int nestedPools) {
        return List.of("/bin/sh", "-c", SHELL_SCRIPT, "forkless-worker", pool, Integer.toString(nestedPools));
    }

    private static final String SHELL_SCRIPT = "trap '' INT; export " + MARK + "=$1/$$. " + NESTED_POOLS
            + "=$2; shift 2; exec \"$@\" 3<&0 4>&1 0</dev/null 1>&2";

    private static final String REQUESTS = "/dev/fd/3";
    private static final String ANSWERS = "/dev/fd/4";

    /** The exit code of a worker that could not go on talking to its coordinator. */
    private static final int CONVERSATION_BROKEN = 70;

    /** What the JVM takes to begin with. */
    private static final long FIRST_HEAP = Runtime.getRuntime().totalMemory();

    /** What one pool leaves is little, and that of a thousand would be most of the first heap. */
    private static final long MOST_BETWEEN_POOLS = 6 << 20;

    private final long upNanos = System.nanoTime();
    private final InputStream requests;
    private final OutputStream answers;
    private final ByteWriter frame = new ByteWriter();
    private ProgressFile.Writer progress;
    private TaskRunner runner;
    private long mostUsed = FIRST_HEAP;

    WorkerMain(InputStream requests, OutputStream answers) {
        this.requests = requests;
        this.answers = answers;
    }

    /**
     * @param args the coordinator's process id; the folder where the worker says how far it has come; the folder for answers
     *     that are much; behind them, if the worker is to suffer from it, {@link Chaos}
     */
    public static void main(String[] args) {
        ParentWatch.start(Long.parseLong(args[0]));
        SharedMappings.mapWhatIsGiven();
        try (var requests = new BufferedInputStream(new FileInputStream(REQUESTS), 64 << 10);
                var answers = new FileOutputStream(ANSWERS)) {
            WorkerMain worker = args.length == 3
                    ? new WorkerMain(requests, answers)
                    : new ChaoticWorker(requests, answers, Chaos.parse(args[3]));
            worker.converse(Path.of(args[1]), Path.of(args[2]));
            System.exit(0);
        } catch (Throwable e) { // whatever it is, these are this worker's last words
            say(Throwables.trace(e));
        } finally {
            Runtime.getRuntime().halt(CONVERSATION_BROKEN);
        }
    }

    /** Prints to the worker's stderr. System.err may be a job's by now, or closed. */
    static void say(String words) {
        try {
            new FileOutputStream(FileDescriptor.err).write(words.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            // Then it is lost.
        }
    }

    /** Does what is asked for until nothing more is. */
    void converse(Path folder, Path contentFolder) throws IOException {
        var state = new AmbientState();
        send(new Message.Ready(upNanos));
        progress = ProgressFile.create(folder); // while the coordinator makes up its mind
        runner = runner(contentFolder);
        var messages = new Message.Reader(requests);
        for (var request = messages.next(); request.isPresent(); request = messages.next()) {
            if (request.get() instanceof Message.Reset) {
                forget(contentFolder);
                state.restore();
                send(new Message.Ready(System.nanoTime()));
            } else {
                answer(request.get(), state);
                collectGarbage();
            }
        }
        runner.closeObjects();
        state.flushOutput();
    }

    private TaskRunner runner(Path contentFolder) {
        return new TaskRunner(progress, ClassLoader.getSystemClassLoader(), contentFolder);
    }

    /** Nothing of the pool is left, not even the heap that its tasks have taken. */
    private void forget(Path contentFolder) {
        runner.closeObjects();
        runner.unmapAll();
        SharedMappings.closeAllGiven();
        progress.restart();
        runner = runner(contentFolder);
        mostUsed = FIRST_HEAP;
        if (Runtime.getRuntime().totalMemory() > FIRST_HEAP || heapUsed() > MOST_BETWEEN_POOLS) {
            System.gc();
        }
    }

    /** A method of its own, as what it has must not be alive any more when garbage is collected. */
    private void answer(Message request, AmbientState state) throws IOException {
        if (request.isAnswered()) {
            progress.begin();
        }
        Optional<Message> answer = handle(request);
        // What a job printed must be with the coordinator before its answer is, or it could be lost.
        state.flushOutput();
        if (answer.isPresent()) {
            send(answer.get());
        }
        runner.forgetAnswer();
        state.restore();
    }

    /**
     * Between two requests hardly anything is alive, so that to collect what a task has left takes little. The JVM itself would
     * rather have the heap grow up to its limit, into memory that was never touched, and copy what is alive in the middle of tasks.
     */
    private void collectGarbage() {
        if (heapUsed() > mostUsed) {
            System.gc();
            mostUsed = FIRST_HEAP + 2 * heapUsed(); // if much stays, it is not for each task that all is looked at
        }
    }

    private static long heapUsed() {
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    Optional<Message> handle(Message request) {
        return runner.handle(request);
    }

    void send(Message message) throws IOException {
        message.send(answers, frame);
    }
}
