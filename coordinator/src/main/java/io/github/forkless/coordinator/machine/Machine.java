package io.github.forkless.coordinator.machine;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * The memory nodes and processors of this machine, cut down to what this process may use: by its affinity mask, its
 * cpuset, and the quotas of the control groups that it is in.
 *
 * @param nodes in the order of their numbers; all of the machine's, with those processors that may be used
 * @param onlineCpus how many processors the machine has, whether they may be used or not
 * @param cpuQuota so many processors' worth of time may be used, if that is limited
 * @param memory what is left of it, over all nodes
 */
public record Machine(List<Node> nodes, int onlineCpus, OptionalDouble cpuQuota, Memory memory) {
    private static final String NODES = "sys/devices/system/node/";
    private static final String CPUS = "sys/devices/system/cpu/";
    private static final String STATUS = "proc/self/status";

    /** What the kernel says of a node's distance to itself, and of its distance to others where it says nothing. */
    private static final int NEAR = 10;

    private static final int FAR = 20;

    public Machine {
        nodes = List.copyOf(nodes);
    }

    /** Asks the kernel. Without /sys, as in some containers, there is one node. */
    public static Machine read() {
        return read(Kernel.HERE);
    }

    static Machine read(Kernel kernel) {
        Memory memory = Memory.read(kernel);
        BitSet online = kernel.text(CPUS + "online")
                .or(() -> kernel.field(STATUS, "Cpus_allowed_list"))
                .map(NumberSet::parse)
                .orElseGet(BitSet::new);
        BitSet allowed = allowed(kernel, "Cpus_allowed_list", online);
        List<Node> nodes = new ArrayList<>();
        BitSet numbers = kernel.text(NODES + "online").map(NumberSet::parse).orElseGet(BitSet::new);
        BitSet allowedNodes = allowed(kernel, "Mems_allowed_list", numbers);
        for (int id : numbers.stream().toArray()) {
            nodes.add(node(kernel, id, allowed, allowedNodes.get(id), numbers.cardinality()));
        }
        if (nodes.isEmpty()) {
            nodes.add(new Node(
                    0,
                    cpus(kernel, 0, allowed),
                    memory.totalBytes(),
                    kernel.bytes("proc/meminfo", "MemFree").orElse(0),
                    kernel.bytes("proc/meminfo", "Cached").orElse(0),
                    true,
                    List.of(NEAR)));
        }
        return new Machine(nodes, online.cardinality(), new Cgroup(kernel).cpuQuota(), memory);
    }

    /** The mask includes what a cpuset takes away; it may include processors and nodes that were never there. */
    private static BitSet allowed(Kernel kernel, String mask, BitSet online) {
        BitSet both = (BitSet) online.clone();
        kernel.field(STATUS, mask).map(NumberSet::parse).ifPresent(both::and);
        return both;
    }

    private static Node node(Kernel kernel, int id, BitSet allowedCpus, boolean isAllowed, int nodes) {
        String folder = NODES + "node" + id + "/";
        BitSet cpus = kernel.text(folder + "cpulist").map(NumberSet::parse).orElseGet(BitSet::new);
        cpus.and(allowedCpus);
        String meminfo = folder + "meminfo";
        long files = kernel.bytes(meminfo, "FilePages").orElse(0)
                - kernel.bytes(meminfo, "Shmem").orElse(0)
                - kernel.bytes(meminfo, "Dirty").orElse(0);
        return new Node(
                id,
                cpus(kernel, id, cpus),
                kernel.bytes(meminfo, "MemTotal").orElse(0),
                kernel.bytes(meminfo, "MemFree").orElse(0),
                Math.max(0, files),
                isAllowed,
                distances(kernel.text(folder + "distance").orElse(""), nodes));
    }

    private static List<Integer> distances(String text, int nodes) {
        List<Integer> distances = new ArrayList<>();
        for (String distance : text.isEmpty() ? new String[0] : text.split("\\s+")) {
            distances.add(Integer.valueOf(distance));
        }
        while (distances.size() < nodes) {
            distances.add(FAR);
        }
        return distances;
    }

    private static List<Cpu> cpus(Kernel kernel, int node, BitSet numbers) {
        List<Cpu> cpus = new ArrayList<>();
        for (int id : numbers.stream().toArray()) {
            String topology = CPUS + "cpu" + id + "/topology/";
            int socket = (int) kernel.number(topology + "physical_package_id").orElse(0);
            int core = kernel.text(topology + "thread_siblings_list")
                    .map(siblings -> NumberSet.parse(siblings).nextSetBit(0))
                    .orElse(id);
            cpus.add(new Cpu(id, node, socket, core));
        }
        return cpus;
    }

    /** The processors that this process may use, in the order of their numbers within their nodes. */
    public List<Cpu> cpus() {
        return nodes.stream().flatMap(node -> node.cpus().stream()).toList();
    }

    /** How many workers can work at the same time: a processor for each, but no more than the quota gives, rounded up. */
    public int processors() {
        int usable = cpus().size();
        return cpuQuota.isEmpty() ? usable : Math.clamp((long) Math.ceil(cpuQuota.getAsDouble()), 1, usable);
    }

    /** The nodes that have processors for workers. */
    public List<Node> workNodes() {
        return nodes.stream().filter(node -> !node.cpus().isEmpty()).toList();
    }

    /** The node whose memory is closest to the processors of {@code node}: that one itself, if it has any. */
    public OptionalInt memoryFor(Node node) {
        return nodes.stream()
                .filter(Node::hasMemory)
                .min((a, b) -> Integer.compare(distance(node, a), distance(node, b)))
                .map(nearest -> OptionalInt.of(nearest.id()))
                .orElse(OptionalInt.empty());
    }

    private int distance(Node from, Node to) {
        return from.id() == to.id() ? 0 : from.distances().get(nodes.indexOf(to));
    }

    /** Processors as the kernel writes them: {@code 0-3,8}. */
    static String list(Collection<Cpu> cpus) {
        var numbers = new BitSet();
        cpus.forEach(cpu -> numbers.set(cpu.id()));
        return NumberSet.format(numbers);
    }
}
