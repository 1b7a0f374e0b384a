package io.github.forkless.coordinator.files;

import java.nio.file.Files;
import java.nio.file.Path;

/** Where temporary files go. */
public final class TemporaryFiles {
    private static final String JDKS_OWN = "/tmp";

    /**
     * The folder that {@code java.io.tmpdir} names. A JVM does not heed {@code TMPDIR}, as other programs do: we do, if that is a
     * folder, and this JVM was told of no other.
     *
     * @return absolute
     */
    public static Path folder() {
        Path ofJvm = Path.of(System.getProperty("java.io.tmpdir")).toAbsolutePath();
        String variable = System.getenv("TMPDIR");
        if (variable == null || variable.isEmpty() || !ofJvm.toString().equals(JDKS_OWN)) {
            return ofJvm;
        }
        Path ofUser = Path.of(variable).toAbsolutePath();
        return Files.isDirectory(ofUser) ? ofUser : ofJvm;
    }

    private TemporaryFiles() {}
}
