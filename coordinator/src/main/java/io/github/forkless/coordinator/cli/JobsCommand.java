package io.github.forkless.coordinator.cli;

import io.github.forkless.common.job.Job;
import io.github.forkless.common.job.Summary;
import io.github.forkless.common.text.Text;
import io.github.forkless.common.text.Throwables;
import io.github.forkless.coordinator.NamedJob;
import io.github.forkless.coordinator.cli.Arguments.Argument;
import io.github.forkless.coordinator.machine.ProgramClassPath;
import io.github.forkless.coordinator.result.InvalidRequestException;
import io.github.forkless.worker.JobParameters;
import io.github.forkless.worker.jobs.BuiltInJobs;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code coordinator jobs [NAME]}. */
final class JobsCommand implements Command {
    private final Arguments arguments =
            new Arguments("jobs", "Lists the built-in jobs, or explains one, also one of yours.").answeredByResident();
    private final Argument<String> wanted = arguments.parameter(
            "NAME",
            false,
            text -> text,
            "the job to explain: a built-in job's name, a class name (with --class-path), or a .java file");
    private final Argument<List<Path>> classPath = arguments.options(
            "--class-path",
            "PATH",
            ":",
            Parsers::file,
            "folders and jars in which the job's classes are (default: none)");

    @Override
    public Arguments arguments() {
        return arguments;
    }

    @Override
    public int run() {
        if (wanted.value().isEmpty()) {
            BuiltInJobs.all().forEach((name, job) -> {
                String line = described(name, job); // off a terminal a program may read it
                System.out.println(
                        StandardStreams.isOutTerminal() ? WrappedText.of(line, StandardStreams.outColumns()) : line);
            });
        } else {
            String name = wanted.get();
            Class<? extends Job<?, ?>> job = name.endsWith(".java")
                    ? compiled(Path.of(name))
                    : BuiltInJobs.find(name).orElseGet(() -> loaded(name, Map.of()));
            int columns = StandardStreams.outColumns();
            System.out.println(WrappedText.of(described(name, job), columns));
            var parameters = JobParameters.of(name, job).all();
            System.out.println(parameters.isEmpty() ? "It has no parameters." : "Parameters (--param NAME=VALUE):");
            parameters.forEach(parameter -> System.out.println(WrappedText.of("  " + parameter, columns)));
        }
        return ExitCode.OK;
    }

    private static String described(String name, Class<? extends Job<?, ?>> job) {
        Summary summary = job.getAnnotation(Summary.class);
        return summary == null ? name : Text.format("%-10s %s", name, summary.value());
    }

    private Class<? extends Job<?, ?>> compiled(Path source) {
        NamedJob job = JobCompiler.compile(source, classPath.or(List.of()), List.of(), List.of(Map.of()));
        return loaded(job.name(), job.classes());
    }

    /** Not initialized: nothing of the job runs. */
    private Class<? extends Job<?, ?>> loaded(String name, Map<String, byte[]> classes) {
        Class<?> type;
        try { // open to the end of this process, as what is asked of a class may load others
            type = Class.forName(name, false, new Classes(classPath.or(List.of()), classes));
        } catch (ClassNotFoundException e) {
            throw new InvalidRequestException("there is no job " + name + "; built in are " + BuiltInJobs.names()
                    + "; for one of yours give its .java file, or its class's full name and --class-path");
        } catch (LinkageError e) {
            throw new InvalidRequestException(
                    "the class of job " + name + " cannot be loaded: " + Throwables.line(e) + "; see --class-path");
        }
        if (!Job.class.isAssignableFrom(type)) {
            throw new InvalidRequestException(name + " is not a job: it does not implement " + Job.class.getName());
        }
        @SuppressWarnings("unchecked") // just checked
        Class<? extends Job<?, ?>> job = (Class<? extends Job<?, ?>>) type.asSubclass(Job.class);
        return job;
    }

    /** Finds classes of a class path, and such as were just compiled. */
    private static final class Classes extends URLClassLoader {
        private final Map<String, byte[]> compiled;

        Classes(List<Path> classPath, Map<String, byte[]> compiled) {
            super(ProgramClassPath.urls(classPath));
            this.compiled = compiled;
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            Optional<byte[]> bytes = Optional.ofNullable(compiled.get(name));
            return bytes.isPresent() ? defineClass(name, bytes.get(), 0, bytes.get().length) : super.findClass(name);
        }
    }
}
