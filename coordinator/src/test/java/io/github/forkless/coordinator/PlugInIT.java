package io.github.forkless.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.forkless.coordinator.result.InvalidRequestException;
import io.github.forkless.testing.LongTest;
import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Code of class loaders other than the program's own, of which its class path has nothing. */
@Execution(ExecutionMode.SAME_THREAD)
class PlugInIT {
    private static final String PLUG_IN = """
        package org.example;
        import io.github.forkless.coordinator.*;
        import java.util.List;

        public class PlugIn {
            record Trade(String name, double price) {}
            static int set;

            public static String run(WorkerPool pool) {
                return pool.map(List.of(new Trade("a", 1)), t -> new Trade(Part.name(t), t.price() * 2)).toString();
            }

            public static String runAgain(WorkerPool pool) {
                pool.map(List.of(1), i -> Part.count());
                return pool.map(List.of(1), i -> Part.count()).toString();
            }

            public static String nested(WorkerPool pool) {
                return pool.map(List.of(1), i -> {
                    try (var inner = WorkerPool.open(PoolOptions.defaults().withProcs(1))) {
                        return run(inner);
                    }
                }).toString();
            }

            public static String resource(WorkerPool pool) {
                return pool.map(List.of(1), i -> new String(
                        PlugIn.class.getResourceAsStream("greeting.txt").readAllBytes())).toString();
            }

            public static String setAndRead(WorkerPool pool) {
                set = 4;
                return pool.map(List.of(1), i -> i + set).toString();
            }
        }

        class Part {
            private static int count;
            static String name(PlugIn.Trade trade) { return trade.name() + "b"; }
            static int count() { return ++count; }
        }
        """;

    @TempDir
    Path folder;

    private Path classes;
    private WorkerPool pool;

    @BeforeEach
    void compile() throws IOException {
        Path source = Files.writeString(folder.resolve("PlugIn.java"), PLUG_IN);
        classes = Files.createDirectory(folder.resolve("plug in"));
        int exitCode = ToolProvider.getSystemJavaCompiler()
                .run(
                        null,
                        null,
                        null,
                        "-proc:none",
                        "-d",
                        classes.toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        source.toString());
        assertThat(exitCode).isZero();
        Files.writeString(classes.resolve("org/example/greeting.txt"), "hello");
        pool = WorkerPool.open(options(EngineKind.PROCESSES));
    }

    private static PoolOptions options(EngineKind engine) {
        return PoolOptions.defaults()
                .withProcs(1)
                .withEngine(engine)
                .withRunOptions(RunOptions.defaults().withRetries(0));
    }

    @AfterEach
    void close() {
        pool.close();
        TestData.assertNoWorkerIsLeft();
    }

    private static String call(ClassLoader loader, String method, WorkerPool pool) throws Exception {
        try {
            return (String) loader.loadClass("org.example.PlugIn")
                    .getMethod(method, WorkerPool.class)
                    .invoke(null, pool);
        } catch (InvocationTargetException e) {
            throw (Exception) e.getCause();
        }
    }

    private URLClassLoader ofFiles() throws IOException {
        return new URLClassLoader(
                new URL[] {classes.toUri().toURL()}, getClass().getClassLoader());
    }

    /** Has the plug-in's classes as bytes alone. */
    private final class InMemory extends ClassLoader {
        private final boolean givesThem;

