package io.github.forkless.spark;

import io.github.forkless.common.dataset.Dataset;
import io.github.forkless.common.dataset.Slice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Which hosts the files of a dataset are close to, as the user says. Cannot be changed. */
final class PreferredHosts {
    private final Map<Path, List<String>> byFile = new HashMap<>();
    /** All of them, once each. A host's place here is what slices have as their home. */
    private final List<String> names;

    private PreferredHosts(Optional<Path> list) throws IOException {
        Set<String> all = new LinkedHashSet<>();
        if (list.isPresent()) {
            int number = 0;
            for (String line : Files.readAllLines(list.get())) {
                number++;
                if (!line.isBlank() && !line.startsWith("#")) {
                    add(line, list.get() + ", line " + number, all);
                }
            }
        }
        names = List.copyOf(all);
    }

    /** @throws IOException when the list cannot be read, or a line of it is wrong; the message names it */
    static PreferredHosts read(Optional<Path> list) throws IOException {
        try {
            return new PreferredHosts(list);
        } catch (java.nio.file.NoSuchFileException e) {
            throw new IOException("there is no file " + list.get() + ", which is to say where the data is", e);
        }
    }

    private void add(String line, String where, Set<String> all) throws IOException {
        String[] words = line.strip().split("\\s+");
        if (words.length < 2) {
            throw new IOException(
                    where + ": '" + line + "' names no host; a line is a file and its hosts: FILE HOST...");
        }
        Path file = Path.of(words[0]);
        if (Files.notExists(file)) {
            throw new IOException(where + ": there is no file " + file);
        }
        List<String> hosts = List.of(words).subList(1, words.length);
        all.addAll(hosts);
        byFile.put(file.toRealPath(), List.copyOf(hosts));
    }

    List<String> names() {
        return names;
    }

    /** A host's number; negative if none is closer to it than others. */
    int number(String host) {
        return names.indexOf(host);
    }

    /** For each slice the number of its host; of several hosts one after the other. */
    int[] homes(Dataset dataset, List<Slice> slices) {
        if (names.isEmpty()) {
            return new int[0];
        }
        int[] homes = new int[slices.size()];
        for (int i = 0; i < homes.length; i++) {
            int part = dataset.partOf(slices.get(i).from());
            List<String> hosts = byFile.getOrDefault(dataset.parts().get(part).path(), List.of());
            homes[i] = hosts.isEmpty() ? -1 : number(hosts.get(i % hosts.size()));
        }
        return homes;
    }

    /** Those without an executor, in words; empty if there are none. */
    Optional<String> without(List<Executor> executors) {
        List<String> missing = new ArrayList<>(names);
        Set<String> there = new LinkedHashSet<>();
        for (Executor executor : executors) {
            there.add(executor.host());
            missing.remove(executor.host());
        }
        return missing.isEmpty()
                ? Optional.empty()
                : Optional.of("[hosts] no executor is on " + String.join(", ", missing)
                        + ", as Spark names hosts; there are some on " + String.join(", ", there));
    }
}
