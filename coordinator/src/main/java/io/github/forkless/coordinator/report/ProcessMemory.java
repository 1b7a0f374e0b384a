package io.github.forkless.coordinator.report;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a process holds in memory, as the kernel counts it. Pages that several processes share count in each one's
 * resident size, but only once, in parts, in the sum of their proportional sizes.
 *
 * @param residentBytes all its pages in memory
 * @param proportionalBytes the same, each page divided by the number of processes that map it
 * @param dataset its mappings of the dataset
 */
record ProcessMemory(long residentBytes, long proportionalBytes, List<Mapping> dataset) {

    /**
     * One mapping of a file.
     *
     * @param permissions {@code r--s} when it is read-only and shared
     * @param residentBytes its pages in memory
     * @param proportionalBytes the same, each page divided by the number of processes that map it
     * @param privateDirtyBytes pages that this process alone has and that differ from the disk: copies of its own, or
     *     pages of the file that were written lately and are not on the disk yet
     * @param anonymousBytes pages that are this process's own copies
     * @param swappedBytes pages that were moved out of memory
     * @param hugeBytes pages that the processor maps 2 MiB at a time
     */
    record Mapping(
            String permissions,
            long residentBytes,
            long proportionalBytes,
            long privateDirtyBytes,
            long anonymousBytes,
            long swappedBytes,
            long hugeBytes) {

        static final Mapping NONE = new Mapping("----", 0, 0, 0, 0, 0, 0);

        boolean isPrivate() {
            return permissions.endsWith("p");
        }

        Mapping plus(Mapping other) {
            return new Mapping(
                    permissions,
                    residentBytes + other.residentBytes,
                    proportionalBytes + other.proportionalBytes,
                    privateDirtyBytes + other.privateDirtyBytes,
                    anonymousBytes + other.anonymousBytes,
                    swappedBytes + other.swappedBytes,
                    hugeBytes + other.hugeBytes);
        }
    }

    /** Reads /proc; empty where there is none or the process is gone. */
    static Optional<ProcessMemory> read(long pid, Optional<MappedFile> dataset) {
        try {
            // The names in it are bytes of any kind.
            return Optional.of(parse(
                    Files.readAllLines(Path.of("/proc", Long.toString(pid), "smaps"), StandardCharsets.ISO_8859_1),
                    dataset));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    static ProcessMemory parse(List<String> smaps, Optional<MappedFile> dataset) {
        long resident = 0;
        long proportional = 0;
        List<Mapping> mappings = new ArrayList<>();
        int line = 0;
        while (line < smaps.size()) {
            int end = line + 1;
            while (end < smaps.size() && !isHead(smaps.get(end))) {
                end++;
            }
            String head = smaps.get(line);
            List<String> fields = smaps.subList(line + 1, end);
            resident += bytes(fields, "Rss:");
            proportional += bytes(fields, "Pss:");
            if (dataset.isPresent() && MappedFile.ofLine(head).equals(dataset.get())) {
                mappings.add(new Mapping(
                        head.split(" +", 3)[1],
                        bytes(fields, "Rss:"),
                        bytes(fields, "Pss:"),
                        bytes(fields, "Private_Dirty:"),
                        bytes(fields, "Anonymous:"),
                        bytes(fields, "Swap:"),
                        bytes(fields, "FilePmdMapped:") + bytes(fields, "ShmemPmdMapped:")));
            }
            line = end;
        }
        return new ProcessMemory(resident, proportional, mappings);
    }

    /** The sums over the mappings of the dataset, with the permissions of the first. */
    Mapping datasetTotal() {
        return dataset.stream().reduce(Mapping::plus).orElse(Mapping.NONE);
    }

    /** Everything but the dataset. */
    long ownBytes() {
        return proportionalBytes - datasetTotal().proportionalBytes;
    }

    /** A mapping's head begins with an address in lower case, its fields with a name in upper case. */
    private static boolean isHead(String line) {
        return !line.isEmpty() && !Character.isUpperCase(line.charAt(0));
    }

    /** Of {@code Rss:     512 kB}; 0 where this kernel has no such field. */
    private static long bytes(List<String> fields, String name) {
        for (String field : fields) {
            if (field.startsWith(name)) {
                return Long.parseLong(field, name.length() + leading(field, name.length()), field.length() - 3, 10)
                        << 10;
            }
        }
        return 0;
    }

    private static int leading(String field, int from) {
        int blanks = 0;
        while (field.charAt(from + blanks) == ' ') {
            blanks++;
        }
        return blanks;
    }
}
