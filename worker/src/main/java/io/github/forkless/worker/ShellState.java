package io.github.forkless.worker;

import io.github.forkless.common.shared.PerWorker;
import io.github.forkless.common.wire.JobSource;
import java.util.Map;

/**
 * The variables of jshell as they were when a run was submitted. They are static fields, of which a worker has one each: it sets
 * them whenever it does something for another run.
 */
record ShellState(ShippedClasses classes, Map<String, byte[]> variables) {

    /** Null where there are none, as nearly always. */
    static ShellState of(JobSource.Code code, ClassLoader loader) {
        return code.variables().isEmpty() ? null : new ShellState((ShippedClasses) loader, code.variables());
    }

    void set() {
        classes.set(variables);
    }

    /** The recipe of an object of this worker, followed with the variables as they were when it was written. */
    <T> PerWorker.Recipe<T> forAll(PerWorker.Recipe<T> recipe) {
        return new PerWorker.Recipe<>(
                () -> classes.with(variables, recipe.maker()),
                object -> classes.with(variables, () -> {
                    recipe.closer().close(object);
                    return null;
                }));
    }
}
