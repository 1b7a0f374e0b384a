package io.github.forkless.coordinator.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.github.forkless.common.dataset.ElementType;
import io.github.forkless.coordinator.cli.Launcher.Outcome;
import io.github.forkless.coordinator.info.PageCache;
import io.github.forkless.testing.LongTest;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code --huge-pages}, with what the kernel says of the workers' mappings. */
class HugePagesIT {
    private static final int BYTES = 32 << 20;

    /** Of a file of so many bytes, and a few more. */
    private static final int ELEMENTS = BYTES / Integer.BYTES + 3;

    private static final String[] SUM = {"--procs", "1", "--job", "sum", "--json", "data.bin"};

    @TempDir
    private Path folder;

    private byte[] data;
    private Launcher coordinator;

    @BeforeEach
    void makeData() {
        assumeThat(Path.of("/sys/kernel/mm/transparent_hugepage")).exists();
        data = TestData.random(ElementType.INT32, ELEMENTS, 5);
        coordinator = new Launcher(folder);
    }

    private static Object answer(String json) {
        return ParsedJson.object(json).get("result");
    }

    private static long hugeBytes(String json) {
        Map<String, Object> run = ParsedJson.map(ParsedJson.object(json).get("run"));
        return ParsedJson.maps(run.get("workers")).stream()
                .mapToLong(worker -> ParsedJson.integer(worker.get("dataHugeBytes")))
                .sum();
    }

    private Outcome run(String... more) {
        return coordinator.run(Stream.of(SUM, more).flatMap(Stream::of).toArray(String[]::new));
    }

    /** As programs write that know nothing of huge pages. */
    private void writeInSmallPieces(Path file) throws Exception {
        try (OutputStream out = Files.newOutputStream(file)) {
            for (int at = 0; at < data.length; at += 4096) {
                out.write(data, at, Math.min(4096, data.length - at));
            }
        }
    }

    @LongTest
    @Test
    void whatIsInMemoryInSmallPagesIsHugeInThisRunAndInLaterOnes(@TempDir Path elsewhere) throws Exception {
        Files.write(elsewhere.resolve("data.bin"), data);
        String sum = "\"$0\" " + String.join(" ", SUM);

        Outcome outcome = TinyDisk.run(
                coordinator,
                "size=64m,huge=advise",
                "cp " + elsewhere.resolve("data.bin") + " . && " + sum + " && " + sum + " --huge-pages && " + sum);

        assertThat(outcome.exit()).as(outcome.stderr()).isZero();
        assertThat(outcome.stderr()).as("all of it is").isEmpty();
        List<String> runs = List.of(outcome.stdout().split("\n"));
        assertThat(runs).hasSize(3);
        assertThat(runs.stream().map(HugePagesIT::answer)).containsOnly(answer(runs.getFirst()));
        assertThat(runs.stream().map(HugePagesIT::hugeBytes)).containsExactly(0L, (long) BYTES, (long) BYTES);
    }

    @LongTest
    @Test
    void whereWorkersCannotMapWhatIsHugeItIsSaid() {
        Outcome outcome = TinyDisk.run(
                coordinator,
                "size=64m,huge=never",
                "\"$0\" generate --count 9M --type int8 data.bin && \"$0\" --huge-pages --type int8 --job count"
                        + " data.bin && rm data.bin && \"$0\" --generate 12M --type int8 --huge-pages --job count"
                        + " data.bin");

        assertThat(outcome.exit()).as(outcome.stderr()).isZero();
        assertThat(outcome.stdout()).isEqualTo("9437184\n12582912\n");
        assertThat(outcome.stderr().lines().filter(line -> line.startsWith("[huge-pages] ")))
                .singleElement()
                .asString()
                .contains("workers may not map ", "'mount -o remount,huge=advise'");
    }

    @LongTest
    @Test
    void whatIsOnTheDiskIsReadInAsHugePages() throws Exception {
        Path file = folder.resolve("data.bin");
        writeInSmallPieces(file);
        Object answer = answer(run().answer());
        assumeThat(Files.getFileStore(file).type()).as("has large pages").isIn("ext4", "xfs");
        dropFromMemory(file);
        assumeThat(PageCache.residentBytes(file)).as("in memory").hasValue(0);

        Outcome outcome = run("--huge-pages");

        assertThat(outcome.exit()).as(outcome.stderr()).isZero();
        assertThat(answer(outcome.stdout())).isEqualTo(answer);
        assumeThat(outcome.stderr())
                .as("a kernel that has none for this file system")
                .doesNotContain("has none");
        assertThat(hugeBytes(outcome.stdout())).isGreaterThan(BYTES * 9L / 10);
    }

    private static void dropFromMemory(Path file) throws Exception {
        var dd = new ProcessBuilder("dd", "of=" + file, "oflag=nocache", "conv=notrunc,fdatasync", "count=0")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(dd.waitFor()).isZero();
    }

    /** Kernels differ in whether they can. */
    @LongTest
    @Test
    void whatCannotBeMadeHugeIsSaidOnce() throws Exception {
        writeInSmallPieces(folder.resolve("data.bin"));
        Object answer = answer(run().answer());

        Outcome outcome = run("--huge-pages");

        assertThat(outcome.exit()).as(outcome.stderr()).isZero();
        assertThat(answer(outcome.stdout())).isEqualTo(answer);
        if (hugeBytes(outcome.stdout()) < BYTES) {
            assertThat(outcome.stderr())
                    .matches("\\[huge-pages] \\d.* of /.*/data.bin \\(.* MiB\\) are not in huge pages: .+\n");
        } else {
            assertThat(outcome.stderr()).isEmpty();
        }
    }

    @Test
    void aFileThatIsSmallerThanAHugePageIsLeftAsItIs() throws Exception {
        Files.write(folder.resolve("data.bin"), TestData.int32(1, 2, 3));

        Outcome outcome = coordinator.run("--huge-pages", "--job", "sum", "data.bin");

        assertThat(outcome)
                .isEqualTo(new Outcome(
                        0,
                        "6\n",
                        "[huge-pages] " + folder.toRealPath().resolve("data.bin")
                                + " is left as it is: it is smaller than one of them, 2 MiB\n"));
    }

    @LongTest
    @Test
    void itGoesWithSpreadingAndCopying() throws Exception {
        writeInSmallPieces(folder.resolve("data.bin"));
        Object answer = answer(run().answer());

        for (String numa : List.of("interleave", "mirror")) {
            Outcome outcome = run("--huge-pages", "--numa", numa);

            assertThat(outcome.exit()).as(outcome.stderr()).isZero();
            assertThat(answer(outcome.stdout())).as(numa).isEqualTo(answer);
        }
    }

    @Test
    void itDoesNotGoWithWhatLiesWhereItWasRead() {
        assertThat(coordinator
                        .run("--huge-pages", "--numa", "local", "data.bin")
                        .error(2))
                .isEqualTo(
                        "--huge-pages reads data into the memory of one node, and --numa local gives workers what lies"
                                + " on theirs; use --numa interleave or --numa mirror");
    }
}
