package io.github.forkless.coordinator;

import io.github.forkless.common.dataset.Dataset;
import io.github.forkless.common.value.RecordValue;
import io.github.forkless.coordinator.report.HtmlReport;
import io.github.forkless.coordinator.report.NoAnswer;
import io.github.forkless.coordinator.report.OutputFile;
import io.github.forkless.coordinator.report.ParameterSets;
import io.github.forkless.coordinator.report.Request;
import io.github.forkless.coordinator.report.RunFacts;
import io.github.forkless.coordinator.result.Recording;
import io.github.forkless.coordinator.result.RunResult;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The page of a run that was recorded.
 *
 * @param job its name
 * @param sets what its results are of; asked when the page is written
 */
record RunPage(PoolRuntime runtime, String job, Dataset dataset, Supplier<ParameterSets> sets, Recording recording)
        implements RunResult.Page {

    @Override
    public void writeTo(Path file, RunResult result) throws IOException {
        PoolOptions options = runtime.options();
        var request = new Request(
                job, dataset, Map.of(), options.engine.label(), options.procs, sets.get(), recording, Optional.empty());
        var facts = RunFacts.ofAnswer(request, result.report(), false);
        List<Object> results = plain(NoAnswer.in(result));
        var output = new OutputFile("RunResult.report:", file);
        output.requireWritable();
        try {
            output.open(runtime.options().lines());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for a reader of " + file);
        }
        output.write(out -> HtmlReport.writeRun(out, results, facts, Optional.empty()));
    }

    /** Without classes of the user's: records as names and values. */
    private static Object plain(Object value) {
        if (value instanceof RecordValue given) {
            return new RecordValue(given.type(), plain(given.components()));
        } else if (value instanceof Record its) {
            return components(its);
        } else if (value instanceof Map<?, ?> map) {
            return plain(map);
        } else if (value instanceof Collection<?> items) {
            return plain(items);
        } else if (value instanceof Object[] items) {
            return plain(Arrays.asList(items));
        }
        return value;
    }

    private static List<Object> plain(Collection<?> values) {
        List<Object> all = new ArrayList<>();
        values.forEach(value -> all.add(plain(value)));
        return all;
    }

    private static <K> Map<K, Object> plain(Map<K, ?> values) {
        Map<K, Object> all = new LinkedHashMap<>();
        values.forEach((key, value) -> all.put(key, plain(value)));
        return all;
    }

    private static Object components(Record its) {
        Map<String, Object> components = new LinkedHashMap<>();
        try {
            for (RecordComponent component : its.getClass().getRecordComponents()) {
                component.getAccessor().setAccessible(true);
                components.put(
                        component.getName(), plain(component.getAccessor().invoke(its)));
            }
        } catch (ReflectiveOperationException | InaccessibleObjectException e) {
            return String.valueOf(its); // its module does not let us look
        }
        return new RecordValue(its.getClass().getName(), components);
    }
}
