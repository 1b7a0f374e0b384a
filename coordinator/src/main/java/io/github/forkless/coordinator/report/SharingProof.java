package io.github.forkless.coordinator.report;

import io.github.forkless.common.dataset.DatasetFile;
import io.github.forkless.coordinator.report.ProcessMemory.Mapping;
import io.github.forkless.coordinator.report.RunFacts.WorkerFacts;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Whether the workers share one physical copy of the dataset, by what the kernel says of their mappings.
 *
 * <p>They do when every page that they have of it is a page of the file itself, of which the page cache holds one. A
 * page that a worker has copied is none: the kernel counts it as anonymous. That a page is private and dirty does not
 * say so, for one that only a single worker has and that was written lately and is not on the disk yet is both. As a
 * cross-check, what the workers have must add up to no more than the file when a page counts once for all of them.
 *
 * @param file how the kernel calls the dataset
 * @param workers those that are alive
 * @param total the sums over them
 * @param objections why not; empty if they do
 */
public record SharingProof(
        Optional<MappedFile> file, List<WorkerMapping> workers, Mapping total, List<String> objections) {

    /** Where a large page is mapped only in part, newer kernels tell an average. */
    private static final double TOLERANCE = 0.01;

    private static final long PAGE_BYTES = 4096;

    /** A worker's mappings of the dataset together. */
    record WorkerMapping(int id, long pid, Mapping mapping) {}

    /** @param facts of a run on one file */
    public static SharingProof of(RunFacts facts) {
        List<String> objections = new ArrayList<>();
        List<WorkerMapping> workers = new ArrayList<>();
        for (WorkerFacts worker : facts.workers()) {
            worker.memory().ifPresent(memory -> {
                var mapping =
                        new WorkerMapping(worker.life().id(), worker.life().pid(), memory.datasetTotal());
                workers.add(mapping);
                objectionTo(mapping, memory, worker.life().tasks()).ifPresent(objections::add);
            });
        }
        Mapping total = workers.stream()
                .map(WorkerMapping::mapping)
                .reduce(Mapping::plus)
                .orElse(Mapping.NONE);
        long bytes = ((DatasetFile) facts.dataset()).identity().size();
        if (total.residentBytes() == 0) {
            objections.add("no worker has anything of it in memory");
        }
        if (total.proportionalBytes() > bytes * (1 + TOLERANCE) + PAGE_BYTES * (1 + workers.size())) {
            objections.add("what the workers have of it adds up to " + total.proportionalBytes()
                    + " bytes, but there are " + bytes);
        }
        return new SharingProof(facts.mapped(), workers, total, objections);
    }

    private static Optional<String> objectionTo(WorkerMapping worker, ProcessMemory memory, long tasks) {
        String name = "worker " + worker.id + ", pid " + worker.pid + ", ";
        if (worker.mapping.anonymousBytes() > 0) {
            return Optional.of(name + "has copied " + worker.mapping.anonymousBytes() + " bytes of it");
        }
        if (memory.dataset().stream().anyMatch(mapping -> mapping.isPrivate() && mapping.swappedBytes() > 0)) {
            return Optional.of(name + "has a private mapping of it, part of which was moved to swap");
        }
        if (memory.dataset().isEmpty() && tasks > 0) {
            return Optional.of(name + "has worked, but not on a mapping of it");
        }
        return Optional.empty();
    }

    public boolean holds() {
        return objections.isEmpty();
    }

    /** What was found, for people. Sizes are in kB, as in the kernel's own table. */
    public List<String> lines(String name) {
        List<String> lines = new ArrayList<>();
        lines.add("how the workers have mapped " + name
                + file.map(it -> " (device " + it.device() + ", inode " + it.inode() + ")")
                        .orElse("") + ", in kB:");
        lines.add(row("worker", "pid", "mapping", "resident", "proportional", "private dirty", "copied", "huge pages"));
        for (WorkerMapping worker : workers) {
            lines.add(row("" + worker.id, "" + worker.pid, worker.mapping));
        }
        lines.add(row("all", "", total));
        lines.add(
                holds()
                        ? "one physical copy is shared: no page of it was copied, and " + workers.size()
                                + (workers.size() == 1 ? " worker has " : " workers have ")
                                + kilobytes(total.proportionalBytes()) + " kB of it in memory"
                        : "that the workers share one physical copy is not proved: " + String.join("; ", objections));
        return lines;
    }

    private static String row(String worker, String pid, Mapping mapping) {
        return row(
                worker,
                pid,
                mapping.permissions(),
                kilobytes(mapping.residentBytes()),
                kilobytes(mapping.proportionalBytes()),
                kilobytes(mapping.privateDirtyBytes()),
                kilobytes(mapping.anonymousBytes()),
                kilobytes(mapping.hugeBytes()));
    }

    private static String row(Object... cells) {
        return String.format(Locale.ROOT, "%-7s %8s  %-7s %10s %13s %14s %8s %11s", cells);
    }

    private static String kilobytes(long bytes) {
        return Long.toString(bytes >> 10);
    }
}
