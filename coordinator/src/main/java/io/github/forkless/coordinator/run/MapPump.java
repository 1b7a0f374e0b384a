package io.github.forkless.coordinator.run;

import io.github.forkless.common.dataset.Slice;
import io.github.forkless.common.value.TypeFinder;
import io.github.forkless.common.value.ValueRefusedException;
import io.github.forkless.common.value.ValueWriter;
import io.github.forkless.common.wire.ByteWriter;
import io.github.forkless.common.wire.WireException;
import io.github.forkless.coordinator.result.Failure;
import io.github.forkless.coordinator.result.InvalidRequestException;
import io.github.forkless.coordinator.result.RunFailedException;
import io.github.forkless.coordinator.run.MapRun.Parameters;
import io.github.forkless.coordinator.run.RunOutcome.EncodedResults;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * Feeds a {@link MapRun} with its parameters and takes out its results, on the thread of whoever wants these: what code of
 * the user's runs for that, an iterator's, a parameter's accessors, a result's constructor, runs there and keeps nobody else
 * waiting. Parameters are drawn as they are needed, and where results are not taken, no more are asked for.
 *
 * <p>Its listener's methods are called by other threads; all else is for one thread at a time.
 */
public final class MapPump implements MapRun.Listener {
    private static final Object[] NOTHING = {};

    private static final int CHUNK_PARAMETERS = 4096;
    private static final int CHUNK_BYTES = 1 << 20;

    /** How often to look whether the run has ended, in case no event could say so. */
    private static final long SECONDS_BETWEEN_LOOKS = 1;

    private final Iterator<?> parameters;
    private final Iterator<Slice> ranges;
    private final long largest;
    private final TypeFinder types;
    private final Window window;
    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private final AtomicLong waitingResults = new AtomicLong();
    private final AtomicLong waitingBytes = new AtomicLong();
    private MapRun run;
    private Consumer<Runnable> underLock;

    private long nextParameter;
    private Slice range = new Slice(0, 0);
    private boolean isFed;

    // What was taken last.
    private EncodedResults current;
    private Object[] decoded = NOTHING;
    private int position;
    private int index;
    private Object value;
    private Failure failure;

    /**
     * How much may wait to be taken before the run pauses.
     *
     * @param results how many
     * @param bytes and how large they may be together
     */
    public record Window(long results, long bytes) {
        /** All results are wanted, however long that takes. */
        public static final Window UNLIMITED = new Window(Long.MAX_VALUE, Long.MAX_VALUE);
    }

    private sealed interface Event {}

    private record Arrived(EncodedResults results) implements Event {}

    private record FailedParameter(int parameter, Failure failure) implements Event {}

    private record Hungry() implements Event {}

    private record Ended() implements Event {}

    /**
     * @param parameters all of them
     * @param ranges which of them are to be fed, in ascending order
     * @param largest how many bytes a parameter may take
     * @param types the classes that results may be made of
     */
    public MapPump(Iterable<?> parameters, List<Slice> ranges, long largest, TypeFinder types, Window window) {
        this.parameters = parameters.iterator();
        this.ranges = ranges.iterator();
        this.largest = largest;
        this.types = types;
        this.window = window;
    }

    /**
     * Feeds what the run needs to begin with. To be called before it is handed over.
     *
     * @param underLock does something while no other thread is at the run, and then deals what has come up
     * @throws InvalidRequestException when a parameter cannot travel
     */
    public void connect(MapRun run, Consumer<Runnable> underLock) {
        this.run = run;
        this.underLock = Runnable::run;
        feed();
        this.underLock = underLock;
        run.result().whenComplete((_, _) -> events.add(new Ended()));
    }

    /** Whether all parameters are fed, so that the run goes on by itself. */
    public boolean isFed() {
        return isFed;
    }

    // ---- the run's side

    @Override
    public void arrived(EncodedResults results) {
        waitingResults.addAndGet(results.end() - results.first());
        waitingBytes.addAndGet(results.content().length);
        events.add(new Arrived(results));
    }

    @Override
    public void failed(int parameter, Failure failure) {
        events.add(new FailedParameter(parameter, failure));
    }

    @Override
    public void isHungry() {
        events.add(new Hungry());
    }

