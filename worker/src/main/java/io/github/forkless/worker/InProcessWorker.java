package io.github.forkless.worker;

import io.github.forkless.common.dataset.Dataset;
import io.github.forkless.common.dataset.MappedDataset;
import io.github.forkless.common.process.ProcessStat;
import io.github.forkless.common.process.ProgressFile;
import io.github.forkless.common.shared.WorkerObjects;
import io.github.forkless.common.wire.Message;
import java.util.Optional;

/**
 * A worker without a process of its own: it does what a child JVM does with the same messages, on the thread that calls
 * it. It shares mappings with its neighbours, and whatever else is one for each JVM: static fields, system properties, the
 * streams of {@link System}. For one thread, which is the one that makes it; only {@link #begun} and {@link #item} are for
 * others too.
 */
public final class InProcessWorker implements AutoCloseable {
    private final ProgressFile.Writer progress = ProgressFile.Writer.inMemory();
    private final ThreadState state = new ThreadState();
    private final TaskRunner runner;
    private volatile long begun;

    /**
     * @param mappings of all workers of this JVM
     * @param loader finds the classes of jobs and of what they hold
     */
    public InProcessWorker(SharedMappings mappings, ClassLoader loader) {
        runner = new Runner(progress, loader, mappings);
    }

    private static final class Runner extends TaskRunner {
        private final SharedMappings mappings;

        Runner(ProgressFile.Writer progress, ClassLoader loader, SharedMappings mappings) {
            super(progress, loader, null);
            this.mappings = mappings;
        }

        @Override
        MappedDataset map(Dataset dataset) {
            return mappings.map(dataset);
        }

        @Override
        void unmap(MappedDataset dataset) {
            mappings.release(dataset);
        }

        /** The pool, which is in this JVM, has done so. */
        @Override
        void closeShared(long number) {}

        @Override
        WorkerObjects ownObjects() {
            return WorkerObjects.ofThread();
        }

        @Override
        ProcessStat stat() {
            return ProcessStat.ofThread();
        }
    }

    /** Does one request and returns what to answer, if anything; what is large in it is valid until {@link #endRequest}. */
    public Optional<Message> handle(Message request) {
        if (request.isAnswered()) {
            progress.begin();
            begun++;
        }
        return runner.handle(request);
    }

    /** The answer was taken. What the job has changed of its thread is as it was, and the thread is not interrupted. */
    public void endRequest() {
        runner.forgetAnswer();
        state.restore();
    }

    /** How many of the requests that have an answer were begun. */
    public long begun() {
        return begun;
    }

    /** Which parameter or parameter set it is at; negative if that is not known. Another thread may see an earlier one. */
    public int item() {
        return progress.item();
    }

    /** Needs none of its objects and datasets any more. */
    @Override
    public void close() {
        Thread.interrupted(); // that was for a task
        runner.closeObjects();
        WorkerObjects.leaveThread();
        runner.unmapAll();
    }
}
