package io.github.forkless.coordinator.placement;

import io.github.forkless.common.dataset.DatasetException;
import io.github.forkless.common.dataset.DatasetFile;
import io.github.forkless.coordinator.generate.Sizes;
import io.github.forkless.coordinator.machine.FilePages;
import io.github.forkless.coordinator.machine.HugeFile;
import io.github.forkless.coordinator.machine.HugePages;
import io.github.forkless.coordinator.machine.Memory;
import io.github.forkless.coordinator.machine.SystemCallException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Brings a dataset into huge pages before workers map it, so that they need not ask. What cannot be done is said, and changes
 * no answer.
 */
public final class HugeDataset {
    private final DatasetFile dataset;
    private final Path name;
    private final Consumer<String> sink;

    private HugeDataset(DatasetFile dataset, Path name, Consumer<String> sink) {
        this.dataset = dataset;
        this.name = name;
        this.sink = sink;
    }

    /**
     * @param dataset it, or a copy of it
     * @param name what it is called
     * @throws DatasetException when the kernel does not say what became of it
     */
    public static void make(DatasetFile dataset, Path name, Consumer<String> sink) {
        new HugeDataset(dataset, name, sink).make();
    }

    private void make() {
        long size = dataset.identity().size();
        if (size < HugePages.BYTES) {
            say("it is smaller than one of them, " + Sizes.format(HugePages.BYTES));
            return;
        }
        if (!FilePages.canBePlaced()) {
            say("that can be done on Linux on x86-64 and AArch64");
            return;
        }
        try (var file = new HugeFile(dataset.path(), size)) {
            long missing = file.missingBytes();
            long available = Memory.read().availableBytes();
            if (missing > available) {
                say("of the " + Sizes.format(missing) + " that are to be read in, " + Sizes.format(available)
                        + " fit into memory");
                return;
            }
            if (missing > 0) {
                file.readIn();
            }
            if (missing == 0 || file.hugeBytes() < whole(size)) {
                // Of pages that are mapped already it would take twice as long.
                Optional<SystemCallException> refusal = file.collapse();
                file.readIn();
                sayWhatIsNot(size, file.hugeBytes(), missing, refusal);
            }
            // Mappings were seen to end at a multiple of 2 MiB; only those of such a size begin at one, too.
            if (size % HugePages.BYTES != 0 && HugePages.areNeverThoughtOf(dataset.path())) {
                sink.accept(
                        "[huge-pages] workers may not map " + name + " with huge pages, though it is in such: its file"
                                + " system is mounted with huge=never; remount it with 'mount -o remount,huge=advise'");
            }
        } catch (SystemCallException e) {
            say(e.getMessage());
        } catch (IOException e) {
            throw DatasetException.unreadable(name, e);
        }
    }

    /** A huge page is never that of the file's last, shorter piece. */
    private static long whole(long size) {
        return size / HugePages.BYTES * HugePages.BYTES;
    }

    private void sayWhatIsNot(long size, long huge, long missing, Optional<SystemCallException> refusal) {
        if (huge >= whole(size)) {
            return;
        }
        String why = "there is not enough free memory in one piece, or something is written to it";
        if (refusal.isPresent()) {
            why = !refusal.get().isUnsupported()
                    ? refusal.get().getMessage()
                    : missing == size && huge == 0
                            ? "this kernel has none for " + fileSystem()
                            : "this kernel does not join small pages in memory on " + fileSystem()
                                    + "; drop the file from memory, and it is read into huge ones";
        }
        sink.accept("[huge-pages] " + Sizes.format(whole(size) - huge) + " of " + name + " (" + Sizes.format(size)
                + ") are not in huge pages: " + why);
    }

    private String fileSystem() {
        try {
            return Files.getFileStore(dataset.path()).type();
        } catch (IOException e) {
            return "its file system";
        }
    }

    private void say(String why) {
        sink.accept("[huge-pages] " + name + " is left as it is: " + why);
    }
}
