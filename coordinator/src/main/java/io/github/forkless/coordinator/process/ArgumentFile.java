package io.github.forkless.coordinator.process;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Arguments that {@code java} reads from a file, {@code @FILE}, because the system takes none of 128 KiB or more. */
final class ArgumentFile {
    /** Linux takes 32 pages, the terminating zero with them. */
    private static final int LONGEST = (128 << 10) - 1;

    /** The one that file names and arguments are in, here and in a child. */
    private static final Charset CHARSET = Charset.forName(System.getProperty("sun.jnu.encoding"));

    /** Whether an argument can only be given in a file. */
    static boolean isNeededFor(String argument) {
        // Most need no second look: a character takes four bytes at the most.
        return argument.length() > LONGEST / 4 && argument.getBytes(CHARSET).length > LONGEST;
    }

    /** Writes a file of {@code folder}, and returns the argument that stands for {@code arguments}. */
    static String write(PrivateFolder folder, List<String> arguments) throws IOException {
        var content = new StringBuilder();
        for (String argument : arguments) {
            content.append('"')
                    .append(argument.replace("\\", "\\\\")
                            .replace("\"", "\\\"")
                            .replace("\n", "\\n")
                            .replace("\r", "\\r"))
                    .append("\"\n");
        }
        Path file = folder.createFile("arguments-");
        Files.write(file, content.toString().getBytes(CHARSET));
        return "@" + file;
    }

    private ArgumentFile() {}
}
