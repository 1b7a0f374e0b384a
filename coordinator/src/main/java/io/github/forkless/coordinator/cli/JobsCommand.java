package io.github.forkless.coordinator.cli;

import io.github.forkless.common.job.Job;
import io.github.forkless.common.job.Summary;
import io.github.forkless.coordinator.InvalidRequestException;
import io.github.forkless.worker.JobParameters;
import io.github.forkless.worker.jobs.BuiltInJobs;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code coordinator jobs [NAME]}. */
@Command(
        name = "jobs",
        description = "Lists the built-in jobs, or explains one.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
final class JobsCommand implements Callable<Integer> {
    @Parameters(arity = "0..1", paramLabel = "NAME", description = "the job to explain")
    private String name;

    @Override
    public Integer call() {
        if (name == null) {
            BuiltInJobs.all().forEach(JobsCommand::list);
        } else {
            Class<? extends Job<?, ?>> job = BuiltInJobs.find(name)
                    .orElseThrow(() -> new InvalidRequestException(
                            "there is no built-in job " + name + "; there are " + BuiltInJobs.names()));
            list(name, job);
            var parameters = JobParameters.of(name, job).all();
            System.out.println(parameters.isEmpty() ? "It has no parameters." : "Parameters (--param NAME=VALUE):");
            parameters.forEach(parameter -> System.out.println("  " + parameter));
        }
        return ExitCode.OK;
    }

    private static void list(String name, Class<? extends Job<?, ?>> job) {
        System.out.printf("%-10s %s%n", name, job.getAnnotation(Summary.class).value());
    }
}
