package io.github.forkless.coordinator.files;

import java.io.IOException;
import java.nio.file.Path;

/** The current folder. A JVM looks it up at its start; in a coordinator that stays it is another for each command. */
public final class CurrentFolder {
    /** The name from the root that a user would know a file by. */
    public static Path absolute(Path file) {
        if (file.isAbsolute()) {
            return file;
        }
        try {
            Path folder = Path.of("").toRealPath();
            return file.toString().isEmpty() ? folder : folder.resolve(file);
        } catch (IOException e) {
            return file.toAbsolutePath(); // it was removed
        }
    }

    private CurrentFolder() {}
}
