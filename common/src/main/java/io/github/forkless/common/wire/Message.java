package io.github.forkless.common.wire;

import io.github.forkless.common.dataset.Dataset;
import io.github.forkless.common.dataset.DatasetFile;
import io.github.forkless.common.dataset.ElementType;
import io.github.forkless.common.dataset.FileIdentity;
import io.github.forkless.common.dataset.Layout;
import io.github.forkless.common.dataset.Slice;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Everything that a coordinator and a worker say to each other; both ends of the encoding are in this file. See {@link
 * Frame} for the bytes around it and docs/protocol.md for who says what when.
 *
 * <pre>
 * coordinator: Open  Load            Work  Work  Work             Merge           (end of stream)
 * worker:      Ready       Loaded                Partial Partial         Partial
 * </pre>
 */
public sealed interface Message {

    /** The number of the dataset that has no file, which every worker has open. */
    int NO_DATASET = 0;

    // ---- coordinator to worker

    /** Map this dataset, to be called by {@code number} from now on. Not answered: a {@link Load} that needs it tells. */
    record Open(int number, Dataset dataset) implements Message {
        private static final int LEAST_FILE_BYTES = 71;
        private static final int LARGE_FILE_BYTES = 256;

        @Override
        public void write(ByteWriter out) {
            Frame.begin(out, OPEN, 0, number, 0, dataset.count());
            List<DatasetFile> parts = dataset.parts();
            out.putVarint(parts.size());
            for (int i = 0; i < parts.size(); i++) {
                write(parts.get(i), out);
            }
        }

        private static void write(DatasetFile file, ByteWriter out) {
            out.putString(file.path().toString());
            out.putByte(file.layout().storedType().ordinal());
            out.putLong(file.offset());
            out.putLong(file.count());
            out.putLong(file.bytes());
            out.putInt(file.layout().recordWidth());
            out.putString(file.layout().details());
            writeIdentity(file.identity(), out);
        }

        private static Open read(int number, ByteReader in) {
            DatasetFile[] parts = new DatasetFile[in.getCount(LEAST_FILE_BYTES)];
            for (int i = 0; i < parts.length; i++) {
                Path path = Path.of(in.getString());
                ElementType type = constant(ElementType.values(), in);
                Layout layout = Layout.of(type, in.getLong(), in.getLong(), in.getLong(), in.getInt(), in.getString());
                parts[i] = new DatasetFile(path, layout, readIdentity(in));
            }
            return new Open(number, Dataset.of(List.of(parts)));
        }

        @Override
        public long largeBytes() {
            int parts = dataset.parts().size();
            return parts == 1 ? 0 : (long) LARGE_FILE_BYTES * parts;
        }
    }

    /** Unmap a dataset: nothing more will be asked of it. Not answered. */
    record Close(int number) implements Message {
        @Override
        public void write(ByteWriter out) {
            Frame.begin(out, CLOSE, 0, number, 0, 0);
        }
    }

    /**
     * A file of shared data is known here by this identity, and on the coordinator's host by another: handles have that one. Not
     * answered.
     */
    record SharedHere(Path file, FileIdentity identity) implements Message {
        @Override
        public void write(ByteWriter out) {
            Frame.begin(out, SHARED_HERE, 0, 0, 0, 0);
            out.putString(file.toString());
            writeIdentity(identity, out);
        }
    }

    /** Unmap shared data, if a job has mapped it: no task uses it from now on. Not answered. */
    record CloseShared(long number) implements Message {
        @Override
        public void write(ByteWriter out) {
            Frame.begin(out, CLOSE_SHARED, 0, number, 0, 0);
        }
    }

    /**
     * An object that each worker makes for itself when a job asks for it by this number. Not answered.
     *
     * @param recipe how it is made and closed
     */
    record OpenPerWorker(long number, JobSource.Function recipe) implements Message {
        @Override
        public void write(ByteWriter out) {
            Frame.begin(out, OPEN_PER_WORKER, 0, number, 0, 0);
            recipe.write(out);
        }

        @Override
        public long largeBytes() {
            return recipe.largeBytes();
        }
    }

    /** Close this worker's own object, if it has made it. Not answered. */
    record ClosePerWorker(long number) implements Message {
        @Override
        public void write(ByteWriter out) {
            Frame.begin(out, CLOSE_PER_WORKER, 0, number, 0, 0);
        }
    }

