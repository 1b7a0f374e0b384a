package io.github.forkless.coordinator.machine;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which places a machine has for workers, in the order in which they are taken. Neighbours in that order are on different
 * nodes, so that few workers have the memory of all nodes to read from, and those of one node differ by one at most
 * as long as nodes are alike. With more workers than places the order starts again.
 */
public final class PlaceOrder {
    private final List<Place> places;

    private PlaceOrder(List<Place> places) {
        this.places = places;
    }

    /**
     * @param pin not {@link Pin#NONE}
     * @throws IllegalStateException when there is no processor at all to be used
     */
    public static PlaceOrder of(Machine machine, Pin pin) {
        List<Place> places = pin == Pin.CPU ? processors(machine) : nodes(machine);
        if (places.isEmpty()) {
            throw new IllegalStateException("the kernel names no processor that this process may use");
        }
        return new PlaceOrder(places);
    }

    private static List<Place> nodes(Machine machine) {
        return machine.workNodes().stream()
                .map(node -> new Place(node.id(), node.cpuList()))
                .toList();
    }

    /** One thread of each core, from node to node in turns; then the next thread of each. */
    private static List<Place> processors(Machine machine) {
        List<Ranked> ranked = new ArrayList<>();
        for (Node node : machine.workNodes()) {
            Map<Integer, Integer> threadsOfCore = new HashMap<>();
            Map<Integer, Integer> cpusOfThread = new HashMap<>();
            for (Cpu cpu : node.cpus()) {
                int thread = threadsOfCore.merge(cpu.core(), 1, Integer::sum);
                ranked.add(new Ranked(thread, cpusOfThread.merge(thread, 1, Integer::sum), cpu));
            }
        }
        ranked.sort(Comparator.comparingInt(Ranked::thread).thenComparingInt(Ranked::round));
        return ranked.stream()
                .map(it -> new Place(it.cpu.node(), Integer.toString(it.cpu.id())))
                .toList();
    }

    /** @param round the how-manieth of its node's processors of that {@code thread} it is */
    private record Ranked(int thread, int round, Cpu cpu) {}

    /** Where the worker with this place in the pool is kept, from 0. */
    public Place place(int worker) {
        return places.get(worker % places.size());
    }
}
