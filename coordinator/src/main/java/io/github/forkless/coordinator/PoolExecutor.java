package io.github.forkless.coordinator;

import io.github.forkless.common.job.SerializableCallable;
import io.github.forkless.common.job.SerializableRunnable;
import io.github.forkless.common.job.TaskCall;
import io.github.forkless.common.text.Throwables;
import io.github.forkless.coordinator.code.ResultTypes;
import io.github.forkless.coordinator.result.InvalidRequestException;
import java.io.Serializable;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletableFuture.AsynchronousCompletionTask;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.RunnableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * An {@link java.util.concurrent.ExecutorService} over the workers of a pool, see {@link WorkerPool#executor()}. A task is a
 * serializable {@link Callable} or {@link Runnable}; it travels with what it captures, and its result comes back as data. A task that cannot travel
 * is refused with a {@link RejectedExecutionException} that says why.
 *
 * <p>What {@code java.util.concurrent} promises of executors holds, and where it leaves a choice:
 *
 * <ul>
 *   <li>Tasks are begun in the order in which they were handed over.
 *   <li>{@code cancel(true)} and {@link #shutdownNow} end the attempt, whether it reacts to interrupts or not: its worker is
 *       ended and replaced, and the task's future is cancelled. {@code cancel(false)} lets a task that has begun go on.
 *   <li>When the executor has terminated, no worker is at a task of it any more, nor at a cancelled one. Only with
 *       {@link EngineKind#THREADS}, a thread that ignores being interrupted is given up after a while.
 *   <li>{@code shutdownNow} returns what was handed to {@link #execute}; of {@link #submit}, that is the future. To run it does
 *       the task on the calling thread; to hand it to an executor of a pool has a worker do it.
 *   <li>The handler of uncaught exceptions of a thread of this program is told what a task of {@link #execute} throws.
 *   <li>Shutting down an executor leaves its pool alone. When the pool is closed, tasks fail.
 * </ul>
 *
 * <p>What is different, because a task is done elsewhere:
 *
 * <ul>
 *   <li>A task works on a copy of what it captures, made when it is handed over: what either side changes afterwards, the other
 *       does not see. Its result is a copy, too.
 *   <li>A task whose worker dies is tried again as often as {@link RunOptions#withRetries} says; then its future fails with a
 *       {@link io.github.forkless.coordinator.result.RunFailedException}.
 *   <li>What a task throws is the cause of its future's {@link ExecutionException}: an exception of the same class, message and
 *       causes, with the worker's stack trace suppressed in it, if the class is the JDK's, or stands among those that the task
 *       declares to throw or in {@link PoolOptions#withResultTypes}, and has a public constructor that takes no more than a
 *       message and a cause; otherwise a {@link io.github.forkless.coordinator.result.TaskException} that describes it.
 *   <li>{@link CompletableFuture#supplyAsync(java.util.function.Supplier, java.util.concurrent.Executor)} hands an executor an
 *       object of the JDK's that cannot travel: use {@link WorkerPool#supplyAsync}. An {@link ExecutorCompletionService}
 *       works.
 * </ul>
 *
 * <p>Safe for use by several threads.
 */
public final class PoolExecutor extends AbstractExecutorService {
    /**
     * What {@link #newTaskFor} has made last on this thread: an {@link ExecutorCompletionService} hands over an object in its
     * place that knows it and does not tell.
     */
    private static final ThreadLocal<WeakReference<Task<?>>> LAST_MADE = new ThreadLocal<>();

    private final WorkerPool pool;

    private final Object lock = new Object();
    // Guarded by the lock.
    private final Set<Task<?>> active = new LinkedHashSet<>();
    private boolean isShutdown;

    PoolExecutor(WorkerPool pool) {
        this.pool = pool;
    }

    /** A task, and what becomes of it. */
    private static class Task<T> extends CompletableFuture<T> implements RunnableFuture<T> {
        private final Callable<?> callable;
        /** What the future is completed with in place of the task's own result. */
        private final T fixed;

        private final boolean isFixed;
        private final AtomicBoolean isHandedOver = new AtomicBoolean();
        /** What {@link #execute} was given. */
        private volatile Runnable command = this;
        /** Whether an attempt goes on when its result is not wanted any more. */
        private volatile boolean mayGoOn;

        /** Null while no worker is to do it. */
        private volatile WorkerPool.PendingCall call;
        /** Does it on the thread that got it from {@link #shutdownNow}; null before. */
        private volatile FutureTask<?> takenBack;

        Task(Callable<?> callable, boolean isFixed, T fixed) {
            this.callable = callable;
            this.isFixed = isFixed;
            this.fixed = fixed;
            whenComplete((_, _) -> end()); // also if the caller has completed it; does nothing if the call has
        }

        @Override
        public boolean cancel(boolean mayInterruptIfRunning) {
            if (isDone()) {
                return false;
            }
            mayGoOn = !mayInterruptIfRunning;
            boolean isCancelled = super.cancel(mayInterruptIfRunning);
            end();
            return isCancelled;
        }

        private void end() {
            WorkerPool.PendingCall pending = call;
            if (pending != null) {
                pending.cancel(!mayGoOn);
            }
            FutureTask<?> here = takenBack;
            if (here != null) {
                here.cancel(!mayGoOn);
            }
        }

        /** @param ended what a call has come to that may not be the current one: the task may have been taken back */
        private void settle(WorkerPool.PendingCall ended, WorkerPool.CallOutcome outcome, Throwable failure) {
            if (call != ended) {
                return;
            }
            if (failure != null) {
                Throwable reason = failure instanceof CompletionException ? failure.getCause() : failure;
                if (reason instanceof CancellationException) {
                    cancel(true);
                } else {
                    fail(reason);
                }
            } else if (outcome.thrown() != null) {
                fail(outcome.thrown());
            } else {
                finish(outcome.value());
            }
        }

        private void finish(Object result) {
            complete(isFixed ? fixed : ResultTypes.unchecked(result));
        }

        /** Wrapped, or a task could not throw a {@link CancellationException} without looking like a cancelled one. */
        private void fail(Throwable thrown) {
            completeExceptionally(new CompletionException(Throwables.line(thrown), thrown));
        }

        /** Takes it back for somebody else to run, unless a worker has begun it; whether that was so. */
        private boolean takeBack() {
            WorkerPool.PendingCall pending = call;
            return pending != null
                    && pending.withdraw(() -> {
                        takenBack = new FutureTask<>(callable);
                        call = null;
                        isHandedOver.set(false);
                    });
        }

        @Override
        public void run() {
            FutureTask<?> here = takenBack;
            if (here == null || isHandedOver.get()) {
                return; // it is for a worker to do
            }
            here.run();
            switch (here.state()) {
                case SUCCESS -> finish(here.resultNow());
                case FAILED -> fail(here.exceptionNow());
                case CANCELLED, RUNNING -> {} // by another thread
            }
        }
    }

    /** The same as {@link #submit(Callable)}; a lambda that is given here can travel. */
    public <T> Future<T> submit(SerializableCallable<T> task) {
        return submit((Callable<T>) task);
    }

    /** The same as {@link #submit(Runnable)}; a lambda that is given here can travel. */
    public Future<?> submit(SerializableRunnable task) {
        return submit((Runnable) task);
    }

    /** The same as {@link #submit(Runnable, Object)}; a lambda that is given here can travel. The result stays here. */
    public <T> Future<T> submit(SerializableRunnable task, T result) {
        return submit((Runnable) task, result);
    }

    /** The same as {@link #execute(Runnable)}; a lambda that is given here can travel. */
    public void execute(SerializableRunnable task) {
        execute((Runnable) task);
    }

    @Override
    protected <T> RunnableFuture<T> newTaskFor(Callable<T> callable) {
        return made(new Task<>(Objects.requireNonNull(callable), false, null));
    }

    @Override
    protected <T> RunnableFuture<T> newTaskFor(Runnable runnable, T value) {
        return made(new Task<>(ofRunnable(runnable), true, value));
    }

    private static <T> Task<T> made(Task<T> task) {
        LAST_MADE.set(new WeakReference<>(task));
        return task;
    }

    private static Callable<?> ofRunnable(Runnable runnable) {
        return new TaskCall.OfRunnable(Objects.requireNonNull(runnable));
    }

    <T> CompletableFuture<T> supplyAsync(SerializableCallable<T> callable) {
        Task<T> task = new Task<>(Objects.requireNonNull(callable), false, null) {
            @Override
            public boolean cancel(boolean mayInterruptIfRunning) {
                return super.cancel(mayInterruptIfRunning) || isCancelled(); // as completable futures do
            }
        };
        handOver(task);
        return task;
    }

    @Override
    public void execute(Runnable command) {
        Optional<Task<?>> queued = queuedBy(Objects.requireNonNull(command));
        if (command instanceof Task<?> task) {
            handOver(task);
        } else if (queued.isPresent()) {
            Task<?> task = queued.get();
            task.command = command;
            handOver(task);
            task.whenComplete((_, _) -> command.run()); // which finds the task done, and queues it
        } else {
            Task<Void> task = new Task<>(ofRunnable(command), true, null);
            task.command = command;
            handOver(task);
            task.whenComplete((_, failure) -> {
                if (failure != null && !task.isCancelled()) {
                    Thread self = Thread.currentThread();
                    self.getUncaughtExceptionHandler().uncaughtException(self, failure.getCause());
                }
            });
        }
    }

    /** The task in an object of an {@link ExecutorCompletionService}, which was made just now, on this thread. */
    private static Optional<Task<?>> queuedBy(Runnable command) {
        WeakReference<Task<?>> made = LAST_MADE.get();
        LAST_MADE.remove();
        Task<?> task = made == null ? null : made.get();
        boolean isIts =
                task != null && !task.isDone() && command.getClass().getNestHost() == ExecutorCompletionService.class;
        return isIts ? Optional.of(task) : Optional.empty();
    }

    private void handOver(Task<?> task) {
        Object travelling = task.callable instanceof TaskCall.OfRunnable(Runnable runnable) ? runnable : task.callable;
        requireSerializable(travelling);
        synchronized (lock) {
            if (isShutdown) {
                throw new RejectedExecutionException("the executor was shut down and takes no more tasks;"
                        + " executor() of the WorkerPool makes another one");
            }
            if (task.isDone() || !task.isHandedOver.compareAndSet(false, true)) {
                return;
            }
            active.add(task);
        }
        WorkerPool.PendingCall call;
        try {
            call = pool.call(new TaskCall(task.callable), (Serializable) travelling);
        } catch (Throwable e) {
            ended(task);
            throw rejected(e);
        }
        task.call = call;
        call.outcome().whenComplete((outcome, failure) -> {
            task.settle(call, outcome, failure);
            call.whenReleased(() -> ended(task));
        });
        if (task.isDone()) { // meanwhile, by somebody who found nothing to cancel
            task.end();
        }
    }

    private static RuntimeException rejected(Throwable reason) {
        return switch (reason) {
            case Error error -> throw error;
            case RejectedExecutionException closed -> closed;
            case InvalidRequestException _ -> new RejectedExecutionException(reason.getMessage(), reason);
            default ->
                new RejectedExecutionException(
                        "the task cannot travel to the workers: writing it threw " + Throwables.line(reason), reason);
        };
    }

    private static void requireSerializable(Object task) {
        if (task instanceof AsynchronousCompletionTask) {
            throw new RejectedExecutionException(
                    "CompletableFuture's supplyAsync and runAsync hand over an object of the JDK's that cannot travel"
                            + " to a worker; use supplyAsync(task) of the WorkerPool, and hang on its future what is to"
                            + " follow");
        }
        if (!(task instanceof Serializable)) {
            throw new RejectedExecutionException("a task travels to a worker, and "
                    + task.getClass().getTypeName()
                    + " is not Serializable; hand a lambda over as a SerializableCallable or a SerializableRunnable,"
                    + " or make the class Serializable");
        }
    }

    private void ended(Task<?> task) {
        synchronized (lock) {
            active.remove(task);
            lock.notifyAll();
        }
    }

    // ---- shutting down

    @Override
    public void shutdown() {
        synchronized (lock) {
            isShutdown = true;
            lock.notifyAll();
        }
    }

    /**
     * Ends the attempts that are being made.
     *
     * @return the tasks that no worker has begun, in the order in which they were handed over
     */
    @Override
    public List<Runnable> shutdownNow() {
        shutdown();
        List<Task<?>> left;
        synchronized (lock) {
            left = List.copyOf(active);
        }
        List<Runnable> unbegun = new ArrayList<>();
        List<Task<?>> begun = new ArrayList<>();
        for (Task<?> task : left.reversed()) { // the last ones first: workers begin the first ones meanwhile
            if (task.takeBack()) {
                unbegun.addFirst(task.command);
            } else {
                begun.add(task);
            }
        }
        begun.forEach(task -> task.cancel(true));
        return unbegun;
    }

    @Override
    public boolean isShutdown() {
        synchronized (lock) {
            return isShutdown;
        }
    }

    @Override
    public boolean isTerminated() {
        synchronized (lock) {
            return isShutdown && active.isEmpty();
        }
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
        long left = unit.toNanos(timeout);
        long deadline = System.nanoTime() + left;
        synchronized (lock) {
            while (!isTerminated() && left > 0) {
                TimeUnit.NANOSECONDS.timedWait(lock, left);
                left = deadline - System.nanoTime();
            }
            return isTerminated();
        }
    }

    /** Whether it was shut down, and how many tasks it has. */
    @Override
    public String toString() {
        synchronized (lock) {
            String state = !isShutdown ? "running" : active.isEmpty() ? "terminated" : "shutting down";
            return "PoolExecutor[" + state + ", tasks = " + active.size() + "]";
        }
    }
}
