package io.github.forkless.coordinator.machine;

import java.time.Duration;
import java.util.stream.Stream;

/**
 * Tells a process that takes long from one that will never be done. On a slow machine anything may take minutes, so that time
 * alone says nothing; but who gets on uses the processor. Not safe for use by several threads.
 */
public final class Standstill {
    private final ProcessHandle process;
    private final Duration patience;
    private Duration used = Duration.ZERO;
    private long nextLookNanos;

    /** @param patience how long a process that gets on may use no processor */
    public Standstill(ProcessHandle process, Duration patience) {
        this.process = process;
        this.patience = patience;
        this.nextLookNanos = System.nanoTime() + patience.toNanos();
    }

    /** Whether the process and those that it has started have used no processor for so long. May be asked often. */
    public boolean isThere() {
        if (System.nanoTime() - nextLookNanos < 0) {
            return false;
        }
        Duration now = Stream.concat(Stream.of(process), process.descendants())
                .map(each -> each.info().totalCpuDuration().orElse(Duration.ZERO))
                .reduce(Duration.ZERO, Duration::plus);
        boolean hasWorked = !now.equals(used); // less is a change too: one that it had started has ended
        used = now;
        nextLookNanos = System.nanoTime() + patience.toNanos();
        return !hasWorked;
    }
}
