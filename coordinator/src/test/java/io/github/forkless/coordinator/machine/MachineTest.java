package io.github.forkless.coordinator.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MachineTest {
    private static final long GIB = 1L << 30;

    @TempDir
    private Path folder;

    private Machine machine(String recorded) {
        return Machine.read(RecordedMachine.unpack(recorded, folder));
    }

    @Test
    void nodesHaveTheirProcessorsMemoryAndDistances() {
        Machine machine = machine("two-sockets-smt");

        assertThat(machine.nodes()).extracting(Node::id).containsExactly(0, 1);
        assertThat(machine.nodes()).extracting(Node::cpuList).containsExactly("0-3,8-11", "4-7,12-15");
        assertThat(machine.nodes()).extracting(Node::distances).containsExactly(List.of(10, 21), List.of(21, 10));
        assertThat(machine.nodes()).extracting(Node::totalBytes).containsExactly(16 * GIB, 16 * GIB);
        assertThat(machine.processors()).isEqualTo(16);
    }

    @Test
    void whatANodeCanGiveIsWhatIsFreeAndFilesThatCanBeDropped() {
        assertThat(machine("two-sockets-smt").nodes())
                .extracting(Node::availableBytes)
                .containsExactly(8 * GIB + (6 - 1) * GIB, 14 * GIB);
    }

    @Test
    void siblingsShareACore() {
        assertThat(machine("two-sockets-smt").cpus())
                .filteredOn(cpu -> cpu.id() == 3 || cpu.id() == 11)
                .containsExactly(new Cpu(3, 0, 0, 3), new Cpu(11, 0, 0, 3));
    }

    @Test
    void anAffinityMaskTakesProcessorsAway() {
        Machine machine = machine("affinity-mask");

        assertThat(machine.nodes()).extracting(Node::cpuList).containsExactly("2", "6-7,12");
        assertThat(machine.processors()).isEqualTo(4);
        assertThat(machine.onlineCpus()).isEqualTo(16);
    }

    @Test
    void aCpusetTakesANodeAway() {
        Machine machine = machine("cpuset-one-node");

        assertThat(machine.workNodes()).extracting(Node::id).containsExactly(1);
        assertThat(machine.nodes().getFirst().hasMemory()).isFalse();
        assertThat(machine.nodes().getFirst().availableBytes()).isZero();
        assertThat(machine.processors()).isEqualTo(8);
    }

    @Test
    void aQuotaOfOneAndAHalfIsTwoWorkers() {
        for (String container : List.of("container-v2", "container-v1")) {
            Machine machine = machine(container);

            assertThat(machine.cpuQuota()).as(container).hasValue(1.5);
            assertThat(machine.processors()).as(container).isEqualTo(2);
        }
    }

    @Test
    void theTightestOfTheGroupsAroundCounts() {
        Machine machine = machine("nested-v2");

        assertThat(machine.cpuQuota()).hasValue(3);
        assertThat(machine.memory()).isEqualTo(new Memory(2 * GIB, 2 * GIB));
    }

    @Test
    void aGroupsMemoryIsItsLimitWithoutWhatCannotBeDropped() {
        for (String container : List.of("container-v2", "container-v1")) {
            assertThat(machine(container).memory())
                    .as(container)
                    .isEqualTo(new Memory(GIB, GIB - 805306368 + 500000000));
        }
    }

    @Test
    void withoutALimitTheMachinesOwnMemoryCounts() {
        Machine machine = machine("unlimited-v1");

        assertThat(machine.cpuQuota()).isEmpty();
        assertThat(machine.memory()).isEqualTo(new Memory(16 * GIB, 12 * GIB));
    }

    @Test
    void nodesMayBeNumberedWithHoles() {
        Machine machine = machine("hole-in-nodes");

        assertThat(machine.nodes()).extracting(Node::id).containsExactly(0, 2);
        assertThat(machine.nodes()).extracting(Node::cpuList).containsExactly("0-1", "2-3");
        assertThat(machine.onlineCpus()).isEqualTo(4);
    }

    @Test
    void aNodeWithoutMemoryHasThatOfTheClosest() {
        Machine machine = machine("node-without-memory");

        assertThat(machine.workNodes()).extracting(Node::id).containsExactly(0, 1);
        assertThat(machine.workNodes())
                .extracting(node -> machine.memoryFor(node).orElseThrow())
                .containsExactly(0, 2);
    }

    @Test
    void aNodeWithoutProcessorsIsSeenAndHasNoWork() {
        Machine machine = machine("node-without-memory");

        assertThat(machine.nodes()).extracting(Node::cpuList).containsExactly("0-1", "2-3", "");
        assertThat(machine.nodes()).extracting(Node::hasMemory).containsExactly(true, false, true);
    }

    @Test
    void withoutSysThereIsOneNode() {
        Machine machine = machine("no-sys");

        assertThat(machine.nodes()).hasSize(1);
        assertThat(machine.nodes().getFirst().cpuList()).isEqualTo("0-2");
        assertThat(machine.nodes().getFirst().totalBytes()).isEqualTo(4 * GIB);
        assertThat(machine.processors()).isEqualTo(3);
    }

    /** What a plain run goes by, because asking it costs nothing. */
    @Test
    void thisMachineHasAsManyProcessorsAsTheJvmSays() {
        assertThat(Machine.read().processors()).isEqualTo(Runtime.getRuntime().availableProcessors());
    }
}
