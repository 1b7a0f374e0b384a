package io.github.forkless.common.dataset;

import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/**
 * A file that may be a dataset, opened for a look at it.
 *
 * @param path as the user wrote it, and as errors name it
 * @param real absolute, with links resolved
 * @param channel from which to read
 * @param given what the user says the elements are, if anything
 * @param recordWidth bytes of a record, where the user says that; else 0
 * @param size in bytes
 */
record Candidate(Path path, Path real, FileChannel channel, Optional<ElementType> given, int recordWidth, long size) {
    /** Whether the file, or what it is a link to, has this extension, which is in lower case and without a dot. */
    boolean isNamed(String extension) {
        return extension(path).equals(extension) || extension(real).equals(extension);
    }

    /** What the elements are by the file's name. */
    Optional<ElementType> typeByName() {
        return DatasetFile.typeByName(path).or(() -> DatasetFile.typeByName(real));
    }

    /** In lower case and without its dot; empty if there is none. */
    static String extension(Path path) {
        Path name = path.getFileName();
        String text = name == null ? "" : name.toString();
        int dot = text.lastIndexOf('.');
        return dot < 0 ? "" : text.substring(dot + 1).toLowerCase(Locale.ROOT);
    }
}
