package io.github.forkless.coordinator.placement;

import io.github.forkless.common.dataset.DatasetException;
import io.github.forkless.common.dataset.DatasetFile;
import io.github.forkless.common.dataset.FileIdentity;
import io.github.forkless.common.dataset.Layout;
import io.github.forkless.common.dataset.Slice;
import io.github.forkless.coordinator.generate.Sizes;
import io.github.forkless.coordinator.machine.FilePages;
import io.github.forkless.coordinator.machine.HugePages;
import io.github.forkless.coordinator.machine.Machine;
import io.github.forkless.coordinator.machine.Node;
import io.github.forkless.coordinator.machine.NodeCopy;
import io.github.forkless.coordinator.machine.Numa;
import io.github.forkless.coordinator.machine.SystemCallException;
import io.github.forkless.coordinator.result.InvalidRequestException;
import io.github.forkless.coordinator.result.RunFailedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** A dataset whose pages were looked at, and perhaps put where they are wanted. */
final class PlacedDataset {
    /** Pages that are looked at to find out where a slice lies. */
    private static final int SAMPLES_OF_SLICE = 32;

    /** What has to be left on a node that takes a copy: for the workers there, and for the kernel. */
    private static final long MARGIN = 64 << 20;

    private final DatasetFile dataset;
    private final Map<Integer, Long> pagesBefore;
    private final List<NodeCopy> copies;
    private final Map<Integer, DatasetFile> fileByNode;

    private PlacedDataset(DatasetFile dataset, Map<Integer, Long> pagesBefore, List<NodeCopy> copies) {
        this.dataset = dataset;
        this.pagesBefore = pagesBefore;
        this.copies = copies;
        this.fileByNode = new LinkedHashMap<>();
        for (NodeCopy copy : copies) {
            fileByNode.put(copy.node(), new DatasetFile(copy.path(), dataset.layout(), FileIdentity.of(copy.path())));
        }
    }

    /**
     * Looks at the pages of {@code dataset}, and moves or copies them as {@code numa} says.
     *
     * @param nodes those that workers are on, by the memory closest to them
     * @throws InvalidRequestException when copies do not fit
     * @throws DatasetException when it cannot be read
     */
    static PlacedDataset place(DatasetFile dataset, Numa numa, List<Node> nodes, Consumer<String> sink) {
        if (dataset.identity().size() == 0) {
            return new PlacedDataset(dataset, Map.of(), List.of());
        }
        // On a thread of its own, for what it says of its memory holds as long as a thread lives.
        return onOwnThread(() -> {
            try {
                return new Placing(dataset, nodes, sink).place(numa);
            } catch (SystemCallException e) {
                sink.accept("[numa] nothing is placed: " + e.getMessage());
                return new PlacedDataset(dataset, Map.of(), List.of());
            } catch (IOException e) {
                throw DatasetException.unreadable(dataset.path(), e);
            } catch (InternalError e) { // of a page that is there no more
                dataset.requireUnchanged();
                throw e;
            }
        });
    }

    private static <T> T onOwnThread(Supplier<T> work) {
        try {
            return onThread(work).join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException failure ? failure : e;
        }
    }

    private static <T> CompletableFuture<T> onThread(Supplier<T> work) {
        return CompletableFuture.supplyAsync(
                work, task -> Thread.ofPlatform().daemon().name("placing").start(task));
    }

    private record Placing(DatasetFile dataset, List<Node> nodes, Consumer<String> sink) {

        PlacedDataset place(Numa numa) throws IOException {
            try (var pages = new FilePages(dataset.path())) {
                Map<Integer, Long> before = pages.bytesByNode();
                switch (numa) {
                    case NONE -> {}
                    case LOCAL -> warnIfLopsided(before);
                    case INTERLEAVE -> interleave(pages);
                    case MIRROR -> {
                        return new PlacedDataset(dataset, before, mirror());
                    }
                }
                return new PlacedDataset(dataset, before, List.of());
            }
        }

        /** Pages lie where they were read in first: often all on one node, where the program that copied the file ran. */
        private void warnIfLopsided(Map<Integer, Long> bytes) {
            long all = bytes.values().stream().mapToLong(Long::longValue).sum();
            for (Map.Entry<Integer, Long> node : bytes.entrySet()) {
                double share = (double) node.getValue() / all;
                if (share > 1 - 0.5 / nodes.size()) {
                    sink.accept("[numa] " + Math.round(100 * share) + " % of what is in memory of " + dataset.path()
                            + " lies on node " + node.getKey() + ", and workers are on " + nodes.size()
                            + " nodes: most will read from afar; PoolOptions.withNuma(INTERLEAVE) moves"
                            + " the pages, PoolOptions.withNuma(MIRROR) copies them");
                }
            }
        }

        private void interleave(FilePages pages) throws IOException {
            long size = dataset.identity().size();
            // Smaller pieces would have the kernel move a huge page to and fro.
            long elsewhere = pages.place(
                    HugePages.BYTES,
                    piece -> nodes.get((int) (piece % nodes.size())).id());
            if (elsewhere > 0) {
                sink.accept("[numa] " + Sizes.format(Math.min(size, elsewhere)) + " of " + dataset.path() + " ("
                        + Sizes.format(size) + ") could not be put on their node: other processes have them mapped, or"
                        + " the node is full");
            }
        }

