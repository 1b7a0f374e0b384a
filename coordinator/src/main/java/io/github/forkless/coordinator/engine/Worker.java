package io.github.forkless.coordinator.engine;

import io.github.forkless.common.wire.Message;
import java.time.Duration;

/**
 * What carries out tasks, one after the other, as the scheduler sees it: a child JVM, a thread of this JVM, a slot in a
 * cluster, or in tests a simulation of one. It answers its requests in the order in which they were sent.
 *
 * <p>No method waits for the worker, except {@link #awaitEnd}. All are safe for use by several threads.
 */
public interface Worker {

    /** Called by the worker's own threads; one call at a time for each worker. */
    interface Listener {
        void received(Worker worker, Message message);

        /** The worker has ended and every message that it sent was received. Called once, and last. */
        void ended(Worker worker, WorkerEnd end);
    }

    /** Its place in the pool, from 0. Its replacement has the same. */
    int place();

    /**
     * Its process. Of a thread the kernel's number of it, which no process has while it lives. Of a worker on another machine a
     * number from {@link io.github.forkless.coordinator.result.WorkerNumber#FIRST_REMOTE}.
     */
    long pid();

    /** Where it is, if that is not this machine: the host, a comma, and more, as in {@code host-a, executor 3}. Empty if it is. */
    default String where() {
        return "";
    }

    /** Begins to report to a listener. Called once, before anything is sent. */
    void listen(Listener listener);

    /**
     * Sends messages, all at once. What is sent to a worker that has ended is dropped: its end is reported to the listener
     * in any case.
     */
    void send(Message... messages);

    /** Whether it can be given something to do. */
    boolean isFit();

    /** Finds out whether something has ended it that it has not come to yet; if so, it is not fit from now on. */
    void checkFitness();

    /** Says why the worker is about to be ended by us; the first reason counts. Whatever it still sends is ignored. */
    void reject(String reason);

    boolean isRejected();

    /** Whether it has had no pool before this one. */
    default boolean isNew() {
        return true;
    }

    /**
     * Its pool is over.
     *
     * @return whether whoever has started it keeps it for another pool: then it has ended for this one, and says no more
     */
    default boolean release() {
        return false;
    }

    /** Tells the worker that nothing more will come, so that it ends when it has done everything it was sent. */
    void dismiss();

    /** Asks the worker to end now, which gives shutdown hooks of a job a chance. */
    void terminate();

    /** Ends the worker at once, whatever it is doing. */
    void kill();

    /**
     * Waits until the worker has ended and the listener knows; never called by the listener itself.
     *
     * @return whether that came in time
     */
    boolean awaitEnd(Duration patience) throws InterruptedException;
}
