package io.github.forkless.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.github.forkless.common.dataset.Block;
import io.github.forkless.common.dataset.Slice;
import io.github.forkless.common.job.Job;
import io.github.forkless.common.job.Parameter;
import io.github.forkless.common.wire.ContentFile;
import io.github.forkless.common.wire.Message;
import io.github.forkless.coordinator.result.RunFailedException;
import io.github.forkless.testing.LongTest;
import io.github.forkless.testing.Patience;
import io.github.forkless.worker.Chaos;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Partials that go through files, and results that do not. */
@Execution(ExecutionMode.SAME_THREAD)
class LargeAnswersIT {
    private static final int BYTES = ContentFile.LEAST_BYTES + (1 << 20);
    private static final int ELEMENTS = 1_000;
    private static final int TASKS = 3;

    @TempDir
    private Path folder;

    private Path data;
    /** What is shared with workers lies there. */
    private Path shared;

    @BeforeEach
    void makeData() throws IOException {
        data = TestData.ints(folder.resolve("data.bin"), ELEMENTS, i -> i);
        shared = Files.createDirectory(folder.resolve("shared"));
    }

    @AfterEach
    void nothingIsLeft() throws Exception {
        assertThat(Patience.awaits(Duration.ofSeconds(2), () -> shared.toFile().list().length == 0))
                .as("what is shared is gone")
                .isTrue();
        TestData.assertNoWorkerIsLeft();
    }

    /**
     * Counts how often each element was seen. Its result is of how many that was once, and whether any partial was in a file then.
     *
     * @param bytes of a partial
     * @param waits a file that is made at a merge, which then goes on for ever; empty for none
     */
    record Seen(
            String folder,
            int bytes,
            @Parameter(defaultValue = "") String waits) implements Job<byte[], List<Object>> {
        @Override
        public byte[] start() {
            return new byte[bytes];
        }

        @Override
        public byte[] accept(byte[] seen, Block block) {
            for (long i = 0; i < block.count(); i++) {
                seen[block.intAt(i)]++;
                seen[bytes - 1 - block.intAt(i)]++;
            }
            return seen;
        }

        @Override
        public byte[] merge(byte[] left, byte[] right) {
            if (!waits.isEmpty()) {
                TestData.give(Path.of(waits));
                TestData.await(Path.of(waits + ".never"));
            }
            for (int i = 0; i < ELEMENTS; i++) {
                left[i] += right[i];
                left[bytes - 1 - i] += right[bytes - 1 - i];
            }
            return left;
        }

        @Override
        public List<Object> finish(byte[] seen) {
            long once = 0;
            for (byte times : seen) {
                once += times == 1 ? 1 : 0;
            }
            return List.of(once, !files(Path.of(folder)).isEmpty());
        }
    }

    /** Of answers. */
    private static List<String> files(Path shared) {
        String[] folders = shared.toFile().list();
        return Stream.of(folders == null ? new String[0] : folders)
                .map(it -> shared.resolve(it).toFile().list())
                .filter(Objects::nonNull) // it has gone since
                .flatMap(Stream::of)
                .toList();
    }

    private void assertNoFileIsLeft() throws InterruptedException {
        assertThat(Patience.awaits(Duration.ofSeconds(2), () -> files(shared).isEmpty()))
                .as("files of answers are gone: " + files(shared))
                .isTrue();
    }

    private PoolOptions options() {
        return options(shared);
    }

    private static PoolOptions options(Path shared) {
        return PoolOptions.defaults()
                .withProcs(2)
                .withSharedFolder(shared)
                .withRunOptions(RunOptions.defaults().withTasks(TASKS));
    }

    private Seen seen(int bytes) {
        return new Seen(shared.toString(), bytes, "");
    }

    private static List<Object> all(boolean inFiles) {
        return List.of(2L * ELEMENTS, inFiles);
    }

    @LongTest
    @ParameterizedTest
    @CsvSource({"0, true, shared", "-1, false, shared", "0, false, none"})
    void partialsOfThatSizeAreInFilesIfTheyCanBe(int more, boolean isInFile, String where) throws Exception {
        Path parent = folder.resolve(where);
        try (var pool = WorkerPool.open(data, options(parent))) {
            // The tags of the array and its length are five bytes.
            var job = new Seen(shared.toString(), ContentFile.LEAST_BYTES - 5 + more, "");

            assertThat(pool.run(job)).isEqualTo(all(isInFile));
            assertNoFileIsLeft();
        }
    }