        private List<NodeCopy> mirror() throws IOException {
            requireRoom();
            List<CompletableFuture<NodeCopy>> copying =
                    nodes.stream().map(node -> onThread(() -> copy(node))).toList();
            List<NodeCopy> copies = new ArrayList<>();
            RuntimeException failure = null;
            for (CompletableFuture<NodeCopy> copy : copying) {
                try {
                    copies.add(copy.join());
                } catch (CompletionException e) {
                    failure = e.getCause() instanceof RuntimeException cause ? cause : e;
                }
            }
            if (failure != null) {
                copies.forEach(NodeCopy::close);
                if (failure.getCause() instanceof SystemCallException refused) {
                    throw refused;
                }
                throw failure;
            }
            return copies;
        }

        private NodeCopy copy(Node node) {
            try {
                NodeCopy copy = NodeCopy.of(dataset.path(), node.id());
                dataset.requireUnchanged();
                warnIfElsewhere(copy);
                return copy;
            } catch (SystemCallException e) {
                throw new UncheckedIOException(e);
            } catch (IOException e) {
                throw new RunFailedException(
                        "PoolOptions.withNuma(MIRROR): no copy of " + dataset.path() + " for node " + node.id() + ": "
                                + e.getMessage(),
                        List.of());
            }
        }

        /** What a node has no room for after all, the kernel takes from another. */
        private void warnIfElsewhere(NodeCopy copy) throws IOException {
            try (var pages = new FilePages(copy.path())) {
                Map<Integer, Long> bytes = pages.bytesByNode();
                bytes.remove(copy.node());
                long elsewhere =
                        bytes.values().stream().mapToLong(Long::longValue).sum();
                if (elsewhere > 0) {
                    sink.accept("[numa] " + Sizes.format(elsewhere) + " of the copy for node " + copy.node()
                            + " lie elsewhere: the node became full");
                }
            }
        }

        private void requireRoom() {
            long size = dataset.identity().size();
            for (Node node : nodes) {
                if (node.availableBytes() - MARGIN < size) {
                    throw doesNotFit("node " + node.id() + " has " + Sizes.format(node.availableBytes()));
                }
            }
            long available = Machine.read().memory().availableBytes();
            if (available - MARGIN < size * nodes.size()) {
                throw doesNotFit("there are " + Sizes.format(available) + " for " + nodes.size() + " copies");
            }
        }

        private InvalidRequestException doesNotFit(String available) {
            return new InvalidRequestException(
                    "PoolOptions.withNuma(MIRROR) does not fit: a copy of " + dataset.path() + " takes "
                            + Sizes.format(dataset.identity().size()) + ", " + Sizes.format(MARGIN)
                            + " have to be left, and " + available + "; use PoolOptions.withNuma(INTERLEAVE)");
        }
    }

    /** What a worker of this node is to map. */
    DatasetFile fileFor(int node) {
        return fileByNode.getOrDefault(node, dataset);
    }

    /** What is said of a copy, as if it were said of the dataset. */
    String named(String message) {
        for (NodeCopy copy : copies) {
            String name = copy.path() + ": ";
            if (message.startsWith(name)) {
                return dataset.path() + ": " + message.substring(name.length());
            }
        }
        return message;
    }

    /** For each slice the node that it lies on, or {@link WorkerPlaces#ANYWHERE}. */
    int[] homes(List<Slice> slices) {
        if (slices.isEmpty()) {
            return new int[0];
        }
        try (var pages = new FilePages(dataset.path())) {
            Layout layout = dataset.layout();
            int[] homes = new int[slices.size()];
            for (int i = 0; i < homes.length; i++) {
                Slice slice = slices.get(i);
                homes[i] = pages.homeOf(
                        dataset.offset() + layout.bytes(slice.from()), layout.bytes(slice.length()), SAMPLES_OF_SLICE);
            }
            return homes;
        } catch (SystemCallException e) { // which was said when it was tried first
            return new int[0];
        } catch (IOException e) {
            throw DatasetException.unreadable(dataset.path(), e);
        }
    }

    Map<Integer, Long> pagesBefore() {
        return pagesBefore;
    }

    /** Where the pages are that workers read. */
    Map<Integer, Long> pagesNow() {
        Map<Integer, Long> now = new TreeMap<>();
        List<Path> files = copies.isEmpty()
                ? List.of(dataset.path())
                : copies.stream().map(NodeCopy::path).toList();
        for (Path file : dataset.identity().size() == 0 ? List.<Path>of() : files) {
            try (var pages = new FilePages(file)) {
                pages.bytesByNode().forEach((node, bytes) -> now.merge(node, bytes, Long::sum));
            } catch (SystemCallException e) { // which was said when it was tried first
                return Map.of();
            } catch (IOException e) {
                throw DatasetException.unreadable(file, e);
            }
        }
        return now;
    }

    void close() {
        copies.forEach(NodeCopy::close);
    }
}