        InMemory(boolean givesThem) {
            super(PlugInIT.class.getClassLoader());
            this.givesThem = givesThem;
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            try {
                byte[] bytes = Files.readAllBytes(classes.resolve(name.replace('.', '/') + ".class"));
                return defineClass(name, bytes, 0, bytes.length);
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }

        @Override
        public InputStream getResourceAsStream(String name) {
            try {
                return givesThem ? new ByteArrayInputStream(Files.readAllBytes(classes.resolve(name))) : null;
            } catch (IOException e) {
                return super.getResourceAsStream(name);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void codeInFilesIsReadFromThem(EngineKind engine) throws Exception {
        try (var loader = ofFiles();
                var workers = WorkerPool.open(options(engine))) {
            assertThat(call(loader, "run", workers)).isEqualTo("[Trade[name=ab, price=2.0]]");
            assertThat(call(loader, "resource", workers)).isEqualTo("[hello]");
        }
    }

    @ParameterizedTest
    @EnumSource
    void codeInMemoryIsShipped(EngineKind engine) throws Exception {
        try (var workers = WorkerPool.open(options(engine))) {
            assertThat(call(new InMemory(true), "run", workers)).isEqualTo("[Trade[name=ab, price=2.0]]");
        }
    }

    @Test
    void aWorkerKeepsWhatItHasLoaded() throws Exception {
        assertThat(call(new InMemory(true), "runAgain", pool)).isEqualTo("[2]");
    }

    @Test
    void aLoaderThatKeepsItsBytesIsNamed() {
        assertThatExceptionOfType(InvalidRequestException.class)
                .isThrownBy(() -> call(new InMemory(false), "run", pool))
                .withMessageStartingWith("the class org.example.PlugIn cannot travel to the workers, because "
                        + InMemory.class.getName())
                .withMessageContaining("does not give its bytes");
    }

    @LongTest
    @Test
    void aWorkerShipsItOnceMoreToItsOwnWorkers() throws Exception {
        try (var outer = WorkerPool.open(options(EngineKind.PROCESSES).withNestedPools(1))) {
            assertThat(call(new InMemory(true), "nested", outer)).isEqualTo("[[Trade[name=ab, price=2.0]]]");
        }
        assertThatExceptionOfType(RuntimeException.class)
                .isThrownBy(() -> call(new InMemory(true), "nested", pool))
                .withMessageContaining("a pool cannot be opened in a worker");
    }

    @Test
    void aStaticFieldThatThePlugInHasSetIsRefused() {
        assertThatExceptionOfType(InvalidRequestException.class)
                .isThrownBy(() -> call(new InMemory(true), "setAndRead", pool))
                .withMessageStartingWith("the static field org.example.PlugIn.set is read in a worker");
    }

    /** As an application server has it: the library itself is not on the class path either. */
    @LongTest
    @Test
    void theLibraryMayBeOfAnotherLoaderToo() throws Exception {
        URL[] urls = Stream.concat(
                        Stream.of(classes.toString()),
                        Stream.of(System.getProperty("java.class.path").split(File.pathSeparator)))
                .map(entry -> url(Path.of(entry)))
                .toArray(URL[]::new);
        Path main = Files.writeString(folder.resolve("Start.java"), """
            import java.net.*;

            public class Start {
                public static void main(String[] args) throws Exception {
                    URL[] urls = new URL[args.length];
                    for (int i = 0; i < urls.length; i++) {
                        urls[i] = URI.create(args[i]).toURL();
                    }
                    var loader = new URLClassLoader(urls, ClassLoader.getPlatformClassLoader());
                    Class<?> options = loader.loadClass("io.github.forkless.coordinator.PoolOptions");
                    Class<?> pools = loader.loadClass("io.github.forkless.coordinator.WorkerPool");
                    try (var pool = (AutoCloseable) pools.getMethod("open", options)
                            .invoke(null, options.getMethod("defaults").invoke(null))) {
                        System.out.println(
                                loader.loadClass("org.example.PlugIn").getMethod("run", pools).invoke(null, pool));
                    }
                }
            }
            """);
        var command = new java.util.ArrayList<>(java.util.List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), main.toString()));
        Stream.of(urls).map(URL::toString).forEach(command::add);
        Process program = new ProcessBuilder(command).redirectErrorStream(true).start();
        assertThat(new String(program.getInputStream().readAllBytes())).isEqualTo("[Trade[name=ab, price=2.0]]\n");
    }

    private static URL url(Path path) {
        try {
            return path.toUri().toURL();
        } catch (IOException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
