package io.github.forkless.coordinator.schedule;

import io.github.forkless.common.dataset.FileIdentity;
import io.github.forkless.testing.Thorough;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Never hangs, never loses, never blames the innocent: whatever workers do, and in whatever order it becomes known.
 *
 * <p>{@code -Dforkless.seeds=1000000} plays more of it, {@code -Dforkless.seed=4711} the one game that failed.
 */
class SimulationTest {
    private static final long SEEDS = Long.getLong("forkless.seeds", Thorough.or(2_000, 1_000));

    @TempDir
    Path folder;

    @Test
    void everyRunEndsWithItsAnswerOrWithItsOwnFailure() throws Exception {
        Path file = Files.createFile(folder.resolve("data"));
        FileIdentity identity = FileIdentity.of(file);
        Long only = Long.getLong("forkless.seed");
        long from = only != null ? only : 1;
        long to = only != null ? only : SEEDS;
        for (long seed = from; seed <= to; seed++) {
            var simulation = new Simulation(seed, file, identity);
            try {
                simulation.play();
            } catch (Throwable e) {
                throw new AssertionError(
                        "seed " + seed + " (-Dforkless.seed=" + seed + " plays it again): " + e + "; " + simulation, e);
            }
        }
    }
}
