package io.github.forkless.coordinator.code;

import io.github.forkless.common.dataset.Dataset;
import io.github.forkless.common.dataset.DatasetFile;
import io.github.forkless.common.dataset.FileIdentity;
import io.github.forkless.common.dataset.Slice;
import io.github.forkless.common.job.Reduction;
import io.github.forkless.common.shared.NamedDatasets;
import io.github.forkless.common.shared.Shared;
import io.github.forkless.common.text.Secrets;
import io.github.forkless.common.text.Text;
import io.github.forkless.common.value.ValueWriter;
import io.github.forkless.common.wire.JobSource;
import io.github.forkless.coordinator.journal.Sha256;
import io.github.forkless.coordinator.journal.Trait;
import io.github.forkless.coordinator.result.InvalidRequestException;
import io.github.forkless.worker.WorkerMain;
import io.github.forkless.worker.jobs.BuiltInJobs;
import java.lang.invoke.SerializedLambda;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * All that a run's partials depend on, so that those of an earlier run that is equal in it can be taken for this one's.
 * How many workers there are, and what they may take, is not in it.
 */
public final class RunIdentity {
    private static final int LONGEST_TEXT = 160;

    /** Where the code of Forkless itself is, as far as workers run it. */
    private static final List<String> FORKLESS = List.of("io/github/forkless/common/", "io/github/forkless/worker/");

    private final List<Trait> traits = new ArrayList<>();

    /**
     * @param dataset empty for work without data
     * @param sent the jobs that {@code source} was made of; empty for one that is known by its name
     * @param slices how the dataset is cut
     * @param classPath the pool's
     */
    public static List<Trait> ofJob(
            Optional<Dataset> dataset, JobSource source, List<?> sent, List<Slice> slices, List<Path> classPath) {
        var identity = new RunIdentity();
        identity.addData(dataset);
        identity.addJob(source, sent, classPath);
        identity.addCut(slices);
        return identity.withVersions();
    }

    /**
     * @param function what {@code source} was made of
     * @param largest how many bytes a parameter may take
     * @throws InvalidRequestException when a parameter cannot travel, or takes more
     */
    public static List<Trait> ofMap(
            Optional<Dataset> dataset,
            JobSource.Function source,
            Object function,
            List<?> parameters,
            long largest,
            List<Path> classPath) {
        var identity = new RunIdentity();
        identity.addData(dataset);
        identity.addFunction(source, function, classPath);
        identity.addParameters(parameters, largest);
        return identity.withVersions();
    }

    /** What is digested is not told where it may be a password: a journal is a file that others may read. */
    private void add(String name, String text, Sha256 digest) {
        traits.add(new Trait(name, shortened(Secrets.hiddenIn(text)), digest.hex()));
    }

    private static String shortened(String text) {
        return Text.shortened(text, LONGEST_TEXT);
    }

    /** Its path is shown and does not count, nor does its device: the number of that may change when a system starts. */
    private void addData(Optional<Dataset> dataset) {
        if (dataset.isEmpty()) {
            traits.add(Trait.of("data", "none"));
            return;
        }
        Dataset data = dataset.get();
        String text = data.name() + " (" + data.count() + " "
                + (data.type().isText() ? "bytes of text" : data.layout().label());
        var digest = new Sha256();
        for (DatasetFile file : data.parts()) {
            FileIdentity identity = file.identity();
            digest.add(file.layout().label())
                    .add(file.offset())
                    .add(file.count())
                    .add(identity.inode())
                    .add(identity.size())
                    .add(identity.modifiedNanos());
        }
        if (data.parts().size() == 1) {
            FileIdentity identity = data.parts().getFirst().identity();
            text += ", inode " + identity.inode() + ", modified " + Instant.EPOCH.plusNanos(identity.modifiedNanos());
        }
        traits.add(new Trait("data", text + ")", digest.hex()));
    }

    private void addJob(JobSource source, List<?> sent, List<Path> classPath) {
        switch (source) {
            case JobSource.Named named -> addNamed(named, classPath);
            case JobSource.Objects objects -> addObjects(objects.code(), sent, classPath);
            case JobSource.LaterPass later -> {
                addJob(later.first(), sent, classPath);
                addRefined(later.sets());
            }
            case JobSource.Function _ -> throw new IllegalArgumentException("a function is no job");
        }
    }

    private void addRefined(List<JobSource.RefinedSet> sets) {
        var digest = new Sha256();
        for (JobSource.RefinedSet set : sets) {
            digest.add(set.number()).add(set.found().size());
            new TreeMap<>(set.found()).forEach((name, value) -> digest.add(name).add(value));
        }
        String text =
                sets.stream().limit(LONGEST_TEXT).map(set -> words(set.found())).collect(Collectors.joining("; "));
        add("found by the pass before", text, digest);
    }

