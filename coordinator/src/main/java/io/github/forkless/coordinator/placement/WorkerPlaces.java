package io.github.forkless.coordinator.placement;

import io.github.forkless.common.dataset.Dataset;
import io.github.forkless.common.dataset.DatasetFile;
import io.github.forkless.common.dataset.Slice;
import io.github.forkless.coordinator.machine.FilePages;
import io.github.forkless.coordinator.machine.Machine;
import io.github.forkless.coordinator.machine.Node;
import io.github.forkless.coordinator.machine.Numa;
import io.github.forkless.coordinator.machine.Pin;
import io.github.forkless.coordinator.machine.PinCommand;
import io.github.forkless.coordinator.machine.Place;
import io.github.forkless.coordinator.machine.PlaceOrder;
import io.github.forkless.coordinator.machine.Placement;
import io.github.forkless.coordinator.result.InvalidRequestException;
import io.github.forkless.coordinator.result.PlacementReport;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Where the workers of a pool are kept, and where the datasets are that they read. Of a pool that asks for neither, nothing
 * of the machine is looked at. Safe for use by several threads.
 */
public class WorkerPlaces {
    /** The node of a worker that may run on all of them, and of a slice of which it does not matter who reads it. */
    public static final int ANYWHERE = FilePages.NOWHERE;

    /** Workers that run wherever the kernel puts them. */
    public static final WorkerPlaces NONE = new WorkerPlaces();

    private static final int[] NO_HOMES = {};

    private WorkerPlaces() {}

    /**
     * @param procs how many workers there are
     * @param sink takes what cannot be done, a line each
     */
    public static WorkerPlaces of(Placement placement, int procs, Consumer<String> sink) {
        return placement.isNone() ? NONE : new Chosen(placement, procs, sink);
    }

    /** Whether anything was asked for. */
    public boolean areAsked() {
        return false;
    }

    /** What starts a program where a worker is to be kept, to be put in front of its command; empty for anywhere. */
    public List<String> prefix(int worker) {
        return List.of();
    }

    /** The node whose memory is closest to a worker. */
    public int node(int worker) {
        return ANYWHERE;
    }

    /**
     * Puts the pages of a dataset where they are wanted, before workers map it.
     *
     * @throws InvalidRequestException when they do not fit there
     */
    public void place(Dataset dataset) {}

    /** What a worker is to map. */
    public Dataset dataFor(int worker, Dataset dataset) {
        return dataset;
    }

    /** All that workers are to map of a dataset: itself, or its copies. */
    public Set<DatasetFile> filesFor(Dataset dataset) {
        return Set.copyOf(dataset.parts());
    }

    /** What a worker says of its data; a copy is called as the dataset is, which its reader knows. */
    public String named(String message) {
        return message;
    }

    /** For each slice the node that it lies on; empty if that makes no difference. */
    public int[] homes(Optional<Dataset> dataset, List<Slice> slices) {
        return NO_HOMES;
    }

    /** What is to be told of all that. */
    public PlacementReport report(Optional<Dataset> dataset) {
        throw new IllegalStateException("nothing was asked for");
    }

    /** Gives back what copies take. */
    public void close() {}

    private static final class Chosen extends WorkerPlaces {
        private final Placement placement;
        private final Numa numa;
        private final int procs;
        private final Consumer<String> sink;
        private final Optional<PinCommand> pinCommand;
        private final PlaceOrder order;
        private final Map<Integer, Integer> memoryByNode = new HashMap<>();
        private final List<Node> memoryNodes;
        private final Map<Dataset, PlacedDataset> datasets = new ConcurrentHashMap<>();

        Chosen(Placement placement, int procs, Consumer<String> sink) {
            this.placement = placement;
            this.procs = procs;
            this.sink = sink;
            Machine machine = Machine.read();
            order = PlaceOrder.of(machine, placement.pin() == Pin.CPU ? Pin.CPU : Pin.NODE);
            for (Node node : machine.workNodes()) {
                machine.memoryFor(node).ifPresent(memory -> memoryByNode.put(node.id(), memory));
            }
            memoryNodes = memoryNodes(machine);
            pinCommand = placement.pin() == Pin.NONE
                    ? Optional.empty()
                    : PinCommand.find(System.getenv().getOrDefault("PATH", ""));
            numa = numa();
        }

