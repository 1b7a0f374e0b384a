package io.github.forkless.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.github.forkless.testing.LongTest;
import io.github.forkless.testing.Thorough;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Programs whose code is not on a class path: as users start them, in JVMs of their own. */
class ForeignCodeIT {
    private static final String CLASS_PATH = System.getProperty("java.class.path");
    private static final Path LIBRARIES = Path.of(System.getProperty("forkless.home"), "lib");

    @TempDir
    Path folder;

    private record Outcome(int exitCode, String out, String err) {}

    private static String tool(String name) {
        return Path.of(System.getProperty("java.home"), "bin", name).toString();
    }

    /** A command of the JDK. It is over soon: JVMs that know that take half as long. */
    private static List<String> brief(String tool, String... arguments) {
        List<String> prefixes = switch (tool) { // of options for each JVM that it is made of
            case "java" -> List.of("");
            case "jshell" -> List.of("-J", "-R");
            default -> List.of("-J");
        };
        List<String> command = new ArrayList<>(List.of(tool(tool)));
        for (String prefix : prefixes) {
            command.add(prefix + "-XX:TieredStopAtLevel=1");
            command.add(prefix + "-XX:+UseSerialGC");
        }
        command.addAll(List.of(arguments));
        return command;
    }

    /** Runs a command with {@code input} on its stdin. */
    private Outcome run(String input, List<String> command) throws IOException, InterruptedException {
        Path in = Files.writeString(folder.resolve("in"), input);
        Path out = folder.resolve("out");
        Path err = folder.resolve("err");
        Process program = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectInput(in.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        try {
            return new Outcome(program.waitFor(), Files.readString(out), Files.readString(err));
        } finally {
            program.descendants().forEach(ProcessHandle::destroyForcibly);
            program.destroyForcibly();
        }
    }

    private void write(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    // ---- jshell

    private String jshell(String session) throws IOException, InterruptedException {
        return run(
                        session,
                        brief(
                                "jshell",
                                "-J-Djava.util.prefs.userRoot=" + folder,
                                "--class-path",
                                CLASS_PATH,
                                "-s",
                                "-"))
                .out();
    }

    private static final String OPENED = """
        import io.github.forkless.common.job.*;
        import io.github.forkless.coordinator.*;
        var pool = WorkerPool.open(PoolOptions.defaults().withProcs(1))
        """;

    @LongTest
    @Test
    void jshellSharesAndMaps() throws Exception {
        assertThat(jshell(OPENED + """
            double[] closes = {1, 2, 3};
            var prices = pool.share(closes)
            int base = 5;
            int based(int x) { return x * base; }
            System.out.println(pool.map(List.of(1, 2), x -> based(x)))
            base = 7
            System.out.println(pool.map(List.of(0, 2), i -> prices.get().at(i) + based(1)))
            record Trade(String name, double price) {}
            System.out.println(pool.map(List.of(new Trade("a", 1)), t -> new Trade(t.name() + base, t.price() * 2)))
            interface Shape { double area(); }
            record Square(double side) implements Shape { public double area() { return side * side * base; } }
            List<Shape> shapes = List.of(new Square(2));
            System.out.println(pool.map(shapes, Shape::area))
            SerializableFunction<Integer, Integer> f = x -> x + base;
            System.out.println(pool.map(List.of(1), i -> f.apply(i)))
            enum Side { BUY, SELL }
            System.out.println(pool.supplyAsync(() -> Side.SELL).join() == Side.SELL)
            System.out.println(pool.executor().submit(() -> base * 3).get())
            """)).isEqualTo("""
                [5, 10]
                [8.0, 10.0]
                [Trade[name=a7, price=2.0]]
                [28.0]
                [8]
                true
                21
                """);
    }

    /** Each worker keeps its object, whose code sees a variable as the run has it that asks; what makes it, as it was then. */
    @LongTest
    @Test
    void jshellKeepsTheObjectOfAWorkerWhenAVariableChanges() throws Exception {
        assertThat(jshell(OPENED + """
            int factor = 2;
            class Engine {
                int base;
                Engine(int base) { this.base = base; }
                int price(int n) { return base + n * factor; }
                void close() { System.err.println("closed at " + factor); }
            }
            var engine = pool.perWorker(() -> new Engine(100 * factor), Engine::close)
            System.out.println(pool.map(List.of(1, 2), n -> engine.get().price(n)))
            factor = 3
            System.out.println(pool.map(List.of(1, 2), n -> engine.get().price(n)))
            var late = pool.perWorker(() -> new Engine(100 * factor), Engine::close)
            factor = 5
            System.out.println(pool.map(List.of(1, 2), n -> late.get().price(n)))
            var fives = pool.submitMap(Collections.nCopies(100, 1), n -> engine.get().price(n))
            factor = 6
            var sixes = pool.submitMap(Collections.nCopies(100, 1), n -> engine.get().price(n))
            System.out.println(Set.copyOf(fives.join()) + " " + Set.copyOf(sixes.join()))
            pool.close()
            """)).isEqualTo("[202, 204]\n[203, 206]\n[305, 310]\n[205] [206]\n");
    }

    @LongTest
    @Test
    void jshellNamesTheVariableThatCannotTravel() throws Exception {
        assertThat(jshell(OPENED + """
            var thread = new Thread()
            String name() { return thread.getName(); }
            try { pool.map(List.of(1), i -> name()); } catch (Exception e) { System.out.println(e.getMessage()); }
            System.out.println(pool.map(List.of(1), i -> i))
            """))
                .isEqualTo("the variable 'thread', which the code reads, cannot travel to the workers: it is a"
                        + " java.lang.Thread, which is not Serializable\n[1]\n");
    }

    // ---- java Program.java

    private static final String SCRIPT = """
        import io.github.forkless.common.dataset.Block;
        import io.github.forkless.common.job.Job;
        import io.github.forkless.coordinator.*;
        import java.nio.file.Path;
        import java.util.*;

        public class Script {
            record Trade(String name, double price) {}
            enum Side { BUY, SELL }
            interface Shape { double area(); }
            record Square(double side) implements Shape { public double area() { return side * side; } }
            record Count() implements Job<Long, Long> {
                public Long start() { return 0L; }
                public Long accept(Long n, Block block) { return n + block.count(); }
                public Long merge(Long a, Long b) { return a + b; }
                public Long finish(Long n) { return n; }
            }
            static final List<Integer> CONSTANT = List.of(40);
            static int set;

            public static void main(String[] args) {
                set = 5;
                var options = PoolOptions.defaults().withProcs(2).withEngine(EngineKind.valueOf(args[0]));
                try (var pool = WorkerPool.open(Path.of("data.bin"), options);
                        var shared = pool.share(new int[] {1, 2, 3})) {
                    System.out.println(pool.map(List.of(0, 2), i -> shared.get().at(i) + CONSTANT.get(0)));
                    System.out.println(pool.map(
                            List.of(new Trade("a", 1)), t -> new Trade(t.name() + "b", t.price() * 2)));
                    System.out.println(pool.map(List.of(new Square(2)), Script::area));
                    System.out.println(pool.supplyAsync(() -> Side.SELL).join() == Side.SELL);
                    System.out.println(pool.supplyAsync(() -> Helper.help(3)).join());
                    System.out.println(pool.<Long>reduce(() -> 0L, (n, block) -> n + block.count(), Long::sum));
                    System.out.println(pool.run(new Count()));
                    try {
                        System.out.println(pool.map(List.of(1), i -> i + set));
                    } catch (RuntimeException e) {
                        System.out.println(e.getMessage().split(",")[0]);
                    }
                }
            }

            static double area(Shape shape) { return shape.area(); }
        }
        """;
    private static final String SCRIPT_PRINTS = "[41, 43]\n[Trade[name=ab, price=2.0]]\n[4.0]\ntrue\n31\n100\n100\n";

    private Outcome script(String engine) throws IOException, InterruptedException {
        write("Script.java", SCRIPT);
        write(
                "Helper.java",
                "class Helper { static int help(int x) { return Tens.of(x) + 1; }\n"
                        + "static class Tens { static int of(int x) { return x * 10; } } }");
        TestData.ints(folder.resolve("data.bin"), 100, i -> i);
        return run("", brief("java", "--class-path", CLASS_PATH, "Script.java", engine));
    }

    @LongTest
    @Test
    void aProgramMayBeStartedFromItsSource() throws Exception {
        assertThat(script("PROCESSES"))
                .isEqualTo(new Outcome(0, SCRIPT_PRINTS + "the static field Script.set is read in a worker\n", ""));
    }

    @LongTest
    @Test
    void soItMayWithThreads() throws Exception {
        assertThat(script("THREADS")).isEqualTo(new Outcome(0, SCRIPT_PRINTS + "[6]\n", ""));
    }

    @LongTest
    @Test
    void aPoolInAStaticInitializerIsRefusedInAWorkerThere() throws Exception {
        write("Bomb.java", """
            import io.github.forkless.coordinator.*;
            import java.util.List;

            public class Bomb {
                static final WorkerPool POOL = WorkerPool.open(PoolOptions.defaults().withProcs(1));

                public static void main(String[] args) {
                    try (POOL) {
                        System.out.println(POOL.map(List.of(1), i -> i));
                    } catch (RuntimeException e) {
                        System.out.println(e.getMessage());
                    }
                }
            }
            """);
        assertThat(run("", brief("java", "--class-path", CLASS_PATH, "Bomb.java"))
                        .out())
                .contains("a pool cannot be opened in a worker");
    }

    // ---- modules

    private static final String MAIN = """
        package org.example;
        import io.github.forkless.coordinator.*;
        import java.util.List;

        public class Main {
            record Trade(String name, double price) {}

            public static void main(String[] args) {
                try (var pool = WorkerPool.open(PoolOptions.defaults().withProcs(1));
                        var shared = pool.share(new int[] {1, 2, 3})) {
                    System.out.println(Main.class.getModule().isNamed());
                    System.out.println(pool.map(List.of(0, 2), i -> shared.get().at(i)));
                    System.out.println(pool.map(List.of(new Trade("a", 1)), t -> new Trade("b", t.price())));
                } catch (RuntimeException e) {
                    System.out.println(e.getMessage());
                }
            }
        }
        """;

    private Path module(String descriptor) throws Exception {
        write(
                "src/module-info.java",
                "module org.example.app { requires io.github.forkless.coordinator;"
                        + " requires io.github.forkless.common; " + descriptor + " }");
        write("src/org/example/Main.java", MAIN);
        Path classes = folder.resolve("mods/app");
        Outcome compiled = run(
                "",
                brief(
                        "javac",
                        "-d",
                        classes.toString(),
                        "-p",
                        LIBRARIES.toString(),
                        "src/module-info.java",
                        "src/org/example/Main.java"));
        assertThat(compiled).isEqualTo(new Outcome(0, "", ""));
        return classes;
    }

    private String modular(String modulePath) throws IOException, InterruptedException {
        return run("", brief("java", "-p", modulePath, "-m", "org.example.app/org.example.Main"))
                .out();
    }

    @LongTest
    @Test
    void aProgramMayBeAModule() throws Exception {
        Path classes = module("opens org.example to io.github.forkless.common;");
        String expected = "true\n[1, 3]\n[Trade[name=b, price=1.0]]\n";
        assertThat(modular(classes + File.pathSeparator + LIBRARIES)).isEqualTo(expected);
        assertThat(modular("mods" + File.pathSeparator + LIBRARIES)).isEqualTo(expected);
    }

    @LongTest
    @Test
    void aModuleThatIsClosedIsToldToOpen() throws Exception {
        Path classes = module("");
        assertThat(modular(classes + File.pathSeparator + LIBRARIES))
                .startsWith("true\n[1, 3]\nparameter 0: the value is a org.example.Main$Trade, which cannot be read")
                .contains("add 'opens org.example to io.github.forkless.common;' to its module-info");
    }

    // ---- images

    /** Of an application image that jpackage has made with these options, what the application prints. */
    private Outcome packaged(String... options) throws Exception {
        Path jars = Files.createDirectory(folder.resolve("jars"));
        try (Stream<Path> libraries = Files.list(LIBRARIES)) {
            for (Path jar :
                    libraries.filter(file -> file.toString().endsWith(".jar")).toList()) {
                Files.copy(jar, jars.resolve(jar.getFileName()));
            }
        }
        run(
                "",
                brief(
                        "jar",
                        "--create",
                        "--file",
                        "jars/app.jar",
                        "-C",
                        module("").toString(),
                        "."));
        List<String> command = brief(
                "jpackage",
                "--type",
                "app-image",
                "--name",
                "app",
                "--input",
                "jars",
                "--main-jar",
                "app.jar",
                "--main-class",
                "org.example.Main",
                "--add-modules",
                "java.base,jdk.unsupported");
        command.addAll(List.of(options));
        assertThat(run("", command).exitCode()).isZero();
        return run("", List.of(folder.resolve("app/bin/app").toString()));
    }

    @Test
    void anApplicationImageThatHasJavaRuns() throws Exception {
        assumeThat(Thorough.IS_ON && Files.exists(Path.of(tool("jpackage")))).isTrue();
        assertThat(packaged("--jlink-options", "--strip-debug --no-man-pages --no-header-files"))
                .isEqualTo(new Outcome(0, "false\n[1, 3]\n[Trade[name=b, price=1.0]]\n", ""));
    }

    @Test
    void anApplicationImageWithoutJavaSaysWhatToDo() throws Exception {
        assumeThat(Thorough.IS_ON && Files.exists(Path.of(tool("jpackage")))).isTrue();
        assertThat(packaged().out())
                .startsWith("no pool can be opened: there is no " + folder.toRealPath())
                .contains("bin/java to start workers with")
                .contains("--jlink-options '--strip-debug --no-man-pages --no-header-files'");
    }
}
