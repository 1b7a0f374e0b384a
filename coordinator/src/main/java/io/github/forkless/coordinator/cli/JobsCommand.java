package io.github.forkless.coordinator.cli;

import io.github.forkless.common.job.Job;
import io.github.forkless.common.job.Summary;
import io.github.forkless.common.text.Text;
import io.github.forkless.coordinator.cli.Arguments.Argument;
import io.github.forkless.coordinator.result.InvalidRequestException;
import io.github.forkless.worker.JobParameters;
import io.github.forkless.worker.jobs.BuiltInJobs;

/** {@code coordinator jobs [NAME]}. */
final class JobsCommand implements Command {
    private final Arguments arguments = new Arguments("jobs", "Lists the built-in jobs, or explains one.");
    private final Argument<String> wanted = arguments.parameter("NAME", false, text -> text, "the job to explain");

    @Override
    public Arguments arguments() {
        return arguments;
    }

    @Override
    public int run() {
        if (wanted.value().isEmpty()) {
            BuiltInJobs.all().forEach(JobsCommand::list);
        } else {
            String name = wanted.get();
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
        System.out.println(
                Text.format("%-10s %s", name, job.getAnnotation(Summary.class).value()));
    }
}
