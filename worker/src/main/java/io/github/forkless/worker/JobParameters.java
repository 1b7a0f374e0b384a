package io.github.forkless.worker;

import io.github.forkless.common.dataset.Block;
import io.github.forkless.common.job.Job;
import io.github.forkless.common.job.Parameter;
import io.github.forkless.common.shared.Shared;
import io.github.forkless.common.text.Throwables;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.RandomAccess;
import java.util.stream.Collectors;

/**
 * The parameters of a job class, as its record components declare them, and how typed text becomes their values.
 *
 * @param jobName what users call the job, for messages
 * @param type the job's class
 * @param all its parameters in the order of declaration
 */
public record JobParameters(String jobName, Class<? extends Job<?, ?>> type, List<Declared> all) {

    private static final String DATASET = Shared.class.getName() + "<" + Block.class.getName() + ">";

    /** More jobs than this are not kept for a run: made, each takes about 200 bytes, and as text 20. */
    static final int MOST_KEPT = 1 << 16;

    /**
     * One parameter.
     *
     * @param name the record component's name
     * @param type the record component's type
     * @param defaultValue the value, as typed, where none is given; empty if there is none
     * @param meaning in a few words; may be empty
     */
    public record Declared(String name, Class<?> type, Optional<String> defaultValue, String meaning) {

        public boolean isRequired() {
            return (type.isPrimitive() || isDataset()) && defaultValue.isEmpty();
        }

        /** Whether it is one of the job's further datasets, which has no text. */
        boolean isDataset() {
            return type == Shared.class;
        }

        /** {@code n (int, default 10): how many words}. */
        @Override
        public String toString() {
            String kind = isRequired()
                    ? ", required"
                    : defaultValue.map(v -> ", default " + v).orElse(", optional");
            return name + " (" + typeLabel() + kind + ")" + (meaning.isEmpty() ? "" : ": " + meaning);
        }

        public String typeLabel() {
            if (type.isEnum()) {
                return Arrays.stream(type.getEnumConstants())
                        .map(constant -> ((Enum<?>) constant).name()) // which is what is typed
                        .collect(Collectors.joining("|"));
            }
            if (isDataset()) {
                return "dataset";
            }
            return type == BigDecimal.class ? "number" : type.getSimpleName().toLowerCase(Locale.ROOT);
        }
    }

    public static JobParameters of(String jobName, Class<? extends Job<?, ?>> type) {
        RecordComponent[] components = type.isRecord() ? type.getRecordComponents() : new RecordComponent[0];
        return new JobParameters(
                jobName,
                type,
                Arrays.stream(components).map(JobParameters::declared).toList());
    }

    private static Declared declared(RecordComponent component) {
        if (component.getType() == Shared.class
                && !component.getGenericType().getTypeName().equals(DATASET)) {
            throw new JobRequestException("the parameter " + component.getName() + " is declared as "
                    + component.getGenericType().getTypeName() + "; a dataset is a Shared<Block>");
        }
        Parameter parameter = component.getAnnotation(Parameter.class);
        return new Declared(
                component.getName(),
                component.getType(),
                Optional.ofNullable(parameter).map(Parameter::defaultValue).filter(v -> !v.equals(Parameter.NONE)),
                parameter == null ? "" : parameter.value());
    }

    /**
     * A job for each of these parameter sets.
     *
     * @throws JobRequestException for an unknown, missing or ill-typed parameter, one that the job refuses, or when these
     *     are not just the datasets that the job needs
     */
    List<Job<?, ?>> bind(List<Map<String, String>> sets, Map<String, Shared<Block>> datasets) {
        for (Map<String, String> given : sets) {
            requireKnown(given);
        }
        requireDatasets(datasets);
        if (sets.size() > MOST_KEPT) {
            return new BoundWhenAsked(sets, datasets);
        }
        List<Job<?, ?>> jobs = new ArrayList<>(sets.size());
        for (Map<String, String> given : sets) {
            jobs.add(bind(given, datasets));
        }
        return jobs;
    }

    /** Of more sets than can be kept as jobs: each is made when it is asked for, and again. */
    private final class BoundWhenAsked extends AbstractList<Job<?, ?>> implements RandomAccess {
        private final List<Map<String, String>> sets;
        private final Map<String, Shared<Block>> datasets;

        BoundWhenAsked(List<Map<String, String>> sets, Map<String, Shared<Block>> datasets) {
            this.sets = sets;
            this.datasets = datasets;
        }

        @Override
        public Job<?, ?> get(int index) {
            return bind(sets.get(index), datasets);
        }

        @Override
        public int size() {
            return sets.size();
        }
    }

    private Job<?, ?> bind(Map<String, String> given, Map<String, Shared<Block>> datasets) {
        Object[] values = new Object[all.size()];
        for (int i = 0; i < values.length; i++) {
            Declared parameter = all.get(i);
            values[i] = parameter.isDataset() ? datasets.get(parameter.name) : value(parameter, given);
        }
        return make(values);
    }

