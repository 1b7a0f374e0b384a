package io.github.forkless.coordinator.cli;

import io.github.forkless.common.dataset.Dataset;
import io.github.forkless.common.dataset.DatasetException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.PatternSyntaxException;

/** What was typed for a dataset of several files: files, folders, and patterns such as {@code '/data/part-*.npy'}. */
final class DataFiles {
    /** @throws DatasetException if nothing has such a name, or what has is not one dataset */
    static Dataset open(List<Path> given, Optional<GivenType> type) {
        List<Path> paths = new ArrayList<>();
        for (Path path : given) {
            if (Parsers.isPattern(path)) {
                List<Path> matches = new ArrayList<>();
                addMatches(path.isAbsolute() ? path.getRoot() : Path.of(""), path, 0, matches);
                if (matches.isEmpty() && Files.notExists(path)) {
                    throw new DatasetException(path, "no such file, nor one that this pattern fits; check it");
                }
                paths.addAll(matches.isEmpty() ? List.of(path) : matches);
            } else {
                paths.add(path);
            }
        }
        return GivenType.open(paths, type);
    }

    /** Goes down from a folder by the names of a pattern. As in a shell, only a pattern that begins with a dot finds what does. */
    private static void addMatches(Path folder, Path pattern, int depth, List<Path> matches) {
        if (depth == pattern.getNameCount()) {
            matches.add(folder);
            return;
        }
        String name = pattern.getName(depth).toString();
        if (!Parsers.hasWildcard(name)) {
            Path next = folder.resolve(name);
            if (Files.exists(next)) {
                addMatches(next, pattern, depth + 1, matches);
            }
            return;
        }
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, name)) {
            for (Path entry : entries) {
                boolean isHidden = entry.getFileName().toString().startsWith(".") && !name.startsWith(".");
                if (!isHidden && (depth == pattern.getNameCount() - 1 || Files.isDirectory(entry))) {
                    addMatches(entry, pattern, depth + 1, matches);
                }
            }
        } catch (IOException e) {
            throw DatasetException.unreadable(folder, e);
        } catch (PatternSyntaxException e) {
            // It was meant as a name.
        }
    }

    private DataFiles() {}
}