    /**
     * Prepare this run's job; answered by {@link Loaded} or {@link Failed}.
     *
     * @param dataset the number it was opened by
     * @param countsFaults whether partials are to say how many page faults they took; counting costs 40 us a task
     */
    record Load(long run, int dataset, boolean countsFaults, JobSource source) implements Message {
        @Override
        public boolean isAnswered() {
            return true;
        }

        @Override
        public void write(ByteWriter out) {
            Frame.begin(out, LOAD, 0, run, 0, 0);
            out.putInt(dataset);
            out.putByte(countsFaults ? 1 : 0);
            source.write(out);
        }

        @Override
        public long largeBytes() {
            return source.largeBytes();
        }
    }

    /**
     * Feed a slice to some parameter sets, or apply a function to some parameters; answered by {@link Partial} or
     * {@link Failed}.
     *
     * @param parameters what to apply the function to, if the run's source is a {@link JobSource.Function}
     */
    record Work(Assignment assignment, byte[] parameters) implements Message {
        @Override
        public boolean isAnswered() {
            return true;
        }

        @Override
        public void write(ByteWriter out) {
            begin(out, WORK, assignment);
        }

        @Override
        public ByteSpan tail() {
            return ByteSpan.of(parameters);
        }

        @Override
        public long largeBytes() {
            return parameters.length;
        }
    }

    /**
     * Merge partials of neighbouring slices, given in the dataset's order; answered by {@link Partial} or {@link
     * Failed}. No partials and {@code finish} is how a job over an empty dataset gets its answer.
     *
     * @param failed which of the parameter sets have no answer any more, so that nothing is merged for them
     */
    record Merge(Assignment assignment, List<Integer> failed, List<Content> partials) implements Message {
        @Override
        public boolean isAnswered() {
            return true;
        }

        @Override
        public void write(ByteWriter out) {
            begin(out, MERGE, assignment);
            out.putVarint(failed.size());
            for (int set : failed) {
                out.putVarint(set);
            }
            out.putVarint(partials.size());
        }

        @Override
        public List<Content> parts() {
            return partials;
        }

        @Override
        public long largeBytes() {
            long bytes = 0;
            for (Content partial : partials) {
                bytes += partial instanceof ByteSpan ? partial.length() : 0;
            }
            return bytes;
        }
    }

    /** Forget a run's job. Not answered. */
    record Release(long run) implements Message {
        @Override
        public void write(ByteWriter out) {
            Frame.begin(out, RELEASE, 0, run, 0, 0);
        }
    }

    /** Forget all that was opened and loaded: another pool begins. Answered by {@link Ready}. */
    record Reset() implements Message {
        @Override
        public boolean isAnswered() {
            return true;
        }

        @Override
        public void write(ByteWriter out) {
            Frame.begin(out, RESET, 0, 0, 0, 0);
        }
    }

    // ---- worker to coordinator

    /**
     * The worker is up, for its first pool or for another. Who started it knows the rest.
     *
     * @param upNanos when its JVM came to the worker's code, or had forgotten the last pool, on the machine's monotonic
     *     clock
     */
    record Ready(long upNanos) implements Message {
        @Override
        public void write(ByteWriter out) {
            Frame.begin(out, READY, 0, 0, 0, 0);
            out.putLong(upNanos);
        }
    }

    /**
     * The job is prepared.
     *
     * @param ordered whether it must see the whole dataset in order
     * @param parameterSets how many there are
     * @param mappedNanos when the dataset had been mapped, on the machine's monotonic clock
     * @param preparedNanos when the job was prepared, on the same clock
     */
    record Loaded(long run, boolean ordered, int parameterSets, long mappedNanos, long preparedNanos)
            implements Message {
        @Override
        public void write(ByteWriter out) {
            Frame.begin(out, LOADED, 0, run, 0, parameterSets);
            out.putByte(ordered ? 1 : 0);
            out.putLong(mappedNanos);
            out.putLong(preparedNanos);
        }
    }

