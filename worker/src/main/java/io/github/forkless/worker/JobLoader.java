package io.github.forkless.worker;

import io.github.forkless.common.dataset.Block;
import io.github.forkless.common.dataset.MappedDataset;
import io.github.forkless.common.job.DataFunction;
import io.github.forkless.common.job.Job;
import io.github.forkless.common.job.StaticFields;
import io.github.forkless.common.shared.NamedDatasets;
import io.github.forkless.common.shared.PerWorker;
import io.github.forkless.common.shared.Shared;
import io.github.forkless.common.text.Throwables;
import io.github.forkless.common.value.TypeFinder;
import io.github.forkless.common.wire.JobSource;
import io.github.forkless.worker.jobs.BuiltInJobs;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectStreamClass;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Makes a run's job out of what the coordinator sent. For one thread. */
final class JobLoader {
    /** Finds the program's classes. */
    private final ClassLoader application;

    /**
     * What the last function without state was made of: a program may submit the same one again and again. That it is read
     * once, and packed once by the coordinator, has halved a round trip of 110 us.
     */
    private byte[] functionBytes = {};

    private ClassLoader functionLoader;

    private DataFunction<Object, Object> function;

    /** What finds the classes of the code that came along; what comes next is added, if it goes with it. */
    private ShippedClasses shipped;

    /** @param application finds the program's classes */
    JobLoader(ClassLoader application) {
        this.application = application;
    }

    /** Jobs, and what is known of them. */
    private record Jobs(
            List<Job<Object, Object>> all, TypeFinder types, Function<Job<?, ?>, String> name, ShellState state) {}

    /** @throws JobRequestException when there is no such job, its parameters are wrong, or it does not fit the data */
    LoadedJob load(JobSource source, MappedDataset dataset) {
        if (source instanceof JobSource.Function function) { // no pattern switch: see Message.write
            ClassLoader loader = loader(function.code());
            ShellState state = ShellState.of(function.code(), loader);
            return new LoadedJob.Mapping(dataset, typesOf(loader), function(function.function(), loader), state);
        }
        Jobs jobs = jobs(source);
        if (jobs.state != null) { // jobs are asked about the data
            jobs.state.set();
        }
        return LoadedJob.Collecting.of(dataset, jobs.types, jobs.all, jobs.name, jobs.state);
    }

    /** How an object is made that each worker has for itself. Called by any thread. */
    PerWorker.Recipe<?> recipe(JobSource.Function source) {
        ClassLoader loader = loader(source.code());
        var recipe = (PerWorker.Recipe<?>) deserialize(source.function(), loader);
        ShellState state = ShellState.of(source.code(), loader);
        return state == null ? recipe : state.forAll(recipe);
    }

    /** What finds the classes of {@code code}, which is as the program left it. */
    private ClassLoader loader(JobSource.Code code) {
        ClassLoader loader = code.isOnClassPath() ? application : shipped(code);
        requireSet(code.statics(), loader);
        return loader;
    }

    private synchronized ClassLoader shipped(JobSource.Code code) {
        if (shipped == null || !shipped.goesWith(code)) {
            // Threads of a program have its own classes, if they find them.
            shipped = new ShippedClasses(
                    code.locations(), application, application == ClassLoader.getSystemClassLoader());
        }
        shipped.add(code.classes());
        return shipped;
    }

    private DataFunction<Object, Object> function(byte[] bytes, ClassLoader loader) {
        if (function != null && Arrays.equals(bytes, functionBytes) && loader == functionLoader) {
            return function;
        }
        DataFunction<Object, Object> loaded = untyped(deserialize(bytes, loader));
        if (JobSource.Function.isWithoutState(
                loaded)) { // others are not for two runs, and what they capture may be large
            function = loaded;
            functionBytes = bytes;
            functionLoader = loader;
        }
        return loaded;
    }

    private Jobs jobs(JobSource source) {
        if (source instanceof JobSource.Named named) {
            return named(named);
        } else if (source instanceof JobSource.Objects objects) {
            return objects(objects);
        } else if (source instanceof JobSource.LaterPass later) {
            return laterPass(later);
        }
        throw new IllegalArgumentException("a function is no job");
    }

    private Jobs objects(JobSource.Objects objects) {
        ClassLoader loader = loader(objects.code());
        Object sent = deserialize(objects.jobs(), loader);
        List<?> all = sent instanceof List<?> several ? several : List.of(sent);
        return new Jobs(
                all.stream().map(job -> untyped((Job<?, ?>) job)).toList(),
                typesOf(loader),
                job -> job.getClass().getSimpleName(),
                ShellState.of(objects.code(), loader));
    }

    private static void requireSet(List<String> statics, ClassLoader loader) {
        String unset = statics.isEmpty() ? null : StaticFields.firstUnset(statics, loader);
        if (unset != null) {
            throw new JobRequestException(
                    "the static field " + unset + " is read in a worker, where nobody has set it: each process has"
                            + " static fields of its own; copy it into a local variable first,"
                            + " which a lambda captures, or into a field of the job, or share it"
                            + " with pool.share");
        }
    }

