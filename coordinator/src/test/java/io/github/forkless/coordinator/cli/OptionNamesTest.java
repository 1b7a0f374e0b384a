package io.github.forkless.coordinator.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.forkless.coordinator.PoolOptions;
import io.github.forkless.coordinator.RunOptions;
import java.lang.reflect.Method;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class OptionNamesTest {
    /** Those for which the command line has no option. */
    private static final Set<String> OF_THE_LIBRARY_ALONE = Set.of(
            "withResultTypes",
            "withWorkingFolder",
            "withSharedFolder",
            "withAotCaches",
            "withLargestCapture",
            "withGracePeriod",
            "withoutEnvironment",
            "withNestedPools",
            "withWorkerOutput",
            "withKeptWorkers",
            "withRecording",
            "withRunOptions",
            "withWeight");

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        use RunOptions.withTimeout, or else              | use --timeout, or else
        PoolOptions.withNuma(MIRROR): no copy            | --numa mirror: no copy
        use PoolOptions.withTasksPerWorker.              | use --tasks-per-worker.
        PoolOptions.withJvmOptions                       | --jvm-option
        use DatasetFile.open(path, type) with one of int8 | give --type with one of int8
        (to read, use DatasetFile.open(path, type))      | (to read, give --type)
        a: no such file; check the name                  | a: no such file; check the name, or write it with --generate
        use DatasetFile.open(path, type) with uint8      | give --type uint8
        say which: DatasetFile.openRecords(path, length) | say which: --type record:LENGTH
        withTimeout alone                                | withTimeout alone
        """)
    void aMessageOfTheLibraryNamesOptions(String message, String ofCommand) {
        assertThat(OptionNames.inCommand(message)).isEqualTo(ofCommand);
    }

    static Stream<Method> methods() {
        return Stream.of(PoolOptions.class, RunOptions.class)
                .flatMap(type -> Stream.of(type.getMethods()))
                .filter(method ->
                        method.getName().startsWith("with") && !OF_THE_LIBRARY_ALONE.contains(method.getName()));
    }

    @ParameterizedTest
    @MethodSource("methods")
    void everyOptionOfTheLibraryIsOneOfTheCommand(Method method) {
        String option = OptionNames.inCommand(method.getDeclaringClass().getSimpleName() + "." + method.getName());

        assertThat(new RunCommand().arguments().spec().findOption(option))
                .as(option)
                .isNotNull();
    }

    @Test
    void theListOfTheLibrarysOwnIsTrue() {
        Stream<String> all = Stream.of(PoolOptions.class, RunOptions.class)
                .flatMap(type -> Stream.of(type.getMethods()))
                .map(Method::getName);

        assertThat(all.toList()).containsAll(OF_THE_LIBRARY_ALONE);
    }
}
