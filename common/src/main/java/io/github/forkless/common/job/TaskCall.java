package io.github.forkless.common.job;

import io.github.forkless.common.dataset.Block;
import io.github.forkless.common.text.Throwables;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;

/**
 * A single call of a task in a worker. It returns what became of the task as plain data: {@code [true, result]}, or {@code
 * [false, trace, classes, messages]} of the exception that the task threw, of its cause, of the cause of that and so on.
 *
 * @param task is serializable
 */
public record TaskCall(Callable<?> task) implements DataFunction<Integer, List<Object>> {

    /** A task without a result. */
    public record OfRunnable(Runnable task) implements Callable<Void>, Serializable {
        @Override
        public Void call() {
            task.run();
            return null;
        }
    }

    @Override
    public List<Object> apply(Block data, Integer parameter) {
        try {
            return Arrays.asList(true, task.call());
        } catch (Throwable thrown) { // goes to the thread that waits for the task
            return thrown(thrown);
        }
    }

    private static List<Object> thrown(Throwable thrown) {
        List<String> classes = new ArrayList<>();
        List<String> messages = new ArrayList<>();
        for (Throwable each : Throwables.causes(thrown)) {
            classes.add(each.getClass().getName());
            messages.add(Throwables.message(each));
        }
        return List.of(false, Throwables.trace(thrown), classes, messages);
    }
}