    private Jobs named(JobSource.Named named) {
        var code = new JobSource.Code(List.of(), List.of(), named.classes(), Map.of());
        ClassLoader loader = code.isOnClassPath() ? application : own(code);
        Class<? extends Job<?, ?>> type = Optional.of(named.name())
                .filter(name -> !named.classes().containsKey(name))
                .flatMap(BuiltInJobs::find)
                .orElseGet(() -> jobClass(named.name(), loader));
        var parameters = JobParameters.of(named.name(), type);
        Map<String, Shared<Block>> datasets =
                named.datasets().length == 0 ? Map.of() : NamedDatasets.decode(named.datasets());
        List<Job<Object, Object>> jobs = untyped(parameters.bind(named.parameterSets(), datasets));
        return new Jobs(jobs, typesOf(loader), _ -> named.name(), null);
    }

    /** Classes of a job alone: another version of it has the same names. */
    private ClassLoader own(JobSource.Code code) {
        var own = new ShippedClasses(List.of(), application, true);
        own.add(code.classes());
        return own;
    }

    private Jobs laterPass(JobSource.LaterPass later) {
        Jobs first = jobs(later.first());
        List<Job<Object, Object>> refined = new ArrayList<>();
        for (JobSource.RefinedSet set : later.sets()) {
            Job<Object, Object> job = first.all.get(set.number());
            refined.add(untyped(JobParameters.refine(first.name.apply(job), job, set.found())));
        }
        return new Jobs(refined, first.types, first.name, first.state);
    }

    static Object deserialize(byte[] object, ClassLoader loader) {
        try (var in = loader == ClassLoader.getSystemClassLoader()
                ? new ObjectInputStream(new ByteArrayInputStream(object))
                : new ObjectsOfLoader(object, loader)) {
            return in.readObject();
        } catch (ClassNotFoundException e) {
            throw new JobRequestException(
                    "workers do not find the class " + e.getMessage() + ", which the job or function needs; their class"
                            + " path is that of the program (java.class.path: " + System.getProperty("java.class.path")
                            + ") and what the pool's options add: put the class there",
                    e);
        } catch (IOException e) {
            throw new JobRequestException(
                    "what was handed over cannot be read back in a worker: " + Throwables.line(e), e);
        }
    }

    /** Objects whose classes are looked for where those of jobs are, and not where this class is from. */
    private static final class ObjectsOfLoader extends ObjectInputStream {
        private final ClassLoader loader;

        ObjectsOfLoader(byte[] object, ClassLoader loader) throws IOException {
            super(new ByteArrayInputStream(object));
            this.loader = loader;
        }

        @Override
        protected Class<?> resolveClass(ObjectStreamClass type) throws IOException, ClassNotFoundException {
            try {
                return Class.forName(type.getName(), false, loader);
            } catch (ClassNotFoundException e) {
                return super.resolveClass(type); // int, and its like
            }
        }
    }

    private static Class<? extends Job<?, ?>> jobClass(String name, ClassLoader loader) {
        Class<?> type;
        try {
            type = Class.forName(name, false, loader); // to initialize it runs the job's own code, which fails as that
        } catch (ClassNotFoundException e) {
            throw new JobRequestException("there is no job " + name + "; built in are " + BuiltInJobs.names()
                    + "; for a class of yours give its full name and PoolOptions.withClassPath");
        } catch (LinkageError e) {
            throw new JobRequestException("the class of job " + name + " cannot be loaded: " + Throwables.line(e), e);
        }
        if (!Job.class.isAssignableFrom(type)) {
            throw new JobRequestException(name + " is not a job: it does not implement " + Job.class.getName());
        }
        @SuppressWarnings("unchecked") // just checked
        Class<? extends Job<?, ?>> job = (Class<? extends Job<?, ?>>) type.asSubclass(Job.class);
        return job;
    }

    @SuppressWarnings("unchecked") // its caller's types; parameters are what it was called with
    private static DataFunction<Object, Object> untyped(Object function) {
        return (DataFunction<Object, Object>) function;
    }

    /** A job's own types are its business: the runner only ever hands it back what it returned. */
    @SuppressWarnings("unchecked")
    private static Job<Object, Object> untyped(Job<?, ?> job) {
        return (Job<Object, Object>) job;
    }

    @SuppressWarnings("unchecked") // as above, and nothing is added to the list
    private static List<Job<Object, Object>> untyped(List<Job<?, ?>> jobs) {
        return (List<Job<Object, Object>>) (List<?>) jobs;
    }

    private static TypeFinder typesOf(ClassLoader loader) {
        return name -> {
            try {
                return Optional.of(Class.forName(name, false, loader));
            } catch (ClassNotFoundException e) {
                return Optional.empty();
            }
        };
    }
}
