package io.github.forkless.coordinator.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.forkless.common.dataset.DatasetFile;
import io.github.forkless.common.dataset.ElementType;
import io.github.forkless.common.dataset.FileIdentity;
import io.github.forkless.common.dataset.Layout;
import io.github.forkless.common.process.ProcessStat;
import io.github.forkless.coordinator.report.ProcessMemory.Mapping;
import io.github.forkless.coordinator.report.RunFacts.WorkerFacts;
import io.github.forkless.coordinator.result.Recording;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SharingProofTest {
    private static final long BYTES = 1 << 20;
    private static final Mapping WHOLE = new Mapping("r--s", BYTES, BYTES, 0, 0, 0, 0);
    private static final Mapping HALF = new Mapping("r--s", BYTES, BYTES / 2, 0, 0, 0, 0);

    @Test
    void everyWorkerMayMapAllOfIt() {
        assertThat(proof(List.of(HALF), List.of(HALF)).objections()).isEmpty();
    }

    @Test
    void pagesThatAreNotOnTheDiskYetAreNoCopies() {
        assertThat(proof(List.of(new Mapping("r--s", BYTES, BYTES, BYTES, 0, 0, 0)))
                        .objections())
                .isEmpty();
    }

    @Test
    void aPageThatWasCopiedIsNone() {
        assertThat(proof(List.of(HALF), List.of(HALF, new Mapping("rw-p", 4096, 4096, 4096, 4096, 0, 0)))
                        .objections())
                .containsExactly("worker 1, pid 101, has copied 4096 bytes of it");
    }

    @Test
    void aCopyMayHideInSwap() {
        assertThat(proof(List.of(new Mapping("rw-p", BYTES, BYTES, 0, 0, 4096, 0)))
                        .objections())
                .containsExactly("worker 0, pid 100, has a private mapping of it, part of which was moved to swap");
        assertThat(proof(List.of(new Mapping("r--s", BYTES, BYTES, 0, 0, 4096, 0)))
                        .objections())
                .as("pages of a file in memory")
                .isEmpty();
    }

    @Test
    void twoWholeCopiesAreMoreThanOne() {
        assertThat(proof(List.of(WHOLE), List.of(WHOLE)).objections())
                .containsExactly("what the workers have of it adds up to 2097152 bytes, but there are 1048576");
    }

    @Test
    void aWorkerThatHasWorkedHasMappedIt() {
        assertThat(proof(List.of(WHOLE), List.of()).objections())
                .containsExactly("worker 1, pid 101, has worked, but not on a mapping of it");
    }

    /** Of workers that have each finished a task. */
    @SafeVarargs
    private static SharingProof proof(List<Mapping>... mappings) {
        var dataset = new DatasetFile(
                Path.of("/data.bin"), Layout.of(ElementType.INT32, 0, BYTES / 4), new FileIdentity(1, 2, BYTES, 0, 0));
        List<WorkerFacts> workers = new ArrayList<>();
        for (List<Mapping> mapping : mappings) {
            int id = workers.size();
            workers.add(new WorkerFacts(
                    new Recording.Worker(id, 100 + id, 0, 0, 0, 0, Recording.UNKNOWN, "", "ok", 1, 0),
                    Optional.of(new ProcessMemory(2 * BYTES, 2 * BYTES, mapping)),
                    ProcessStat.NONE,
                    Optional.empty()));
        }
        var request = new Request(
                "sum",
                Optional.of(dataset),
                Map.of(),
                "processes",
                workers.size(),
                new ParameterSets(List.of(Map.of()), false),
                Recording.NONE,
                Optional.empty());
        return SharingProof.of(new RunFacts(
                request,
                Optional.of(new MappedFile("08:01", 2)),
                workers,
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Environment.of(Optional.empty(), false)));
    }
}
