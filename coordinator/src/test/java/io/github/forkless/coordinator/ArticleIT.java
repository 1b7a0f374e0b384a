package io.github.forkless.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.forkless.testing.LongTest;
import io.github.forkless.testing.Patience;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The article's experiment as README shows it. */
class ArticleIT {
    private static final Path PROGRAM = Document.CHECKOUT.resolve("docs/examples/Article.java");
    private static final long NUMBERS = 128 << 20;
    private static final long DATA_KB = NUMBERS * Integer.BYTES >> 10;
    private static final Pattern LINE = Pattern.compile("^([12]): \\d+[.]\\d\\d s, (\\d+)$", Pattern.MULTILINE);

    private static final Pattern SHARED = Pattern.compile(
            "^\\S+ \\S+ \\S+ \\S+ \\S+ +\\S*[.]shared[.]\\S*$.*?^Rss: +(\\d+) kB$.*?^Pss: +(\\d+) kB$",
            Pattern.MULTILINE | Pattern.DOTALL);

    @TempDir
    Path folder;

    private Path printed;

    /** What a process has of the shared numbers, in kB. */
    private record Mapped(long rss, long pss) {}

    @BeforeEach
    void choosePlace() {
        printed = folder.resolve("printed");
    }

    @Test
    void theProgramIsShortAndAsReadmeShowsIt() throws IOException {
        String program = Files.readString(PROGRAM);

        assertThat(program.lines()).hasSizeLessThan(25);
        assertThat(Files.readString(Document.CHECKOUT.resolve("README.md"))).contains("```java\n" + program + "```");
    }

    @LongTest
    @Test
    void bothWorkersReadOneCopyAndFindTheSameAsOneDoes() throws Exception {
        Process program = start();
        try {
            List<Mapped> workers = new ArrayList<>();
            boolean isSeen = Patience.awaits(Duration.ofMinutes(1), () -> {
                assertThat(program.isAlive()).as("%s", printed()).isTrue();
                workers.clear();
                workers.addAll(mapped(program));
                return workers.size() == 2 && workers.stream().allMatch(worker -> worker.rss == DATA_KB);
            });
            assertThat(isSeen).as("two workers have all numbers: %s", workers).isTrue();
            assertThat(workers.stream().mapToLong(Mapped::pss).sum())
                    .as("kB of memory that they have together")
                    .isBetween(DATA_KB * 9 / 10, DATA_KB * 11 / 10);

            assertThat(program.waitFor()).as("%s", printed()).isZero();
        } finally {
            program.destroyForcibly().waitFor();
        }
        List<MatchResult> lines = LINE.matcher(printed()).results().toList();
        assertThat(lines).extracting(line -> line.group(1)).containsExactly("1", "2");
        assertThat(lines).extracting(line -> line.group(2)).containsOnly(Long.toString(sumOfTheLastJob()));
        Marked.assertNoneIsLeft(program.pid(), Duration.ofSeconds(2));
    }

    private Process start() throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String jars = Path.of(System.getProperty("forkless.home"), "lib") + File.separator + "*";
        return new ProcessBuilder(java, "--class-path", jars, PROGRAM.toString())
                .redirectErrorStream(true)
                .redirectOutput(Redirect.to(printed.toFile()))
                .start();
    }

    private String printed() {
        try {
            return Files.readString(printed);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Mapped> mapped(Process program) {
        List<Mapped> mapped = new ArrayList<>();
        for (ProcessHandle child : program.children().toList()) {
            try {
                String mappings = Files.readString(Path.of("/proc", Long.toString(child.pid()), "smaps"));
                SHARED.matcher(mappings)
                        .results()
                        .map(found -> new Mapped(Long.parseLong(found.group(1)), Long.parseLong(found.group(2))))
                        .forEach(mapped::add);
            } catch (IOException e) {
                // It has ended.
            }
        }
        return mapped;
    }

    private static long sumOfTheLastJob() {
        long sum = 0;
        for (long i = 0; i < NUMBERS; i++) {
            sum += (int) (i * 31) ^ 99;
        }
        return sum;
    }
}
