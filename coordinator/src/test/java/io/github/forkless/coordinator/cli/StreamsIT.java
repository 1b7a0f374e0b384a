package io.github.forkless.coordinator.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.forkless.coordinator.cli.Launcher.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The answer, and nothing else, goes to stdout. */
class StreamsIT {
    private static final Pattern CHATTER = Pattern.compile("\\[worker (\\d+), pid (\\d+)] (.*)");

    @TempDir
    private Path folder;

    private Launcher coordinator;

    @BeforeEach
    void writeData() throws Exception {
        coordinator = new Launcher(folder);
        Files.write(folder.resolve("data.bin"), TestData.int32(1, 2, 3, 4));
    }

    @Test
    void whatAWorkerPrintsGoesToStderrUnderItsName() {
        Outcome outcome = runChatty(0);

        assertThat(outcome.stdout()).isEqualTo("4\n");
        assertThat(chatter(outcome))
                .contains("to System.out", "to System.err", "System.in has -1", "from a child", "an unfinished line");
    }

    @Test
    void aMebibyteOfPrintsBlocksNobody() {
        int lines = 12_000;

        Outcome outcome = runChatty(lines);

        assertThat(outcome.stdout()).isEqualTo("4\n");
        assertThat(outcome.stderr().length()).isGreaterThan(1 << 20);
        assertThat(chatter(outcome).stream().filter(line -> line.startsWith("line ")))
                .containsExactlyElementsOf(IntStream.range(0, lines)
                        .mapToObj(i -> "line " + i + " " + "x".repeat(80))
                        .toList());
    }

    @Test
    void anAnswerThatCannotBeWrittenIsAFailure() {
        Outcome outcome = coordinator
                .by("sh", "-c", "exec \"$0\" \"$@\" >/dev/full", Launcher.SCRIPT.toString())
                .run("data.bin");

        assertThat(outcome.error(1)).isEqualTo("the answer could not be written to stdout");
    }

    private Outcome runChatty(int lines) {
        Outcome outcome =
                coordinator.run("--job", TestJobs.path("Chatty.java"), "--param", "lines=" + lines, "data.bin");
        assertThat(outcome.exit()).as(outcome.stderr()).isZero();
        return outcome;
    }

    private static List<String> chatter(Outcome outcome) {
        return outcome.stderr()
                .lines()
                .map(line -> {
                    var named = CHATTER.matcher(line);
                    assertThat(named.matches()).as(line).isTrue();
                    return named.group(3);
                })
                .toList();
    }
}
