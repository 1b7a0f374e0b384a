package io.github.forkless.coordinator.lab;

import java.util.List;
import java.util.stream.Stream;

/** All arrangements that there are. */
public final class Arrangements {
    /** Those of {@code coordinator lab sharing}, in the order in which they are measured and shown. */
    public static final List<Arrangement> SHARING = List.of(
            new Trivial(),
            new OneJvm(OneJvm.SINGLE),
            new OneJvm("threads"),
            new ByValue(),
            new Managed(),
            new Serialized(),
            new CopyEach(),
            new Shared(),
            new SharedArray());

    /** What {@code coordinator lab scaling} has beside {@code shared}. */
    public static final Arrangement SHARED_SCAN = new SharedScan();

    static Arrangement named(String name) {
        return Stream.concat(SHARING.stream(), Stream.of(SHARED_SCAN))
                .filter(arrangement -> arrangement.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private Arrangements() {}
}
