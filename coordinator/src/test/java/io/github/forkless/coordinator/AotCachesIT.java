package io.github.forkless.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.github.forkless.coordinator.machine.ProgramClassPath;
import io.github.forkless.coordinator.result.InvalidRequestException;
import io.github.forkless.worker.WorkerMain;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Workers of a program start from an AOT cache, if they are told where to keep it. */
@Execution(ExecutionMode.SAME_THREAD)
class AotCachesIT {
    private static final PoolOptions ONE = PoolOptions.defaults().withProcs(1);

    @TempDir
    static Path folder;

    private static Path caches;

    /** What each of two at once has found. */
    private static List<List<String>> found;

    /** As to make one takes seconds, it is the only one. */
    @BeforeAll
    static void makeOne() {
        assumeThat(ProgramClassPath.file(WorkerMain.class).orElseThrow())
                .as("An AOT cache holds classes of jars, as there are in a whole build")
                .endsWith(".jar");
        caches = folder.resolve("of/programs");
        PoolOptions options = ONE.withAotCaches(caches);
        CompletableFuture<List<String>> other = CompletableFuture.supplyAsync(() -> cacheOfAWorker(options));
        found = List.of(cacheOfAWorker(options), other.join());
    }

    @AfterAll
    static void noWorkerIsLeft() {
        TestData.assertNoWorkerIsLeft();
    }

    /** The caches that a worker has mapped. */
    private static List<String> cacheOfAWorker(PoolOptions options) {
        try (var pool = WorkerPool.open(options)) {
            return pool.map(List.of("/proc/self/maps"), (_, maps) -> mappedCaches(Path.of(maps)))
                    .getFirst();
        }
    }

    private static List<String> mappedCaches(Path maps) {
        try (Stream<String> lines = Files.lines(maps)) {
            return lines.filter(line -> line.endsWith(".aot"))
                    .map(line -> line.substring(line.indexOf('/')))
                    .distinct()
                    .toList();
        } catch (IOException e) {
            return List.of(e.toString());
        }
    }

    private static Path onlyCache(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(".aot"))
                    .toList()
                    .getFirst();
        }
    }

    /** A copy, as to make one takes seconds. */
    private static Path copy(String name) throws IOException {
        Path cache = onlyCache(caches);
        Path copied = folder.resolve(name).resolve(cache.getParent().getFileName());
        Files.createDirectories(copied);
        return Files.copy(cache, copied.resolve(cache.getFileName()));
    }

    @Test
    void theNextPoolTakesTheOneThatIsThere() throws IOException {
        Path cache = onlyCache(caches);
        Object made = Files.getLastModifiedTime(cache);

        assertThat(cacheOfAWorker(ONE.withAotCaches(caches))).containsExactly(cache.toString());
        assertThat(Files.getLastModifiedTime(cache)).isEqualTo(made);
        try (Stream<Path> files = Files.list(cache.getParent())) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("worker.aot", "lock");
        }
    }

    @Test
    void whoWantsItWhileItIsMadeWaits() throws IOException {
        assertThat(found)
                .containsExactly(
                        List.of(onlyCache(caches).toString()),
                        List.of(onlyCache(caches).toString()));
    }

    @Test
    void anArchiveThatOptionsNameIsTheOnlyOne() {
        Path none = folder.resolve("none");

        assertThat(cacheOfAWorker(ONE.withAotCaches(none).withJvmOptions("-XX:AOTMode=off")))
                .isEmpty();
        assertThat(none).doesNotExist();
    }

    @Test
    void aCacheThatIsSpoiltIsLeftAloneWithoutAWord() throws IOException {
        Files.write(copy("spoilt"), new byte[5000]);
        var printed = new ByteArrayOutputStream();
        PoolOptions options = ONE.withAotCaches(folder.resolve("spoilt")).withWorkerOutput(new PrintStream(printed));

        assertThat(cacheOfAWorker(options)).isEmpty();
        assertThat(printed.toString()).isEmpty();
    }

    @Test
    void whatOthersCouldHaveWrittenIsRefused() throws IOException {
        List<Path> refused = new ArrayList<>();
        Path cache = copy("writable cache");
        Files.setPosixFilePermissions(cache, PosixFilePermissions.fromString("rw-rw-r--"));
        refused.add(cache);
        Path around = copy("writable folder").getParent();
        Files.setPosixFilePermissions(around, PosixFilePermissions.fromString("rwxrwxrwx"));
        refused.add(around);
        Path link = copy("link");
        Files.delete(link);
        Files.createSymbolicLink(link, cache);
        refused.add(link);

        for (Path each : refused) {
            Path ofUser = folder.resolve(folder.relativize(each).getName(0));
            assertThatExceptionOfType(InvalidRequestException.class)
                    .isThrownBy(() -> WorkerPool.open(ONE.withAotCaches(ofUser)))
                    .withMessageContaining(each.toString())
                    .withMessageContaining("remove it");
        }
    }

    @Test
    void aFolderThatCannotBeMadeIsNamed() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "no folder");

        assertThatExceptionOfType(InvalidRequestException.class)
                .isThrownBy(() -> WorkerPool.open(ONE.withAotCaches(file.resolve("below"))))
                .withMessageContaining(file.toString())
                .withMessageEndingWith("give PoolOptions.withAotCaches another folder, or do without");
    }
}
