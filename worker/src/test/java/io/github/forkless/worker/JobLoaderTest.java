package io.github.forkless.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.forkless.common.dataset.MappedFile;
import io.github.forkless.common.job.Job;
import io.github.forkless.common.wire.JobSource;
import io.github.forkless.worker.jobs.Sum;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JobLoaderTest {
    @TempDir
    Path folder;

    private static Object load(JobSource source) {
        return ((LoadedJob.Collecting) new JobLoader(ClassLoader.getSystemClassLoader()).load(source, MappedFile.EMPTY))
                .jobs()
                .getFirst();
    }

    private static JobSource named(String name, Map<String, byte[]> classes) {
        return new JobSource.Named(name, classes, List.of(Map.of()));
    }

    /** Compiles a job that finishes with {@code text}. */
    private Map<String, byte[]> compile(String packageName, String name, String text) throws IOException {
        Path source = Files.writeString(folder.resolve(name + ".java"), """
            %s
            import io.github.forkless.common.dataset.Block;
            import io.github.forkless.common.job.Job;

            public record %s() implements Job<String, String> {
                public String start() { return ""; }
                public String accept(String s, Block block) { return s; }
                public String merge(String a, String b) { return a; }
                public String finish(String s) { return Texts.TEXT; }
                static class Texts { static final String TEXT = new String("%s"); }
            }
            """.formatted(
                        packageName.isEmpty() ? "" : "package " + packageName + ";", name, text));
        assertThat(ToolProvider.getSystemJavaCompiler()
                        .run(null, null, null, "-proc:none", "-d", folder.toString(), source.toString()))
                .isZero();
        Map<String, byte[]> classes = new HashMap<>();
        String prefix = packageName.isEmpty() ? "" : packageName + ".";
        Path classFolder = folder.resolve(packageName.replace('.', '/'));
        for (String type : List.of(name, name + "$Texts")) {
            classes.put(prefix + type, Files.readAllBytes(classFolder.resolve(type + ".class")));
        }
        return classes;
    }

    @Test
    void findsBuiltInJobsAndClassesByName() {
        assertThat(load(named("sum", Map.of()))).isEqualTo(new Sum());
        assertThat(load(named(Sum.class.getName(), Map.of()))).isEqualTo(new Sum());
    }

    @Test
    void aShippedClassWinsOverABuiltInOfThatName() throws IOException {
        Object job = load(named("sum", compile("", "sum", "mine")));
        assertThat(((Job<?, ?>) job).finish(null)).isEqualTo("mine");
    }

    /** Such as last week's version, still on the class path. */
    @Test
    void aShippedClassWinsOverOneOfThatNameOnTheClassPath() throws IOException {
        String name = Sum.class.getName();
        Object job = load(named(name, compile(Sum.class.getPackageName(), "Sum", "newer")));
        assertThat(job).isNotInstanceOf(Sum.class);
        assertThat(((Job<?, ?>) job).finish(null)).isEqualTo("newer");
    }

    @Test
    void namesWhatIsNoJob() {
        assertThatExceptionOfType(JobRequestException.class)
                .isThrownBy(() -> load(named("summ", Map.of())))
                .withMessageStartingWith("there is no job summ; built in are sum,")
                .withMessageContaining("PoolOptions.withClassPath");
        assertThatExceptionOfType(JobRequestException.class)
                .isThrownBy(() -> load(named("java.lang.String", Map.of())))
                .withMessage("java.lang.String is not a job: it does not implement io.github.forkless.common.job.Job");
        assertThatExceptionOfType(JobRequestException.class)
                .isThrownBy(() -> load(named("Broken", Map.of("Broken", new byte[] {1, 2, 3}))))
                .withMessageContaining("the class of job Broken cannot be loaded");
    }

    @Test
    void saysWhichClassWorkersDoNotFind() throws IOException {
        // The stream names a class that is nowhere: one letter of a real one is changed.
        var bytes = new ByteArrayOutputStream();
        try (var out = new ObjectOutputStream(bytes)) {
            out.writeObject(new Sum());
        }
        byte[] stream = new String(bytes.toByteArray(), StandardCharsets.ISO_8859_1)
                .replace("jobs.Sum", "jobs.Sun")
                .getBytes(StandardCharsets.ISO_8859_1);
        assertThatExceptionOfType(JobRequestException.class)
                .isThrownBy(() -> load(new JobSource.Objects(stream, JobSource.Code.onClassPath(List.of()))))
                .withMessageStartingWith(
                        "workers do not find the class io.github.forkless.worker.jobs.Sun, which the job")
                .withMessageContaining("java.class.path: ");
    }
}
