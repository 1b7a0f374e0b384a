/**
 * Where a pool's workers are kept, and on which memory the data is that they read: {@link
 * io.github.forkless.coordinator.placement.WorkerPlaces}, {@code PlacedDataset}, {@link
 * io.github.forkless.coordinator.placement.HugeDataset}. Of pools that ask for nothing, nothing of the machine is looked at.
 */
package io.github.forkless.coordinator.placement;
