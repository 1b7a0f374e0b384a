package io.github.forkless.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.forkless.coordinator.result.InvalidRequestException;
import io.github.forkless.coordinator.result.RunFailedException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the processes of workers are started with. */
@Execution(ExecutionMode.SAME_THREAD)
class WorkerOptionsIT {
    private static final PoolOptions ONE = PoolOptions.defaults().withProcs(1);

    @TempDir
    static Path folder;

    @Test
    void optionsOfTheJvmEnvironmentAndFolderAreThoseGiven() {
        var options = ONE.withJvmOptions(
                        "-Xss64m",
                        "-Dgreeting=hello",
                        "-ea",
                        "--add-modules",
                        "java.sql",
                        "-XX:+UseParallelGC",
                        "-XX:AOTMode=off")
                .withEnvironment("REGION", "north=a b'\"$x")
                .withoutEnvironment("PATH")
                .withWorkingFolder(folder);
        try (var pool = WorkerPool.open(options)) {
            List<String> found = pool.map(
                            List.of(100_000),
                            (_, depth) -> List.of(
                                    "" + levels(depth),
                                    System.getProperty("greeting"),
                                    "" + WorkerOptionsIT.class.desiredAssertionStatus(),
                                    ""
                                            + ModuleLayer.boot()
                                                    .findModule("java.sql")
                                                    .isPresent(),
                                    ManagementFactory.getGarbageCollectorMXBeans()
                                            .getFirst()
                                            .getName(),
                                    System.getenv("REGION"),
                                    "" + System.getenv("PATH"),
                                    workingFolder()))
                    .getFirst();

            assertThat(found)
                    .containsExactly(
                            "100000",
                            "hello",
                            "true",
                            "true",
                            "PS MarkSweep",
                            "north=a b'\"$x",
                            "null",
                            workingFolder(folder));
        }
    }

    private static int levels(int depth) {
        return depth == 0 ? 0 : 1 + levels(depth - 1);
    }

    private static String workingFolder() {
        return workingFolder(Path.of(""));
    }

    private static String workingFolder(Path folder) {
        try {
            return folder.toRealPath().toString();
        } catch (IOException e) {
            return e.toString();
        }
    }

    @Test
    void anAgentThatCannotBeLoadedFailsTheRunByName() throws Exception {
        Path agent = Files.writeString(folder.resolve("no-agent.jar"), "no jar");
        try (var pool = WorkerPool.open(ONE.withJvmOptions("-javaagent:" + agent))) {
            assertThatExceptionOfType(RunFailedException.class)
                    .isThrownBy(() -> pool.map(List.of(0), (_, zero) -> zero))
                    .withMessageContaining("no-agent.jar");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        -cp                          | use PoolOptions.withClassPath
        --class-path=a.jar           | use PoolOptions.withClassPath
        -Xmx1g                       | use PoolOptions.withWorkerMemory
        -XX:MaxRAMPercentage=50      | use PoolOptions.withWorkerMemory
        -Duser.dir=/tmp              | and not the folder a worker works in; leave it out
        -XX:-ExitOnOutOfMemoryError  | from being replaced; leave it out
        -XX:ErrorFile=/tmp/e         | leave it out
        -jar                         | another program than a worker; leave it out
        --module=a/b                 | another program than a worker; leave it out
        -version                     | another program than a worker; leave it out
        Main                         | is no option of a JVM; each begins with a hyphen, such as -Xss64m
        @file                        | is no option of a JVM; each begins with a hyphen, such as -Xss64m
        ''                           | is no option of a JVM; each begins with a hyphen, such as -Xss64m
        --add-modules                | needs a value; give it as '--add-modules=VALUE', or as the next option
        """)
    void aJvmOptionThatContradictsThePoolIsRefused(String option, String advice) {
        assertThatExceptionOfType(InvalidRequestException.class)
                .isThrownBy(() -> ONE.withJvmOptions("-ea", option))
                .withMessageStartingWith("the JVM option '" + option + "' ")
                .withMessageEndingWith(advice);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "1A",
                "a.b",
                "a=b",
                "a b",
                "FORKLESS_WORKER",
                "FORKLESS_NESTED_POOLS",
                "JAVA_TOOL_OPTIONS",
                "IFS",
                "PWD"
            })
    void anEnvironmentVariableThatCannotBePassedOnIsRefused(String name) {
        assertThatExceptionOfType(InvalidRequestException.class)
                .isThrownBy(() -> ONE.withEnvironment(name, "value"))
                .withMessageContaining("" + name);
        assertThatExceptionOfType(InvalidRequestException.class).isThrownBy(() -> ONE.withoutEnvironment(name));
    }

    @Test
    void aValueWithAZeroCharacterIsRefused() {
        assertThatExceptionOfType(InvalidRequestException.class)
                .isThrownBy(() -> ONE.withEnvironment("NAME", "a\0b"))
                .withMessageContaining("NAME");
    }

    @Test
    void aWorkingFolderThatIsNotThereIsNamed() {
        Path none = folder.resolve("none");
        assertThatExceptionOfType(InvalidRequestException.class)
                .isThrownBy(() -> ONE.withWorkingFolder(none))
                .withMessage("no worker can work in " + none + ": there is no such folder; create it");
    }
}