    private void requireDatasets(Map<String, Shared<Block>> given) {
        var missing = new LinkedHashSet<String>();
        for (Declared parameter : all) {
            if (parameter.isDataset()) {
                missing.add(parameter.name);
            }
        }
        for (String name : given.keySet()) {
            if (!missing.remove(name)) {
                throw new JobRequestException("job " + jobName + " has no parameter " + name
                        + " that is a dataset, as a component Shared<Block> " + name + " of its record would be"
                        + known());
            }
        }
        if (!missing.isEmpty()) {
            throw new JobRequestException("job " + jobName + " needs the dataset " + missing.getFirst()
                    + "; give it with NamedJob.withDataset" + known());
        }
    }

    /**
     * A job like {@code job}, with some of its parameters in place of those that it has.
     *
     * @throws JobRequestException when it is no record and so cannot be given any, or it has no such parameter
     */
    static Job<?, ?> refine(String jobName, Job<?, ?> job, Map<String, String> found) {
        if (found.isEmpty()) {
            return job;
        }
        if (!job.getClass().isRecord()) {
            throw new JobRequestException("job " + jobName + " asks for another pass with the parameters "
                    + found.keySet() + ", which only a record can be given: make "
                    + job.getClass().getName() + " a record");
        }
        @SuppressWarnings("unchecked") // it is the class of a job
        var type = (Class<? extends Job<?, ?>>) job.getClass();
        JobParameters parameters = of(jobName, type);
        parameters.requireKnown(found);
        RecordComponent[] components = type.getRecordComponents();
        Object[] values = new Object[components.length];
        for (int i = 0; i < values.length; i++) {
            Declared parameter = parameters.all.get(i);
            values[i] = found.containsKey(parameter.name)
                    ? parameters.value(parameter, found)
                    : component(components[i], job);
        }
        return parameters.make(values);
    }

    private static Object component(RecordComponent component, Job<?, ?> job) {
        try {
            component.getAccessor().setAccessible(true);
            return component.getAccessor().invoke(job);
        } catch (InvocationTargetException e) {
            throw new JobRequestException("component " + component + " cannot be read: " + e.getCause(), e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new JobRequestException("component " + component + " cannot be read: " + e, e);
        }
    }

    private void requireKnown(Map<String, String> given) {
        for (Declared parameter : all) {
            if (parameter.isDataset() && given.containsKey(parameter.name)) {
                throw new JobRequestException("job " + jobName + ": " + parameter.name
                        + " is a dataset; give it with NamedJob.withDataset" + known());
            }
        }
        var unknown = new LinkedHashMap<>(given);
        all.forEach(parameter -> unknown.remove(parameter.name));
        if (!unknown.isEmpty()) {
            throw new JobRequestException("job " + jobName + " has no parameter "
                    + unknown.keySet().iterator().next() + known());
        }
    }

    private Object value(Declared parameter, Map<String, String> given) {
        String text = given.getOrDefault(parameter.name, parameter.defaultValue.orElse(null));
        if (text == null && parameter.isRequired()) {
            throw new JobRequestException("job " + jobName + " needs its parameter " + parameter.name + known());
        }
        try {
            return text == null ? null : parse(text, parameter.type);
        } catch (IllegalArgumentException e) {
            throw new JobRequestException("job " + jobName + ": " + parameter.name + "=" + text + " is not "
                    + (parameter.type.isEnum() ? "one of " : "of type ") + parameter.typeLabel() + known());
        }
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // the type is checked to be an enum
    private Object parse(String text, Class<?> type) {
        if (type == int.class || type == Integer.class) {
            return Integer.valueOf(text);
        } else if (type == long.class || type == Long.class) {
            return Long.valueOf(text);
        } else if (type == double.class || type == Double.class) {
            return Double.valueOf(text);
        } else if (type == boolean.class || type == Boolean.class) {
            if (!text.equals("true") && !text.equals("false")) {
                throw new IllegalArgumentException(text);
            }
            return Boolean.valueOf(text);
        } else if (type == BigDecimal.class) {
            return new BigDecimal(text);
        } else if (type == String.class) {
            return text;
        } else if (type.isEnum()) {
            return Enum.valueOf((Class) type, text);
        }
        throw new JobRequestException("job " + jobName + ": its class declares a parameter of type " + type.getName()
                + "; it can be int, long, double, boolean, String, BigDecimal, an enum, or"
                + " Shared<Block> for a dataset");
    }

    private Job<?, ?> make(Object[] values) {
        try {
            Constructor<? extends Job<?, ?>> constructor =
                    type.getDeclaredConstructor(all.stream().map(Declared::type).toArray(Class<?>[]::new));
            constructor.setAccessible(true);
            return constructor.newInstance(values);
        } catch (InvocationTargetException e) {
            String reason = Throwables.message(e.getCause());
            throw new JobRequestException(
                    "job " + jobName + " refused its parameters: "
                            + (reason == null ? Throwables.line(e.getCause()) : reason) + known(),
                    e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new JobRequestException(
                    "job " + jobName + " cannot be made: " + type.getName()
                            + " must be a record, or have a constructor without parameters",
                    e);
        }
    }

    private String known() {
        return all.isEmpty()
                ? "; it has no parameters"
                : "; its parameters are " + all.stream().map(Declared::toString).collect(Collectors.joining("; "));
    }
}