    @Override
    public boolean hasRoom() {
        return waitingResults.get() < window.results && waitingBytes.get() < window.bytes;
    }

    // ---- the user's side

    /**
     * Waits for the next result, or failure of a parameter, and makes it the current one.
     *
     * @return false when there are no more, as the run is done
     * @throws RuntimeException what reading a parameter or making a result threw; the run is then of no use any more
     */
    public boolean next() throws InterruptedException {
        while (position == decoded.length) {
            switch (take()) {
                case Arrived(EncodedResults results) -> decode(results);
                case FailedParameter(int parameter, Failure why) -> {
                    index = parameter;
                    value = null;
                    failure = why;
                    return true;
                }
                case Hungry _ -> feed();
                case Ended ended -> {
                    events.add(ended); // for the next call
                    return false;
                }
            }
        }
        index = current.first() + position;
        value = decoded[position];
        decoded[position++] = null;
        failure = null;
        return true;
    }

    private Event take() throws InterruptedException {
        Event event = events.poll();
        while (event == null) {
            event = events.poll(SECONDS_BETWEEN_LOOKS, TimeUnit.SECONDS);
            if (event == null && run.isDone() && events.isEmpty()) {
                return new Ended();
            }
        }
        return event;
    }

    private void decode(EncodedResults results) {
        // In one step each, for more may arrive at any time, and the run may pause.
        boolean wasFull = waitingResults.getAndAdd(results.first() - results.end()) >= window.results;
        wasFull |= waitingBytes.getAndAdd(-results.content().length) >= window.bytes;
        if (wasFull && hasRoom()) {
            underLock.accept(() -> {});
        }
        current = results;
        position = 0;
        decoded = NOTHING;
        try {
            decoded = ResultReader.read(results, types);
        } catch (WireException | ValueRefusedException e) {
            throw new RunFailedException(
                    "what came of parameters " + results.first() + " to " + (results.end() - 1) + " is no result here: "
                            + e.getMessage(),
                    List.of(),
                    e);
        }
    }

    /** Which parameter the current result is of. */
    public int index() {
        return index;
    }

    /** The current result; null may be one. */
    public Object value() {
        return value;
    }

    /** Why there is no current result; null if there is. */
    public Failure failure() {
        return failure;
    }

    // ---- feeding

    private void feed() {
        Parameters chunk = nextChunk();
        if (chunk.count() > 0) {
            underLock.accept(() -> run.feed(chunk));
        }
        if (isFed) {
            underLock.accept(run::endOfParameters);
        }
    }

    /** Of one range, and perhaps empty if there is nothing more. */
    private Parameters nextChunk() {
        while (range.from() == range.to() && ranges.hasNext()) {
            range = ranges.next();
        }
        skipTo(range.from());
        var bytes = new ByteWriter();
        var values = new ValueWriter(bytes, largest);
        int[] ends = new int[(int) Math.min(CHUNK_PARAMETERS, range.to() - range.from())];
        int count = 0;
        while (count < ends.length && bytes.size() < CHUNK_BYTES && parameters.hasNext()) {
            try {
                values.restart(); // for a task may begin with any of them
                values.write(parameters.next());
            } catch (ValueWriter.TooLargeException e) {
                throw InvalidRequestException.ofCopy("parameter " + nextParameter, largest);
            } catch (IllegalArgumentException | WireException e) {
                throw new InvalidRequestException("parameter " + nextParameter + ": " + e.getMessage());
            }
            ends[count++] = bytes.size();
            nextParameter++;
        }
        long first = range.from();
        range = parameters.hasNext() ? new Slice(nextParameter, range.to()) : new Slice(range.to(), range.to());
        isFed = range.from() == range.to() && !ranges.hasNext();
        if (nextParameter == Integer.MAX_VALUE && parameters.hasNext()) {
            throw new InvalidRequestException(
                    "there are more than 2,147,483,647 parameters; pass them to several calls");
        }
        return new Parameters((int) first, bytes.toByteArray(), Arrays.copyOf(ends, count));
    }

    private void skipTo(long parameter) {
        for (; nextParameter < parameter && parameters.hasNext(); nextParameter++) {
            parameters.next();
        }
    }
}
