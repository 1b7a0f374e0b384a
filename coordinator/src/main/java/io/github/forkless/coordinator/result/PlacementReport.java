package io.github.forkless.coordinator.result;

import io.github.forkless.coordinator.machine.Place;
import io.github.forkless.coordinator.machine.Placement;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Where a pool's workers and its dataset were put.
 *
 * @param placement what was asked for
 * @param workers where each worker was to be kept, by its place in the pool; empty if that was not asked for or could
 *     not be done
 * @param copies what each worker has mapped in place of the dataset, by its place in the pool; empty if that itself
 * @param pagesBefore how many bytes of the dataset were in memory on each node before anything was done about it; empty
 *     if that was not looked at
 * @param pagesAfter the same at the end of the run; with {@link io.github.forkless.coordinator.machine.Numa#MIRROR} of
 *     all copies together
 */
public record PlacementReport(
        Placement placement,
        List<Place> workers,
        List<Path> copies,
        Map<Integer, Long> pagesBefore,
        Map<Integer, Long> pagesAfter) {}
