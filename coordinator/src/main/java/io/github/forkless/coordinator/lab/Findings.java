package io.github.forkless.coordinator.lab;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * What was found so far: of each experiment that was begun, its set-up and what it has measured. Safe for use by several
 * threads, of which one adds to it.
 */
public final class Findings {
    private final Shape machine;
    private final List<Measurement> sharing = new CopyOnWriteArrayList<>();
    private final List<Measurement> scaling = new CopyOnWriteArrayList<>();
    private final List<Consequence> isolation = new CopyOnWriteArrayList<>();
    private final List<Repetition> again = new CopyOnWriteArrayList<>();
    private volatile Again againSetUp;
    private volatile Isolation isolationSetUp;
    private volatile Sharing sharingSetUp;
    private volatile Scaling scalingSetUp;
    private volatile boolean isComplete;

    /** Of this machine. */
    public Findings() {
        this(Shape.here());
    }

    Findings(Shape machine) {
        this.machine = machine;
    }

    public Shape machine() {
        return machine;
    }

    public void begin(Sharing setUp) {
        sharingSetUp = setUp;
    }

    public void begin(Scaling setUp) {
        scalingSetUp = setUp;
    }

    public void begin(Isolation setUp) {
        isolationSetUp = setUp;
    }

    public void begin(Again setUp) {
        againSetUp = setUp;
    }

    /** Empty if that was not begun. */
    public Optional<Sharing> sharingSetUp() {
        return Optional.ofNullable(sharingSetUp);
    }

    public Optional<Scaling> scalingSetUp() {
        return Optional.ofNullable(scalingSetUp);
    }

    public Optional<Isolation> isolationSetUp() {
        return Optional.ofNullable(isolationSetUp);
    }

    public Optional<Again> againSetUp() {
        return Optional.ofNullable(againSetUp);
    }

    /** To be added to. */
    public List<Measurement> sharing() {
        return sharing;
    }

    /** To be added to. */
    public List<Measurement> scaling() {
        return scaling;
    }

    /** To be added to. */
    public List<Consequence> isolation() {
        return isolation;
    }

    /** To be added to, with a process for each command first. */
    public List<Repetition> again() {
        return again;
    }

    /** Whether everything that was asked for was measured. */
    public boolean isComplete() {
        return isComplete;
    }

    public void complete() {
        isComplete = true;
    }

    /** What the speed-up of an arrangement is counted from: one thread. */
    public Optional<Measurement> single() {
        return sharing.stream()
                .filter(measured -> measured.arrangement().name().equals(OneJvm.SINGLE))
                .findFirst();
    }

    /** What Forkless is for. */
    Optional<Measurement> shared() {
        return sharing.stream()
                .filter(measured -> measured.arrangement().name().equals(Shared.NAME))
                .findFirst();
    }

    /** From how much work on that pays; empty if it does not, or is not known. */
    public Optional<BreakEven> breakEven() {
        return single().flatMap(one -> shared().flatMap(with -> BreakEven.of(one, with)));
    }

    /** What the speed-up with more workers is counted from: the same with one. */
    public Optional<Measurement> oneWorker(Measurement with) {
        return scaling.stream()
                .filter(one ->
                        one.arrangement().name().equals(with.arrangement().name())
                                && one.kernel() == with.kernel()
                                && one.procs() == 1)
                .findFirst();
    }
}