    /**
     * What an attempt returns.
     *
     * @param startedNanos when the worker began, on the machine's monotonic clock
     * @param busyNanos how long it worked
     * @param minorFaults pages that the worker's process was given meanwhile and that were in memory; -1 if not counted
     * @param majorFaults the same for pages that had to be read from a disk
     * @param content one partial, or one result if the assignment says to finish, per parameter set; opaque to the
     *     coordinator until it is a result
     */
    record Partial(
            Assignment assignment,
            long startedNanos,
            long busyNanos,
            long minorFaults,
            long majorFaults,
            Content content)
            implements Message {
        @Override
        public void write(ByteWriter out) {
            begin(out, content instanceof ByteSpan ? PARTIAL : PARTIAL_IN_FILE, assignment);
            out.putLong(startedNanos);
            out.putLong(busyNanos);
            out.putLong(minorFaults);
            out.putLong(majorFaults);
            if (!(content instanceof ByteSpan)) { // what is small loads no class of files
                ((ContentFile) content).write(out);
            }
        }

        @Override
        public ByteSpan tail() {
            return content instanceof ByteSpan span ? span : ByteSpan.NOTHING;
        }
    }

    /**
     * What was asked for cannot be done.
     *
     * @param run which run's {@link Load} or assignment failed
     * @param assignment which attempt failed; empty when it was a {@link Load}
     * @param item which parameter, or parameter set, it failed at; negative if that is not known
     * @param error the exception's class name
     * @param message what happened, in one line
     * @param trace the worker's stack trace
     */
    record Failed(
            long run,
            Optional<Assignment> assignment,
            FailureKind kind,
            int item,
            String error,
            String message,
            String trace)
            implements Message {
        @Override
        public void write(ByteWriter out) {
            if (assignment.isPresent()) {
                begin(out, FAILED_TASK, assignment.get());
            } else {
                Frame.begin(out, FAILED, 0, run, 0, 0);
            }
            out.putByte(kind.ordinal());
            out.putInt(item);
            out.putString(error);
            out.putString(message);
            out.putString(trace);
        }
    }

    /** Whose fault a failure is. */
    enum FailureKind {
        /** The request: an unknown job, a wrong parameter, a job that does not fit the data. */
        REQUEST,
        /** The dataset: missing, changed, truncated. */
        DATA,
        /** The job's code threw. */
        JOB
    }

    /**
     * One attempt of one task.
     *
     * @param run whose job this is
     * @param task the task's number within the run
     * @param attempt which try this is, from 1
     * @param firstSet first parameter set
     * @param endSet parameter set after the last
     * @param slice which part of the dataset
     * @param finish whether the answer is to be the result rather than a partial
     */
    record Assignment(long run, long task, int attempt, int firstSet, int endSet, Slice slice, boolean finish) {

        // Written out because a record's own costs 10 ms at its first call, which is in every run's way.
        @Override
        public boolean equals(Object other) {
            return other instanceof Assignment that
                    && run == that.run
                    && task == that.task
                    && attempt == that.attempt
                    && firstSet == that.firstSet
                    && endSet == that.endSet
                    && slice.from() == that.slice.from()
                    && slice.to() == that.slice.to()
                    && finish == that.finish;
        }

        @Override
        public int hashCode() {
            return Long.hashCode(run * 31 + task) * 31 + attempt;
        }
    }

    /** Whether it is a request that a worker answers, each with one message. */
    default boolean isAnswered() {
        return false;
    }

    /** Appends this message to {@code out}: a frame, and one for each of its parts in front of that. */
    default void encode(ByteWriter out) {
        for (Content part : parts()) {
            int start = out.size();
            finish(out, start, beginPart(out, part));
        }
        int start = out.size();
        write(out);
        finish(out, start, tail());
    }

    /**
     * Sends this message. What fits a pipe's atomic size arrives whole; what is large is not copied before.
     *
     * @param room for what is put together; cleared first
     */
    default void send(OutputStream stream, ByteWriter room) throws IOException {
        for (Content part : parts()) {
            room.clear();
            send(stream, room, beginPart(room, part));
        }
        room.clear();
        write(room);
        send(stream, room, tail());
        stream.flush();
    }

    /** Returns the tail of its frame. */
    private static ByteSpan beginPart(ByteWriter out, Content part) {
        if (part instanceof ByteSpan span) {
            Frame.begin(out, PART, 0, 0, 0, 0);
            return span;
        }
        Frame.begin(out, PART_IN_FILE, 0, 0, 0, 0);
        ((ContentFile) part).write(out);
        return ByteSpan.NOTHING;
    }

    private static void finish(ByteWriter out, int start, ByteSpan tail) {
        Frame.finish(out, start, tail);
        out.putRaw(tail);
    }

