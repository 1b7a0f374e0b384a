package io.github.forkless.coordinator;

import io.github.forkless.common.job.Job;
import io.github.forkless.common.job.NextPass;
import io.github.forkless.common.value.RecordValue;
import io.github.forkless.common.wire.JobSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Runs a job again that has finished with a {@link NextPass}: with the parameters that it found in addition to those that
 * it had. Jobs that were handed over as objects are known by their class from then on, with their components as
 * parameters.
 */
final class Passes {
    private final Supplier<JobSource.Named> first;

    private Passes(Supplier<JobSource.Named> first) {
        this.first = first;
    }

    static Passes of(JobSource.Named job) {
        return new Passes(() -> job);
    }

    static Passes of(List<? extends Job<?, ?>> jobs) {
        return new Passes(() -> new JobSource.Named(
                jobs.getFirst().getClass().getName(),
                Map.of(),
                jobs.stream().map(Passes::parameters).toList()));
    }

    private static Map<String, String> parameters(Job<?, ?> job) {
        Map<String, String> parameters = new LinkedHashMap<>();
        for (var component : job.getClass().getRecordComponents()) {
            try {
                component.getAccessor().setAccessible(true);
                Object value = component.getAccessor().invoke(job);
                if (value != null) {
                    parameters.put(component.getName(), value.toString());
                }
            } catch (ReflectiveOperationException e) {
                throw new IllegalArgumentException("component " + component + " cannot be read", e);
            }
        }
        return parameters;
    }

    /**
     * The result of the last pass. Cancelling it cancels the pass that is running.
     *
     * @param pass the result of the first
     * @param submit has another pass made
     */
    CompletableFuture<RunResult> follow(
            CompletableFuture<RunResult> pass, Function<JobSource.Named, CompletableFuture<RunResult>> submit) {
        var last = new CompletableFuture<RunResult>();
        follow(pass, submit, last);
        return last;
    }

    private void follow(
            CompletableFuture<RunResult> pass,
            Function<JobSource.Named, CompletableFuture<RunResult>> submit,
            CompletableFuture<RunResult> last) {
        last.whenComplete((_, _) -> {
            if (last.isCancelled()) {
                pass.cancel(true);
            }
        });
        pass.whenComplete((result, failure) -> {
            if (failure != null) {
                last.completeExceptionally(failure);
            } else if (result.results().stream().noneMatch(Passes::isNextPass)) {
                last.complete(result);
            } else if (!last.isDone()) {
                try {
                    follow(submit.apply(next(result.results())), submit, last);
                } catch (RuntimeException e) { // or nobody would ever hear of it
                    last.completeExceptionally(e);
                }
            }
        });
    }

    private JobSource.Named next(List<Object> results) {
        JobSource.Named job = first.get();
        List<Map<String, String>> sets = new ArrayList<>();
        for (int i = 0; i < results.size(); i++) {
            Map<String, String> set = new LinkedHashMap<>(job.parameterSets().get(i));
            if (isNextPass(results.get(i))) {
                var found =
                        (Map<?, ?>) ((RecordValue) results.get(i)).components().get("parameters");
                found.forEach((name, value) -> set.put((String) name, (String) value));
            }
            sets.add(set);
        }
        return new JobSource.Named(job.name(), job.classes(), sets);
    }

    /** Its class is granted to no result, so that it always arrives in this form. */
    private static boolean isNextPass(Object result) {
        return result instanceof RecordValue record && record.type().equals(NextPass.class.getName());
    }
}