    private void addNamed(JobSource.Named job, List<Path> classPath) {
        traits.add(Trait.of("job", job.name()));
        Set<String> roots = new HashSet<>(job.classes().keySet());
        if (roots.contains(job.name()) || BuiltInJobs.find(job.name()).isEmpty()) {
            roots.add(job.name()); // a built-in one is part of Forkless
        }
        addCode(roots, job.classes(), classPath);
        var digest = new Sha256();
        for (Map<String, String> set : job.parameterSets()) {
            digest.add(set.size());
            new TreeMap<>(set).forEach((name, value) -> digest.add(name).add(value));
        }
        digest.add(NamedDatasets.content(job.datasets()));
        List<Map<String, String>> sets = job.parameterSets();
        String text = sets.stream().limit(LONGEST_TEXT).map(RunIdentity::words).collect(Collectors.joining("; "));
        add("parameters", sets.size() == 1 ? text : sets.size() + " sets: " + text, digest);
    }

    private static String words(Map<String, String> parameters) {
        return parameters.isEmpty()
                ? "none"
                : new TreeMap<>(parameters)
                        .entrySet().stream()
                                .map(entry -> entry.getKey() + "=" + entry.getValue())
                                .collect(Collectors.joining(" "));
    }

    /** For messages only: of what a program's objects say of themselves, nothing is compared. */
    private static String words(Object object) {
        try {
            return String.valueOf(object);
        } catch (RuntimeException | StackOverflowError | AssertionError | LinkageError e) {
            return "a " + object.getClass().getName();
        }
    }

    private void addObjects(JobSource.Code code, List<?> jobs, List<Path> classPath) {
        traits.add(Trait.of(
                "job",
                jobs.stream().map(job -> job.getClass().getName()).distinct().collect(Collectors.joining(", "))));
        addCode(classNames(jobs), code, classPath);
        String text = jobs.stream()
                .limit(LONGEST_TEXT)
                .map(job -> job instanceof Reduction<?> ? "a reduction" : words(job))
                .collect(Collectors.joining("; "));
        add("parameters", text, new Sha256().add(content(new ArrayList<>(jobs))));
    }

    private void addFunction(JobSource.Function source, Object function, List<Path> classPath) {
        Optional<SerializedLambda> lambda = Serialization.lambda(function);
        traits.add(Trait.of(
                "function",
                lambda.map(it -> it.getImplMethodName() + " of "
                                + it.getImplClass().replace('/', '.'))
                        .orElse(function.getClass().getName())));
        addCode(classNames(function), source.code(), classPath);
        add("captured values", source.function().length + " bytes", new Sha256().add(content(function)));
    }

    /** What is sent, with shared data as what is in it: where it lies is another place for each program. */
    private static byte[] content(Object sent) {
        return Shared.asContent(() ->
                Serialization.pack(sent, "what is handed over", Long.MAX_VALUE).bytes());
    }

    /** With those of what it has workers make. */
    private static Set<String> classNames(Object sent) {
        return Shared.asContent(() -> Serialization.classNames(sent));
    }

    private void addParameters(List<?> parameters, long largest) {
        var digest = new Sha256();
        for (int i = 0; i < parameters.size(); i++) {
            try {
                Object parameter = parameters.get(i);
                digest.add(Shared.asContent(() -> ValueWriter.encode(parameter, largest)));
            } catch (ValueWriter.TooLargeException e) {
                throw InvalidRequestException.ofCopy("parameter " + i, largest);
            } catch (IllegalArgumentException e) {
                throw new InvalidRequestException("parameter " + i + ": " + e.getMessage());
            }
        }
        String text =
                parameters.stream().limit(LONGEST_TEXT).map(RunIdentity::words).collect(Collectors.joining(", "));
        add("parameters", parameters.size() + ": " + text, digest);
    }

    private void addCode(Collection<String> roots, JobSource.Code code, List<Path> classPath) {
        List<Path> all = new ArrayList<>(classPath);
        code.locations().forEach(location -> all.add(Path.of(location)));
        addCode(roots, code.classes(), all);
        if (!code.variables().isEmpty()) {
            var digest = new Sha256();
            new TreeMap<>(code.variables())
                    .forEach((name, value) -> digest.add(name).add(value));
            traits.add(new Trait("variables", code.variables().size() + " variables", digest.hex()));
        }
    }

    private void addCode(Collection<String> roots, Map<String, byte[]> shipped, List<Path> classPath) {
        addCode("code", ClassDigest.of(roots, shipped, classPath, name -> !isForkless(name)));
    }

    private void addCode(String name, ClassDigest code) {
        traits.add(new Trait(name, code.classes() + " classes", code.sha256()));
    }

    private static boolean isForkless(String className) {
        return FORKLESS.stream().anyMatch(className::startsWith);
    }

    private void addCut(List<Slice> slices) {
        var digest = new Sha256();
        slices.forEach(slice -> digest.add(slice.from()).add(slice.to()));
        add("cut", slices.size() + " slices", digest);
    }

    private List<Trait> withVersions() {
        Set<String> roots = Set.of(WorkerMain.class.getName());
        addCode("Forkless", ClassDigest.of(roots, Map.of(), List.of(), RunIdentity::isForkless));
        traits.add(Trait.of("Java", Integer.toString(Runtime.version().feature())));
        return traits;
    }
}