    private static void send(OutputStream stream, ByteWriter room, ByteSpan tail) throws IOException {
        if (tail.length() <= ByteSpan.PIECE_BYTES) {
            finish(room, 0, tail);
            room.writeTo(stream);
        } else {
            Frame.finish(room, 0, tail);
            room.writeTo(stream);
            tail.writeTo(stream);
        }
    }

    /** How many bytes it is made of that may be many; whatever else there is, is little. */
    default long largeBytes() {
        return tail().length();
    }

    /** What may be large, and is in an array of its own already. */
    default ByteSpan tail() {
        return ByteSpan.NOTHING;
    }

    /** What travels in front of it, each in a frame of its own: together they may be more than one can hold. */
    default List<Content> parts() {
        return List.of();
    }

    /**
     * Writes the frame's header and its payload, but for the {@link #tail}. A method of each message, and no switch over their types: the first
     * pattern switch takes a fresh JVM 3 ms, each further one half of that, and these are in the way of every start.
     */
    void write(ByteWriter out);

    /** The receiving end of a stream of messages. Not safe for use by several threads. */
    final class Reader {
        private final Frame.Reader frames;
        private final boolean takesRequests;

        /** Reads what anybody may say. */
        public Reader(InputStream stream) {
            this(stream, true);
        }

        private Reader(InputStream stream, boolean takesRequests) {
            this.frames = new Frame.Reader(stream);
            this.takesRequests = takesRequests;
        }

        /** Reads what a worker says; takes no request from there, nor any part of one. */
        public static Reader ofAnswers(InputStream stream) {
            return new Reader(stream, false);
        }

        /**
         * The next message, or empty at the stream's end.
         *
         * @throws WireException when what stands there is not a message
         * @throws java.io.EOFException when the stream ends within one
         * @throws IOException when the stream cannot be read
         */
        public Optional<Message> next() throws IOException {
            Optional<Frame> frame = next(List.of());
            if (frame.isEmpty()) {
                return Optional.empty();
            }
            List<Content> parts = isPart(frame.get()) ? new ArrayList<>() : List.of();
            while (isPart(frame.get())) {
                parts.add(part(frame.get()));
                frame = next(parts);
            }
            return Optional.of(decode(frame.get(), parts));
        }

        private Optional<Frame> next(List<Content> parts) throws IOException {
            Optional<Frame> frame = frames.next();
            if (frame.isEmpty() && !parts.isEmpty()) {
                throw new EOFException("the stream ended behind " + parts.size() + " parts of a message");
            }
            if (frame.isPresent() && !takesRequests && frame.get().type() < READY) {
                throw new WireException(
                        "a message of type " + frame.get().type() + " is a request, and came from a worker");
            }
            return frame;
        }
    }

    private static boolean isPart(Frame frame) {
        return frame.type() == PART || frame.type() == PART_IN_FILE;
    }

    private static Content part(Frame frame) {
        if (frame.type() == PART) {
            return ByteSpan.of(frame.tail());
        }
        ByteReader in = frame.payload().reader();
        try {
            return ContentFile.read(in);
        } catch (IllegalArgumentException e) { // a path that cannot be
            throw in.broken("of a part is wrong (" + e.getMessage() + ")");
        }
    }

    private static Message decode(Frame frame, List<Content> parts) {
        ByteReader in = frame.payload().reader();
        try {
            Message message = decode(frame, in, parts);
            in.expectEnd();
            if (message.tail().length() != frame.tail().length
                    || message.parts().size() != parts.size()) {
                throw in.broken("of a message of type " + frame.type() + " has " + frame.tail().length + " bytes and "
                        + parts.size() + " parts that it should not have");
            }
            return message;
        } catch (IllegalArgumentException e) { // a slice, an index or a path that cannot be
            throw in.broken("of a message of type " + frame.type() + " is wrong (" + e.getMessage() + ")");
        }
    }