        /** Those that workers are on: as many of the machine's as there are workers for. */
        private List<Node> memoryNodes(Machine machine) {
            List<Integer> used = IntStream.range(0, procs)
                    .map(worker -> memoryByNode.getOrDefault(order.place(worker).node(), ANYWHERE))
                    .distinct()
                    .boxed()
                    .toList();
            return machine.nodes().stream()
                    .filter(node -> placement.numa() == Numa.INTERLEAVE
                            ? memoryByNode.containsValue(node.id())
                            : used.contains(node.id()))
                    .toList();
        }

        /** What can be done of what was asked for. */
        private Numa numa() {
            if (placement.pin() != Pin.NONE && pinCommand.isEmpty()) {
                sink.accept(
                        "[pin] workers run wherever the kernel puts them: there is neither taskset nor numactl on the"
                                + " PATH; install one of them");
                return placement.numa() == Numa.INTERLEAVE ? Numa.INTERLEAVE : Numa.NONE;
            }
            if (placement.numa() != Numa.NONE && memoryNodes.size() < 2) {
                sink.accept("[numa] nothing is placed: the memory that "
                        + (procs == 1 ? "this worker" : "these workers") + " may use is that of one node");
                return Numa.NONE;
            }
            if (placement.numa() != Numa.NONE && !FilePages.canBePlaced()) {
                sink.accept("[numa] nothing is placed: that can be done on Linux on x86-64 and AArch64");
                return Numa.NONE;
            }
            return placement.numa();
        }

        @Override
        public boolean areAsked() {
            return true;
        }

        @Override
        public List<String> prefix(int worker) {
            return pinCommand.isEmpty() ? List.of() : pinCommand.get().prefix(order.place(worker));
        }

        @Override
        public int node(int worker) {
            return pinCommand.isEmpty()
                    ? ANYWHERE
                    : memoryByNode.getOrDefault(order.place(worker).node(), ANYWHERE);
        }

        @Override
        public void place(Dataset dataset) {
            if (numa == Numa.NONE) {
                return;
            }
            if (!(dataset instanceof DatasetFile file)) {
                throw new InvalidRequestException("PoolOptions.withNuma(" + numa
                        + ") places the pages of one file, and " + dataset.name() + " is several; leave it out");
            }
            datasets.computeIfAbsent(dataset, _ -> PlacedDataset.place(file, numa, memoryNodes, sink));
        }

        @Override
        public Dataset dataFor(int worker, Dataset dataset) {
            PlacedDataset placed = datasets.get(dataset);
            return placed == null ? dataset : placed.fileFor(node(worker));
        }

        @Override
        public Set<DatasetFile> filesFor(Dataset dataset) {
            return IntStream.range(0, procs)
                    .boxed()
                    .flatMap(worker -> dataFor(worker, dataset).parts().stream())
                    .collect(Collectors.toSet());
        }

        @Override
        public String named(String message) {
            for (PlacedDataset placed : datasets.values()) {
                message = placed.named(message);
            }
            return message;
        }

        @Override
        public int[] homes(Optional<Dataset> dataset, List<Slice> slices) {
            return numa == Numa.LOCAL && dataset.isPresent()
                    ? datasets.get(dataset.get()).homes(slices)
                    : NO_HOMES;
        }

        @Override
        public PlacementReport report(Optional<Dataset> dataset) {
            List<Place> places = pinCommand.isEmpty()
                    ? List.of()
                    : IntStream.range(0, procs).mapToObj(order::place).toList();
            PlacedDataset placed = dataset.map(datasets::get).orElse(null);
            if (placed == null) {
                return new PlacementReport(placement, places, List.of(), Map.of(), Map.of());
            }
            List<Path> copies = numa != Numa.MIRROR
                    ? List.of()
                    : IntStream.range(0, procs)
                            .mapToObj(worker -> placed.fileFor(node(worker)).path())
                            .toList();
            return new PlacementReport(placement, places, copies, placed.pagesBefore(), placed.pagesNow());
        }

        @Override
        public void close() {
            datasets.values().forEach(PlacedDataset::close);
        }
    }
}
