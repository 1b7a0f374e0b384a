package io.github.forkless.coordinator.lab;

import java.time.Duration;
import java.util.Optional;

/**
 * From how much work on workers that share their data are faster than one thread, their start included.
 *
 * @param oneThread how long one thread works on so much
 * @param reads how many elements all jobs read together
 */
public record BreakEven(Duration oneThread, long reads) {

    /**
     * Found from the start and the work of both, as work takes time in proportion to the elements that are read. Empty if the workers
     * save nothing, or there was too little work to tell.
     */
    static Optional<BreakEven> of(Measurement single, Measurement shared) {
        double saved = 1 - 1 / shared.speedUpOver(single).orElse(0);
        double later = shared.start().minus(single.start()).toNanos();
        if (!(saved > 0) || Judgement.isTooLittle(single, shared)) {
            return Optional.empty();
        }
        double nanos = Math.max(0, later) / saved;
        return Optional.of(new BreakEven(Duration.ofNanos((long) nanos), (long)
                (nanos / single.nanosPerElement().orElseThrow())));
    }
}
