package io.github.forkless.coordinator.lab;

import java.time.Duration;
import java.util.OptionalDouble;

/**
 * One arrangement, measured from outside and found to give the right answer.
 *
 * @param arrangement which
 * @param kernel what its jobs did with the elements
 * @param procs how many threads or worker processes it had
 * @param elements how many elements each of its jobs read; 0 if they touched none
 * @param jobs how many jobs
 * @param isWhole whether that was all of the work, or only the portion that can be waited for
 * @param wall from starting the first process to the last result
 * @param start from the same moment until all processes were up and the program had its data
 * @param first from the same moment to the first result
 * @param cpu of all processes until then, user and system
 * @param pipedBytes what its processes have written to each other
 * @param processes how many they were
 * @param proportionalBytes the sum of their proportional sizes, when the last result was there and all still ran
 * @param residentBytes the sum of their resident sizes, then
 * @param others which part of all processors' time was others' meanwhile, from 0 to 1
 */
public record Measurement(
        Arrangement arrangement,
        Kernel kernel,
        int procs,
        long elements,
        int jobs,
        boolean isWhole,
        Duration wall,
        Duration start,
        Duration first,
        Duration cpu,
        long pipedBytes,
        int processes,
        long proportionalBytes,
        long residentBytes,
        double others) {

    /** From the start to the last result, with all that the data takes to come to the workers. */
    public Duration work() {
        return wall.minus(start);
    }

    /** How many elements all jobs read together. */
    public long reads() {
        return elements * jobs;
    }

    /** What one element cost one job in nanoseconds, without the start; empty if none was read. */
    public OptionalDouble nanosPerElement() {
        return reads() == 0 ? OptionalDouble.empty() : OptionalDouble.of(work().toNanos() / (double) reads());
    }

    /** How many times as fast as {@code other} it went through its elements, once started; empty if one of them read none. */
    public OptionalDouble speedUpOver(Measurement other) {
        return nanosPerElement().isEmpty() || other.nanosPerElement().isEmpty()
                ? OptionalDouble.empty()
                : OptionalDouble.of(other.nanosPerElement().getAsDouble()
                        / nanosPerElement().getAsDouble());
    }
}
