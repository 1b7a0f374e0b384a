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
    private static final Path OURS = Path.of("src/test/java/io/github/forkless/coordinator");

    /** The name of a test, and where it is, if it says so. */
    private static final Pattern TEST = Pattern.compile("`([\\w/]+(?:Test|IT))`(?:\\]\\(([^)]+)\\))?");

    @Test
    void everyTestThatItNamesIsThere() throws IOException {
        List<Path> tests = TEST.matcher(Files.readString(PAGE))
                .results()
                .map(named -> named.group(2) == null
                        ? OURS.resolve(named.group(1) + ".java")
                        : PAGE.resolveSibling(named.group(2)))
                .toList();

        assertThat(tests)
                .hasSizeGreaterThan(20)
                .allSatisfy(test -> assertThat(test).isRegularFile());
    }
}
