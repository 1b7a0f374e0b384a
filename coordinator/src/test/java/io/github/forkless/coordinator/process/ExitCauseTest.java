package io.github.forkless.coordinator.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExitCauseTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        0   | exited with code 0, but without its answer
        1   | exited with code 1
        3   | exited with code 3
        134 | killed by SIGABRT
        137 | killed by SIGKILL from outside
        139 | killed by SIGSEGV
        143 | killed by SIGTERM
        193 | killed by signal 65
        """)
    void exitValuesInWords(int exitValue, String cause) {
        assertThat(cause(exitValue, List.of(), Optional.empty(), 0)).isEqualTo(cause);
    }

    @Test
    void heapExhausted() {
        List<String> lastWords = List.of("hello", "Terminating due to java.lang.OutOfMemoryError: Java heap space");

        assertThat(cause(3, lastWords, Optional.empty(), 0)).startsWith("ran out of memory (Java heap space)");
        assertThat(cause(4, lastWords, Optional.empty(), 0)).isEqualTo("exited with code 4");
    }

    @Test
    void killedWhileTheKernelKilledForWantOfMemory() {
        assertThat(cause(137, List.of(), Optional.empty(), 1))
                .isEqualTo("killed by SIGKILL, probably by the kernel's out-of-memory killer");
        assertThat(cause(143, List.of(), Optional.empty(), 1)).isEqualTo("killed by SIGTERM");
    }

    @Test
    void crashesTellTheirSignalAndWhere() throws IOException {
        Path log = Files.writeString(folder.resolve("hs_err.log"), """
            #
            # A fatal error has been detected by the Java Runtime Environment:
            #
            #  SIGSEGV (0xb) at pc=0x00007f2f3a, pid=4711, tid=4712
            #
            # JRE version: OpenJDK Runtime Environment
            # Problematic frame:
            # C  [libc.so.6+0x9f0a0]   strlen+0x10
            #
            """);

        assertThat(cause(134, List.of(), Optional.of(log), 0))
                .isEqualTo("killed by SIGSEGV in C [libc.so.6+0x9f0a0] strlen+0x10; its crash log is " + log);
    }

    @Test
    void crashesForWantOfNativeMemory() throws IOException {
        Path log = Files.writeString(folder.resolve("hs_err.log"), """
            #
            # There is insufficient memory for the Java Runtime Environment to continue.
            # Native memory allocation (mmap) failed to map 65536 bytes.
            """);

        assertThat(cause(1, List.of(), Optional.of(log), 0))
                .isEqualTo("got no more memory from the system; its crash log is " + log);
    }

    @Test
    void aCrashLogThatSaysNothingIsStillNamed() throws IOException {
        Path log = Files.writeString(folder.resolve("hs_err.log"), "");

        assertThat(cause(134, List.of(), Optional.of(log), 0)).isEqualTo("killed by SIGABRT; its crash log is " + log);
    }

    private static String cause(int exitValue, List<String> lastWords, Optional<Path> crashLog, long oomKills) {
        return ExitCause.of(exitValue, lastWords, crashLog, oomKills);
    }
}
