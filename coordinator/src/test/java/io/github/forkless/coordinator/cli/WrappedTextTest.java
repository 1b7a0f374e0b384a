package io.github.forkless.coordinator.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WrappedTextTest {
    private static final String OPTION = "      --spark-conf=KEY=VALUE a setting";
    private static final String BESIDE =
            "      --conf=KEY=VALUE       a setting of Spark's own, such as spark.executor.memory=8g (default:"
                    + " Spark's)";

    @Test
    void breaksAtSpacesAlone() {
        assertThat(WrappedText.of(BESIDE, 80).lines())
                .containsExactly(
                        "      --conf=KEY=VALUE       a setting of Spark's own, such as",
                        " ".repeat(31) + "spark.executor.memory=8g (default: Spark's)");
    }

    @Test
    void putsTextBelowANameWhereThereIsNoRoomBesideIt() {
        assertThat(WrappedText.of(BESIDE, 40).lines())
                .containsExactly(
                        "      --conf=KEY=VALUE",
                        "          a setting of Spark's own, such",
                        "          as spark.executor.memory=8g",
                        "          (default: Spark's)");
    }

    @Test
    void putsTextThatIsBelowANameAlreadyWhereThereIsRoom() {
        String text = " ".repeat(29) + "folders and jars in which workers find the job's classes";
        assertThat(WrappedText.of(text, 80))
                .isEqualTo(" ".repeat(29) + "folders and jars in which workers find the job's\n" + " ".repeat(31)
                        + "classes");
        assertThat(WrappedText.of(text, 40))
                .isEqualTo(" ".repeat(10) + "folders and jars in which\n" + " ".repeat(10)
                        + "workers find the job's classes");
    }

    @Test
    void breaksAWordThatIsLongerThanALine() {
        assertThat(WrappedText.of("see " + "x".repeat(45), 20)).isEqualTo("""
            see
            xxxxxxxxxxxxxxxxxxxx
            xxxxxxxxxxxxxxxxxxxx
            xxxxx\
            """);
    }

    @Test
    void anOptionMayHaveOneSpaceBehindIt() {
        assertThat(WrappedText.of(OPTION + " of Spark's own, for it", 60).lines())
                .containsExactly(OPTION + " of Spark's own, for", " ".repeat(31) + "it");
    }

    @Test
    void indentsWhatBelongsToALine() {
        assertThat(WrappedText.of("  bins (int, default 10): how many", 25))
                .isEqualTo("  bins (int, default 10):\n    how many");
    }

    @Test
    void keepsWhatFits() {
        assertThat(WrappedText.of(OPTION + "\n\nOutput:", 80)).isEqualTo(OPTION + "\n\nOutput:");
    }

    @Test
    void coloursTakeNoRoom() {
        String red = "\u001b[31m";
        String end = "\u001b[39m\u001b[0m";
        assertThat(WrappedText.of(red + "0123456789" + end + " 012345678", 20))
                .isEqualTo(red + "0123456789" + end + " 012345678");
        assertThat(WrappedText.of(red + "0123456789".repeat(3) + end, 20))
                .isEqualTo(red + "0123456789".repeat(2) + "\n0123456789" + end);
    }

    @Test
    void aColouredSpaceIsIndentation() {
        String end = "\u001b[39m\u001b[0m";
        String label = "     \u001b[33mDATA" + end + "...";
        assertThat(WrappedText.of("\u001b[33m " + end + label + "    the dataset: a file or several", 45)
                        .lines())
                .containsExactly(" " + label + "    the dataset: a file or", " ".repeat(19) + "several");
    }

    @Test
    void noLineIsWiderThanTheTerminal() {
        IntStream.rangeClosed(20, 130)
                .forEach(columns -> assertThat(WrappedText.of(BESIDE, columns).lines())
                        .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(columns)));
    }
}
