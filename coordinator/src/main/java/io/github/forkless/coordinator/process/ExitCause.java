package io.github.forkless.coordinator.process;

import io.github.forkless.worker.Chaos;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds out why a worker ended, as far as that can be told from what it left behind. */
final class ExitCause {
    /** The JVM's answer to {@code -XX:+ExitOnOutOfMemoryError}. */
    private static final int OUT_OF_MEMORY = 3;

    private static final int SIGKILLED = 137;

    /** What the JVM prints then. */
    private static final Pattern TERMINATING =
            Pattern.compile("Terminating due to java\\.lang\\.OutOfMemoryError: (.*)");

    /** A crash log says what happened at its top. */
    private static final int CRASH_LOG_LINES = 24;

    private static final int CRASH_LOG_BYTES = 16 << 10;

    private static final Pattern CRASH_SIGNAL = Pattern.compile("#  (SIG[A-Z]+|Internal Error) \\(.*");
    private static final String NO_MEMORY = "# There is insufficient memory for the Java Runtime Environment";
    private static final String FRAME = "# Problematic frame:";

    /**
     * Why it ended, as the end of a sentence.
     *
     * @param exitValue as {@link Process#exitValue()} has it
     * @param lastWords the last lines of what it printed
     * @param oomKills how often the kernel's OOM killer struck while it lived
     */
    static String of(int exitValue, List<String> lastWords, Optional<Path> crashLog, long oomKills) {
        if (crashLog.isPresent()) {
            return crash(crashLog.get()).orElse(ExitStatus.describe(exitValue)) + "; its crash log is "
                    + crashLog.get();
        }
        if (exitValue == OUT_OF_MEMORY) {
            for (String line : lastWords.reversed()) {
                Matcher terminating = TERMINATING.matcher(line);
                if (terminating.find()) {
                    return "ran out of memory (" + terminating.group(1) + "); raise the workers' memory";
                }
            }
        }
        if (exitValue == SIGKILLED) {
            if (!lastWords.isEmpty() && lastWords.getLast().startsWith(Chaos.LAST_WORDS)) {
                return ExitStatus.describe(exitValue) + ", by chaos";
            }
            return ExitStatus.describe(exitValue)
                    + (oomKills > 0 ? ", probably by the kernel's out-of-memory killer" : " from outside");
        }
        return ExitStatus.describe(exitValue);
    }

    private static Optional<String> crash(Path log) {
        List<String> lines;
        try (InputStream bytes = Files.newInputStream(log)) {
            lines = new String(bytes.readNBytes(CRASH_LOG_BYTES), StandardCharsets.ISO_8859_1)
                    .lines()
                    .limit(CRASH_LOG_LINES)
                    .toList();
        } catch (IOException e) {
            return Optional.empty();
        }
        for (String line : lines) {
            Matcher signal = CRASH_SIGNAL.matcher(line);
            if (signal.matches()) {
                int frame = lines.indexOf(FRAME) + 1;
                String where = frame > 0 && frame < lines.size()
                        ? " in " + lines.get(frame).substring(1).strip().replaceAll("\\s+", " ")
                        : "";
                return Optional.of("killed by " + signal.group(1) + where);
            }
            if (line.startsWith(NO_MEMORY)) {
                return Optional.of("got no more memory from the system");
            }
        }
        return Optional.empty();
    }

    private ExitCause() {}
}
