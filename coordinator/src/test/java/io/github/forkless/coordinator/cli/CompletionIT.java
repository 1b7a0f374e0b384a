package io.github.forkless.coordinator.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Command lines that a shell completes, at a terminal, as somebody types them. */
class CompletionIT {
    private static final Path SCRIPT = Launcher.HOME.resolve("share/bash-completion/completions/coordinator");

    /** In the shell, {@code coordinator} prints what it is given, as a line between these. */
    private static final String BEGIN = "<<";

    private static final String END = ">>";

    @TempDir
    Path folder;

    enum Shell {
        BASH("bash --norc --noprofile -i", ""),
        ZSH(
                "zsh -f -i",
                "autoload -U compinit bashcompinit && compinit -u -D && bashcompinit && unsetopt"
                        + " zle_bracketed_paste; ");

        private final String command;
        private final String preparation;

        Shell(String command, String preparation) {
            this.command = command;
            this.preparation = preparation;
        }

        private boolean isThere() {
            String name = command.substring(0, command.indexOf(' '));
            return Stream.of(System.getenv("PATH").split(":"))
                    .anyMatch(each -> Files.isExecutable(Path.of(each, name)));
        }
    }

    @BeforeEach
    void makeFiles() throws IOException {
        for (String name : List.of("data.bin", "Mine.java", "with blank.bin", "run.html", "lib.jar")) {
            Files.createFile(folder.resolve(name));
        }
    }

    /** What the command is given where Tab is typed for {@code ~}. */
    private List<String> completed(Shell shell, List<String> lines) throws IOException, InterruptedException {
        Process terminal = new ProcessBuilder("script", "-qec", shell.command, "/dev/null")
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        try (Writer keys = terminal.outputWriter(StandardCharsets.UTF_8);
                var screen = new BufferedReader(new InputStreamReader(terminal.getInputStream()))) {
            keys.write("PS1='$ '; " + shell.preparation + "source '" + SCRIPT + "'; coordinator() { printf '" + BEGIN
                    + "'; printf '[%s]' \"$@\"; printf '" + END + "\\n'; }\n");
            for (String line : lines) {
                keys.write("coordinator " + line.replace('~', '\t') + "\n");
            }
            keys.write("exit\n");
            keys.flush();
            return screen.lines()
                    .filter(line -> line.contains(BEGIN + "["))
                    .map(line -> line.substring(line.indexOf(BEGIN) + BEGIN.length(), line.indexOf(END)))
                    .toList();
        } finally {
            terminal.destroy();
            terminal.waitFor();
        }
    }

    @ParameterizedTest
    @EnumSource
    void commandsOptionsValuesAndFilesAreCompleted(Shell shell) throws Exception {
        assumeThat(shell.isThere()).as("there is no " + shell).isTrue();

        assertThat(completed(
                        shell,
                        List.of(
                                "dat~",
                                "dae~",
                                "gen~",
                                "with~",
                                "--proc~2 da~",
                                "--job st~",
                                "--job=st~",
                                "--job Mi~",
                                "--numa mir~data.bin",
                                "run --pin cp~",
                                "--type float6~",
                                "--report ru~",
                                "--outp~da~",
                                "--class-path lib~",
                                "info da~",
                                "jobs histo~",
                                "lab iso~",
                                "generate --di~nor~")))
                .containsExactly(
                        "[data.bin]",
                        "[daemon]",
                        "[generate]",
                        "[with blank.bin]",
                        "[--procs][2][data.bin]",
                        "[--job][stats]",
                        "[--job=stats]",
                        "[--job][Mine.java]",
                        "[--numa][mirror][data.bin]",
                        "[run][--pin][cpu]",
                        "[--type][float64]",
                        "[--report][run.html]",
                        "[--output][data.bin]",
                        "[--class-path][lib.jar]",
                        "[info][data.bin]",
                        "[jobs][histogram]",
                        "[lab][isolation]",
                        "[generate][--dist][normal]");
    }

    @ParameterizedTest
    @EnumSource
    void aFileWhoseNameBeginsAsAWordDoesIsOfferedToo(Shell shell) throws Exception {
        assumeThat(shell.isThere()).as("there is no " + shell).isTrue();
        for (String name : List.of("gene data.bin", "topten.java")) {
            Files.createFile(folder.resolve(name));
        }

        // "gene" and "top" are as far as the names are the same: a second Tab would list both, and here the file is
        // told by more.
        assertThat(completed(
                        shell,
                        List.of(
                                "da~t~",
                                "gene~\\ ~",
                                "--job to~t~",
                                "--job=to~t~",
                                "jobs to~t~",
                                "--report=ru~",
                                "--journal=with~",
                                "--with prices=da~",
                                "daemon sto~")))
                .containsExactly(
                        "[data.bin]",
                        "[gene data.bin]",
                        "[--job][topten.java]",
                        "[--job=topten.java]",
                        "[jobs][topten.java]",
                        "[--report=run.html]",
                        "[--journal=with blank.bin]",
                        "[--with][prices=data.bin]",
                        "[daemon][stop]");
    }

    /** zsh offers files behind --procs too: a function cannot keep it from that. */
    @Test
    void bashOffersNothingWhereAValueIsNoFile() throws Exception {
        assertThat(completed(Shell.BASH, List.of("--journal=da~", "--procs da~", "--procs=da~", "--class-path=lib~")))
                .containsExactly("[--journal=data.bin]", "[--procs][da]", "[--procs=da]", "[--class-path=lib.jar]");
    }
}
