package io.github.forkless.coordinator;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What a process holds in memory, as the kernel counts it. Pages that several processes share count in each one's
 * resident size, but only once, in parts, in the sum of their proportional sizes.
 *
 * @param residentBytes all its pages in memory
 * @param proportionalBytes the same, each page divided by the number of processes that map it
 * @param datasetResidentBytes the dataset's pages that it has mapped
 * @param datasetProportionalBytes the same, proportionally
 */
public record ProcessMemory(
        long residentBytes, long proportionalBytes, long datasetResidentBytes, long datasetProportionalBytes) {

    /** Reads /proc; empty where there is none or the process is gone. */
    public static Optional<ProcessMemory> read(long pid, Path dataset) {
        List<String> lines;
        try {
            lines = Files.readAllLines(Path.of("/proc", Long.toString(pid), "smaps"));
        } catch (IOException e) {
            return Optional.empty();
        }
        long rss = 0;
        long pss = 0;
        long dataRss = 0;
        long dataPss = 0;
        boolean isDataset = false;
        for (String line : lines) {
            if (line.startsWith("Rss:")) {
                rss += kilobytes(line);
                dataRss += isDataset ? kilobytes(line) : 0;
            } else if (line.startsWith("Pss:")) {
                pss += kilobytes(line);
                dataPss += isDataset ? kilobytes(line) : 0;
            } else if (!line.endsWith("kB") && !line.startsWith("VmFlags")) {
                isDataset = line.endsWith(" " + dataset);
            }
        }
        return Optional.of(new ProcessMemory(rss, pss, dataRss, dataPss));
    }

    /** {@code Rss:     512 kB}, in bytes. */
    private static long kilobytes(String line) {
        String[] fields = line.split("\\s+");
        return Long.parseLong(fields[1]) << 10;
    }
}