    @ParameterizedTest
    @EnumSource
    void largeResultsComeBackAsSmallOnesDo(EngineKind engine) throws Exception {
        try (var pool = WorkerPool.open(options().withEngine(engine))) {
            List<byte[]> results = pool.map(List.of(0, BYTES, 1), n -> {
                byte[] result = new byte[n];
                if (n > 0) {
                    result[n - 1] = 7;
                }
                return result;
            });

            assertThat(results).extracting(result -> result.length).containsExactly(0, BYTES, 1);
            assertThat(results.get(1)[BYTES - 1]).isEqualTo((byte) 7);
            assertNoFileIsLeft();
        }
    }

    @LongTest
    @Test
    void aJournalHasWhatWasInFiles() throws Exception {
        RunOptions journaled =
                RunOptions.defaults().withTasks(TASKS).withRetries(0).withJournal(folder.resolve("journal"));
        String waits = folder.resolve("merging").toString();
        try (var pool = WorkerPool.open(data, options().withRunOptions(journaled))) {
            CompletableFuture<?> run = pool.submit(new Waiting(waits, BYTES));
            TestData.await(Path.of(waits));
            run.cancel(true);
            assertNoFileIsLeft();
        }
        TestData.give(Path.of(waits + ".on"));
        try (var pool = WorkerPool.open(data, options().withRunOptions(journaled))) {
            assertThat(pool.run(new Waiting(waits, BYTES))).isEqualTo(2L * ELEMENTS);
            assertNoFileIsLeft();
        }
    }

    /** Some of them when they have written a file and have not told of it. */
    @LongTest
    @Test
    void workersThatAreKilledLeaveNoFile() throws Exception {
        var chatter = new ByteArrayOutputStream();
        var options = options()
                .withRunOptions(RunOptions.defaults().withTasks(6).withRetries(20))
                .withChaos(Chaos.parse("seed=118,kill=0.4,garbage=0.1"))
                .withWorkerOutput(new PrintStream(chatter, true, StandardCharsets.UTF_8));
        try (var pool = WorkerPool.open(data, options)) {
            assertThat(pool.run(seen(BYTES))).first().isEqualTo(2L * ELEMENTS);
            assertNoFileIsLeft();
        }
        assertThat(chatter.toString(StandardCharsets.UTF_8))
                .contains("SIGKILL in the work")
                .contains("SIGKILL within the answer")
                .contains("garbage in the answer");
    }

    @LongTest
    @Test
    void aRunThatIsCancelledLeavesNoFile() throws Exception {
        Path merging = folder.resolve("merging");
        try (var pool = WorkerPool.open(data, options())) {
            CompletableFuture<?> run = pool.submit(new Seen(shared.toString(), BYTES, merging.toString()));
            TestData.await(merging);
            assertThat(files(shared)).isNotEmpty();

            run.cancel(true);

            assertNoFileIsLeft();
            assertThat(pool.run(seen(BYTES))).isEqualTo(all(true));
        }
    }

    @LongTest
    @Test
    void aPoolThatIsClosedMeanwhileLeavesNoFile() {
        Path merging = folder.resolve("merging");
        var pool = WorkerPool.open(data, options());
        CompletableFuture<?> run = pool.submit(new Seen(shared.toString(), BYTES, merging.toString()));
        TestData.await(merging);

        pool.close();

        assertThatExceptionOfType(CompletionException.class).isThrownBy(run::join);
    }

    /** A worker that has gone bad has written a file, and does something to it. */
    enum Fraud {
        SHORT("has 3 bytes, and should have "),
        CHANGED("has a wrong checksum"),
        GONE("is not there"),
        LINK("is no regular file of this user"),
        FOREIGN("and belongs into "),
        RESULT("a result is said to be in ");

        private final String words;

        Fraud(String words) {
            this.words = words;
        }

        /** @param file of an answer that is told next */
        void commit(Path file) throws IOException {
            switch (this) {
                case SHORT -> Files.write(file, new byte[3]);
                case CHANGED -> Files.write(file, new byte[Math.toIntExact(Files.size(file))]);
                case GONE -> Files.delete(file);
                case LINK -> {
                    Path target = file.getParent().resolveSibling("secret");
                    Files.move(file, target, StandardCopyOption.REPLACE_EXISTING);
                    Files.createSymbolicLink(file, target);
                }
                case FOREIGN, RESULT -> {}
            }
        }
    }

