package io.github.forkless.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.forkless.testing.Patience;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A command line that was run to its end. */
record Command(int code, String out, String err) {
    private static final Duration LONGEST = Duration.ofSeconds(60);

    /** One that runs. */
    record Started(Process process, Path out, Path err) {
        Command join() throws IOException, InterruptedException {
            if (!process.waitFor(Patience.of(LONGEST).toMillis(), TimeUnit.MILLISECONDS)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
                assertThat(Files.readString(err)).as("it did not end").isNull();
            }
            return new Command(process.exitValue(), Files.readString(out), Files.readString(err));
        }
    }

    /** {@code coordinator} with these arguments. */
    static Started start(Path folder, Object... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(SparkCluster.home().resolve("bin").resolve("coordinator").toString());
        for (Object argument : arguments) {
            command.add(argument.toString());
        }
        return startAny(folder, Map.of(), command);
    }

    static Started startAny(Path folder, Map<String, String> environment, List<String> command) throws IOException {
        Path out = Files.createTempFile(folder, "out-", ".txt");
        Path err = Files.createTempFile(folder, "err-", ".txt");
        var builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().put("SPARK_LOCAL_IP", SparkCluster.host(0));
        builder.environment().put("FORKLESS_DAEMON", "no");
        builder.environment().remove("SPARK_HOME");
        builder.environment().putAll(environment);
        return new Started(builder.start(), out, err);
    }

    static Command run(Path folder, Object... arguments) throws IOException, InterruptedException {
        return start(folder, arguments).join();
    }

    Command requireOk() {
        assertThat(code).as(err).isZero();
        return this;
    }
}
