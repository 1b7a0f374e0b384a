package io.github.forkless.common.dataset;

import java.nio.file.Path;

/** A file's name as a word of a shell command that an error proposes. */
public final class ShellWord {
    private static final String PLAIN = "[\\p{L}\\p{N}_@%+=:,./-][\\p{L}\\p{N}_@%+=:,./#-]*";

    /** In quotes where a shell would not take it as it is. */
    public static String of(Path path) {
        String word = path.toString();
        return word.matches(PLAIN) && !word.startsWith("-") ? word : "'" + word.replace("'", "'\\''") + "'";
    }

    private ShellWord() {}
}
