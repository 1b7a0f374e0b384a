package io.github.forkless;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** docs/reliability.md names the tests that show each promise. */
class ReliabilityPageTest {
    private static final Path PAGE = Path.of("../docs/reliability.md");
    private static final Pattern TEST = Pattern.compile("`(?:(common|worker)/)?([\\w/]+(?:Test|IT))`");

    @Test
    void everyTestThatItNamesIsThere() throws IOException {
        List<Path> tests = TEST.matcher(Files.readString(PAGE))
                .results()
                .map(named -> file(named.group(1) == null ? "coordinator" : named.group(1), named.group(2)))
                .toList();

        assertThat(tests)
                .hasSizeGreaterThan(20)
                .allSatisfy(test -> assertThat(test).isRegularFile());
    }

    private static Path file(String module, String name) {
        return Path.of("..", module, "src/test/java/io/github/forkless", module, name + ".java");
    }
}
