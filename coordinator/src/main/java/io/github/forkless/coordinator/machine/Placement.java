package io.github.forkless.coordinator.machine;

/**
 * Where workers run and where the pages of a dataset lie, on machines with several sockets; see docs/placement.md.
 *
 * @param pin what each worker is kept on
 * @param numa what is done about the dataset's pages. Where workers have to be on their nodes for it to help, {@code pin}
 *     is made {@link Pin#NODE} if it is {@link Pin#NONE}
 */
public record Placement(Pin pin, Numa numa) {
    /** Wherever the kernel puts both. */
    public static final Placement NONE = new Placement(Pin.NONE, Numa.NONE);

    public Placement {
        if (pin == Pin.NONE && (numa == Numa.LOCAL || numa == Numa.MIRROR)) {
            pin = Pin.NODE;
        }
    }

    /** Whether nothing is asked for. A record's own {@code equals} costs 10 ms at its first call. */
    public boolean isNone() {
        return pin == Pin.NONE && numa == Numa.NONE;
    }
}