    /** Counts elements; who removes the file {@code once} gives a forged answer to the first of two tasks. */
    record Forging(Fraud fraud, String once, String shared) implements Job<Long, Long> {
        @Override
        public Long start() {
            return 0L;
        }

        @Override
        public Long accept(Long count, Block block) {
            if (block.start() == 0 && Path.of(once).toFile().delete()) {
                forge(new Slice(0, block.count()));
            }
            return count + block.count();
        }

        private void forge(Slice slice) {
            var task = new Message.Assignment(1, 0, 1, 0, 1, slice, fraud == Fraud.RESULT);
            try { // its first answer was to the job
                ForgedAnswer.sendInFile(task, Path.of(shared), fraud == Fraud.FOREIGN ? 3 : 2, fraud::commit);
                Thread.sleep(Duration.ofDays(1)); // until it is killed
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public Long merge(Long left, Long right) {
            return left + right;
        }

        @Override
        public Long finish(Long count) {
            return count;
        }
    }

    @LongTest
    @ParameterizedTest
    @EnumSource
    void aWorkerIsNotBelievedWhatIsInAFile(Fraud fraud) throws IOException {
        Path once = folder.resolve("once");
        var job = new Forging(fraud, once.toString(), shared.toString());
        for (int retries = 0; retries < 2; retries++) {
            Files.createFile(once);
            var run = RunOptions.defaults().withTasks(2).withRetries(retries);
            try (var pool = WorkerPool.open(data, options().withProcs(1).withRunOptions(run))) {
                if (retries == 0) {
                    assertThatExceptionOfType(RunFailedException.class)
                            .isThrownBy(() -> pool.run(job))
                            .withMessageContaining("broke the protocol: ")
                            .withMessageContaining(fraud.words);
                } else {
                    assertThat(pool.run(job)).isEqualTo(ELEMENTS);
                }
            }
            assertThat(Files.deleteIfExists(shared.resolve("secret")))
                    .as("what a link leads to stays")
                    .isEqualTo(fraud == Fraud.LINK);
        }
    }

    /** Has partials that are more than its heap, or waits at a merge. */
    static final class Host {
        public static void main(String[] args) {
            Path shared = Path.of(args[1]);
            try (var pool = WorkerPool.open(Path.of(args[0]), Runs.with(options(shared), run -> run.withTasks(6)))) {
                System.out.println(pool.run(new Seen(args[1], BYTES, args[2])));
            }
        }
    }

    private Process host(List<String> starter, String waits, String... options) throws IOException {
        List<String> command = new ArrayList<>(starter);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(options));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Host.class.getName()));
        command.addAll(List.of(data.toString(), shared.toString(), waits));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private static String answer(Process host) throws IOException, InterruptedException {
        try (var out = host.inputReader()) {
            String answer = out.readLine();
            assertThat(host.waitFor()).isZero();
            return answer;
        }
    }

    @LongTest
    @Test
    void partialsThatAreMoreThanTheHeapOfTheCoordinatorAreMerged() throws Exception {
        assertThat(answer(host(List.of(), "", "-Xmx40m"))).isEqualTo(all(true).toString());
    }

    @LongTest
    @Test
    void aProgramThatIsKilledLeavesNoFile() throws Exception {
        Path merging = folder.resolve("merging");
        Process host = host(List.of(), merging.toString());
        TestData.await(merging);
        assertThat(files(shared)).isNotEmpty();

        host.destroyForcibly().waitFor();
        // and nothingIsLeft, soon
    }

    /** In a mount namespace of its own. There is room for one partial. */
    @LongTest
    @Test
    void whatAFullDiskDoesNotTakeGoesThroughThePipe() throws Exception {
        assumeThat(System.getProperty("java.home") + ":" + System.getProperty("java.class.path"))
                .as("what a JVM needs is below the folder, where it could not be found")
                .doesNotContain(shared.toString());
        boolean isRoot = Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
        String mount = "mount -t tmpfs -o size=" + (BYTES + (1 << 20)) + " tmpfs " + shared + " && exec \"$0\" \"$@\"";

        assertThat(answer(host(List.of("unshare", isRoot ? "-m" : "-rm", "sh", "-c", mount), "")))
                .startsWith("[" + 2 * ELEMENTS + ", ");
    }
}