    private static Message decode(Frame frame, ByteReader in, List<Content> parts) {
        return switch (frame.type()) {
            case OPEN -> Open.read((int) frame.task(), in);
            case CLOSE -> new Close((int) frame.task());
            case SHARED_HERE -> new SharedHere(Path.of(in.getString()), readIdentity(in));
            case CLOSE_SHARED -> new CloseShared(frame.task());
            case OPEN_PER_WORKER -> {
                if (JobSource.read(in) instanceof JobSource.Function recipe) {
                    yield new OpenPerWorker(frame.task(), recipe);
                }
                throw in.broken("has no recipe");
            }
            case CLOSE_PER_WORKER -> new ClosePerWorker(frame.task());
            case LOAD -> new Load(frame.task(), in.getInt(), in.getByte() != 0, JobSource.read(in));
            case WORK -> new Work(assignment(frame, in), frame.tail());
            case MERGE -> {
                Assignment assignment = assignment(frame, in);
                int failedCount = in.getCount(1);
                List<Integer> failed = new ArrayList<>(Math.min(failedCount, CLAIMED_ITEMS));
                for (int i = 0; i < failedCount; i++) {
                    failed.add((int) in.getVarint());
                }
                long count = in.getVarint();
                if (count != parts.size()) {
                    throw in.broken("merges " + count + " parts, and " + parts.size() + " have come");
                }
                yield new Merge(assignment, failed, parts);
            }
            case RELEASE -> new Release(frame.task());
            case RESET -> new Reset();
            case READY -> new Ready(in.getLong());
            case LOADED -> new Loaded(frame.task(), in.getByte() != 0, (int) frame.to(), in.getLong(), in.getLong());
            case PARTIAL, PARTIAL_IN_FILE -> {
                Assignment assignment = assignment(frame, in);
                long started = in.getLong();
                long busy = in.getLong();
                long minorFaults = in.getLong();
                long majorFaults = in.getLong();
                Content content = frame.type() == PARTIAL ? ByteSpan.of(frame.tail()) : ContentFile.read(in);
                yield new Partial(assignment, started, busy, minorFaults, majorFaults, content);
            }
            case FAILED, FAILED_TASK -> {
                Optional<Assignment> assignment =
                        frame.type() == FAILED_TASK ? Optional.of(assignment(frame, in)) : Optional.empty();
                long run = assignment.map(Assignment::run).orElse(frame.task());
                FailureKind kind = constant(FailureKind.values(), in);
                yield new Failed(run, assignment, kind, in.getInt(), in.getString(), in.getString(), in.getString());
            }
            default -> throw in.broken("is of message type " + frame.type() + ", which this version does not know");
        };
    }

    private static void writeIdentity(FileIdentity identity, ByteWriter out) {
        out.putLong(identity.device());
        out.putLong(identity.inode());
        out.putLong(identity.size());
        out.putLong(identity.modifiedNanos());
        out.putLong(identity.changedNanos());
    }

    private static FileIdentity readIdentity(ByteReader in) {
        return new FileIdentity(in.getLong(), in.getLong(), in.getLong(), in.getLong(), in.getLong());
    }

    private static void begin(ByteWriter out, int type, Assignment assignment) {
        Slice slice = assignment.slice;
        Frame.begin(out, type, assignment.attempt, assignment.task, slice.from(), slice.to());
        out.putLong(assignment.run);
        out.putInt(assignment.firstSet);
        out.putInt(assignment.endSet);
        out.putByte(assignment.finish ? 1 : 0);
    }

    private static Assignment assignment(Frame frame, ByteReader in) {
        var slice = new Slice(frame.from(), frame.to());
        return new Assignment(
                in.getLong(), frame.task(), frame.attempt(), in.getInt(), in.getInt(), slice, in.getByte() != 0);
    }

    private static <E> E constant(E[] constants, ByteReader in) {
        int ordinal = in.getUnsignedByte();
        if (ordinal >= constants.length) {
            throw in.broken("has no constant " + ordinal + " of " + constants.length);
        }
        return constants[ordinal];
    }

    /** Room made for a count that is only claimed. */
    int CLAIMED_ITEMS = 1 << 10;

    // The type byte of the frame. The wire depends on these numbers.
    int OPEN = 1;
    int LOAD = 2;
    int WORK = 3;
    int MERGE = 4;
    int RELEASE = 5;
    int CLOSE = 6;
    int PART = 7;
    int CLOSE_SHARED = 8;
    int OPEN_PER_WORKER = 9;
    int CLOSE_PER_WORKER = 10;
    int PART_IN_FILE = 11;
    int RESET = 12;
    int SHARED_HERE = 13;
    int READY = 17;
    int LOADED = 18;
    int PARTIAL = 19;
    int FAILED = 20;
    int FAILED_TASK = 21;
    int PARTIAL_IN_FILE = 22;
}
