package io.github.forkless.coordinator;

import io.github.forkless.common.job.SerializableCallable;
import io.github.forkless.common.job.SerializableRunnable;
import io.github.forkless.common.job.TaskCall;
import io.github.forkless.coordinator.code.ResultTypes;
import io.github.forkless.coordinator.result.InvalidRequestException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletableFuture.AsynchronousCompletionTask;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.RunnableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * An {@link java.util.concurrent.ExecutorService} over the workers of a pool, see {@link WorkerPool#executor()}. A task is a
 * serializable {@link Callable} or {@link Runnable}; it travels with what it captures, and its result comes back as data. A task that cannot travel
 * is refused with a {@link RejectedExecutionException} that says why.
 *
 * <ul>
 *   <li>A task whose worker dies is tried again as often as {@link RunOptions#withRetries} says; then its future fails with a
 *       {@link io.github.forkless.coordinator.result.RunFailedException}.
 *   <li>What a task throws is the cause of its future's {@link ExecutionException}: an exception of the same class, message and
 *       causes, with the worker's stack trace suppressed in it, if the class is the JDK's or stands in {@link
 *       PoolOptions#withResultTypes}; otherwise a {@link io.github.forkless.coordinator.result.TaskException} that describes it.
 *   <li>{@code cancel(true)} and {@link #shutdownNow} end the attempt: its worker is ended and replaced. {@code
 *       cancel(false)} lets a task that has begun go on.
 *   <li>Shutting down an executor leaves its pool alone. When the pool is closed, tasks fail.
 * </ul>
 *
 * <p>{@link CompletableFuture#supplyAsync(java.util.function.Supplier, java.util.concurrent.Executor)} hands an executor an
 * object of the JDK's that cannot travel: use {@link WorkerPool#supplyAsync}. For the same reason an {@link
 * java.util.concurrent.ExecutorCompletionService} does not work with this executor; {@link #invokeAny} does.
 *
 * <p>Safe for use by several threads.
 */
public final class PoolExecutor extends AbstractExecutorService {
    private final WorkerPool pool;

    // Guarded by this.
    private final Set<Task<?>> active = new HashSet<>();
    private boolean isShutdown;

    PoolExecutor(WorkerPool pool) {
        this.pool = pool;
    }

    /** A task, and what becomes of it. */
    private static final class Task<T> extends CompletableFuture<T> implements RunnableFuture<T> {
        private final Callable<?> task;
        /** What the future is completed with in place of the task's own result. */
        private final T fixed;

        private final boolean isFixed;
        private volatile WorkerPool.PendingCall call;
        private volatile boolean isWithdrawn;

        Task(Callable<?> task, boolean isFixed, T fixed) {
            this.task = task;
            this.isFixed = isFixed;
            this.fixed = fixed;
            whenComplete((_, _) -> {
                if (!isCancelled()) {
                    end(true); // somebody else has completed it; does nothing if the call has
                }
            });
        }

        @Override
        public boolean cancel(boolean mayInterruptIfRunning) {
            boolean isCancelled = !isDone() && super.cancel(mayInterruptIfRunning);
            if (isCancelled) {
                end(mayInterruptIfRunning);
            }
            return isCancelled;
        }

        private void end(boolean evenIfBegun) {
            WorkerPool.PendingCall handedOver = call;
            if (handedOver != null) {
                handedOver.cancel(evenIfBegun);
            }
        }

        private void settle(Object result, Throwable failure) {
            if (failure == null) {
                finish(result);
            } else if (!isWithdrawn) {
                completeExceptionally(failure instanceof CompletionException ? failure.getCause() : failure);
            }
        }

        private void finish(Object result) {
            complete(isFixed ? fixed : ResultTypes.unchecked(result));
        }

        /** Takes it back for somebody else to run, unless a worker has begun it; whether that was so. */
        private boolean withdraw() {
            WorkerPool.PendingCall handedOver = call;
            return handedOver != null && handedOver.withdraw(() -> isWithdrawn = true);
        }

        /** Does the task on the calling thread, for whoever has it from {@link #shutdownNow}. */
        @Override
        public void run() {
            if (isDone()) {
                return;
            }
            try {
                finish(task.call());
            } catch (Throwable e) {
                completeExceptionally(e);
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

    /** The same as {@link #execute(Runnable)}; a lambda that is given here can travel. */
    public void execute(SerializableRunnable task) {
        execute((Runnable) task);
    }

    @Override
    protected <T> RunnableFuture<T> newTaskFor(Callable<T> callable) {
        return new Task<>(Objects.requireNonNull(callable), false, null);
    }

    @Override
    protected <T> RunnableFuture<T> newTaskFor(Runnable runnable, T value) {
        return new Task<>(ofRunnable(runnable), true, value);
    }

    private static Callable<?> ofRunnable(Runnable runnable) {
        return new TaskCall.OfRunnable(Objects.requireNonNull(runnable));
    }

    <T> CompletableFuture<T> supplyAsync(SerializableCallable<T> callable) {
        Task<T> task = new Task<>(Objects.requireNonNull(callable), false, null);
        handOver(task);
        return task;
    }

    /** What a task without a future throws, the handler of uncaught exceptions of the thread that hears of it is told. */
    @Override
    public void execute(Runnable command) {
        if (command instanceof Task<?> task) {
            handOver(task);
            return;
        }
        Task<Void> task = new Task<>(ofRunnable(command), true, null);
        handOver(task);
        task.whenComplete((_, failure) -> {
            if (failure != null && !task.isCancelled()) {
                Thread self = Thread.currentThread();
                self.getUncaughtExceptionHandler().uncaughtException(self, failure);
            }
        });
    }

    private void handOver(Task<?> task) {
        Object travelling = task.task instanceof TaskCall.OfRunnable(Runnable runnable) ? runnable : task.task;
        requireSerializable(travelling);
        synchronized (this) {
            if (isShutdown) {
                throw new RejectedExecutionException("the executor was shut down");
            }
            if (task.isDone()) {
                return;
            }
            active.add(task);
        }
        try {
            task.call = pool.call(new TaskCall(task.task), (Serializable) travelling);
        } catch (InvalidRequestException e) {
            ended(task);
            throw new RejectedExecutionException(e.getMessage(), e);
        } catch (RuntimeException e) {
            ended(task);
            throw e;
        }
        task.call.result().whenComplete((result, failure) -> {
            task.settle(result, failure);
            ended(task);
        });
        if (task.isDone()) { // meanwhile, by somebody who found nothing to cancel
            task.end(true);
        }
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

    private synchronized void ended(Task<?> task) {
        active.remove(task);
        notifyAll();
    }

    // ---- invokeAny: the one of the superclass wraps tasks in what cannot travel

    @Override
    public <T> T invokeAny(Collection<? extends Callable<T>> tasks) throws InterruptedException, ExecutionException {
        try {
            return invokeAny(tasks, Long.MAX_VALUE);
        } catch (TimeoutException e) {
            throw new IllegalStateException("after 292 years", e);
        }
    }

    @Override
    public <T> T invokeAny(Collection<? extends Callable<T>> tasks, long timeout, TimeUnit unit)
            throws InterruptedException, ExecutionException, TimeoutException {
        return invokeAny(tasks, unit.toNanos(timeout));
    }

    private <T> T invokeAny(Collection<? extends Callable<T>> tasks, long nanos)
            throws InterruptedException, ExecutionException, TimeoutException {
        List<Callable<T>> all = new ArrayList<>(tasks);
        if (all.isEmpty()) {
            throw new IllegalArgumentException("no tasks");
        }
        all.forEach(Objects::requireNonNull);
        long started = System.nanoTime();
        BlockingQueue<Task<T>> done = new LinkedBlockingQueue<>();
        List<Task<T>> futures = new ArrayList<>();
        try {
            for (Callable<T> callable : all) {
                Task<T> future = new Task<>(callable, false, null);
                futures.add(future);
                handOver(future);
                future.whenComplete((_, _) -> done.add(future));
            }
            ExecutionException last = null;
            for (int i = 0; i < all.size(); i++) {
                Task<T> next = done.poll(nanos - (System.nanoTime() - started), TimeUnit.NANOSECONDS);
                if (next == null) {
                    throw new TimeoutException("none of " + all.size() + " tasks has ended well in time");
                }
                try {
                    return next.get();
                } catch (ExecutionException e) {
                    last = e;
                }
            }
            throw last;
        } finally {
            futures.forEach(it -> it.cancel(true));
        }
    }

    // ---- shutting down

    @Override
    public synchronized void shutdown() {
        isShutdown = true;
        notifyAll();
    }

    /**
     * Ends the attempts that are being made.
     *
     * @return the tasks that no worker has begun; whoever runs one of them does so on his own thread
     */
    @Override
    public List<Runnable> shutdownNow() {
        shutdown();
        List<Task<?>> left;
        synchronized (this) {
            left = List.copyOf(active);
        }
        List<Runnable> unbegun = new ArrayList<>();
        for (Task<?> task : left) {
            if (task.withdraw()) {
                unbegun.add(task);
            } else {
                task.cancel(true);
            }
        }
        return unbegun;
    }

    @Override
    public synchronized boolean isShutdown() {
        return isShutdown;
    }

    @Override
    public synchronized boolean isTerminated() {
        return isShutdown && active.isEmpty();
    }

    @Override
    public synchronized boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
        long deadline = System.nanoTime() + unit.toNanos(timeout);
        long left = unit.toNanos(timeout);
        while (!isTerminated() && left > 0) {
            TimeUnit.NANOSECONDS.timedWait(this, left);
            left = deadline - System.nanoTime();
        }
        return isTerminated();
    }
}
