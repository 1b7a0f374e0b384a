package io.github.forkless.coordinator.journal;

import io.github.forkless.common.wire.WireException;
import io.github.forkless.coordinator.files.Destination;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A file that remembers what runs have finished, piece by piece. It holds the runs of one program, each known by its
 * traits: a run that is started again finds what it had finished before, and a file that knows the program's first run
 * of now not at all is refused.
 *
 * <p>One process at a time has a journal open. Pieces are on disk soon after they were handed over; {@link
 * #awaitWritten} says when. Safe for use by several threads.
 */
public final class Journal implements AutoCloseable {
    /** Those that this JVM has open: the system's lock only keeps out other processes. */
    private static final Set<Path> OPEN = new HashSet<>();

    private final Path file;
    private final Path key;
    private final Consumer<String> notices;
    private final FileChannel channel;
    private final JournalWriter writer;

    // Guarded by this object's monitor.
    private int runs;
    /** Those that were in the file and have not been asked for again. */
    private final List<JournaledRun> old = new ArrayList<>();

    private boolean isOurs;

    /**
     * Opens a journal, or begins one.
     *
     * @param file is created if it does not exist; its folder is not
     * @param notices told, in a line each, what users should know at once: that a run goes on where an earlier one was
     *     stopped, that an end was torn and is dropped, that no more can be written
     * @throws JournalException when it cannot be used
     */
    public static Journal open(Path file, Consumer<String> notices) {
        Path key = claim(file);
        try {
            return new Journal(file, key, notices);
        } catch (IOException e) {
            release(key);
            throw new JournalException(file, "cannot be opened: " + JournalException.reason(e) + "; give another file");
        } catch (RuntimeException e) {
            release(key);
            throw e;
        }
    }

    private static Path claim(Path file) {
        // Before anything is opened: opening a pipe would wait for somebody at its other end, and closing a file that
        // somebody else in this process has locked would undo that lock.
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw new JournalException(file, "is not a regular file; give another file");
        }
        Path key;
        try {
            key = Destination.of(file);
        } catch (IOException e) {
            throw new JournalException(file, "cannot be opened: " + JournalException.reason(e) + "; give another file");
        }
        synchronized (OPEN) {
            if (!OPEN.add(key)) {
                throw new JournalException(file, "is in use by this program; give each pool a journal of its own");
            }
        }
        return key;
    }

    private static void release(Path key) {
        synchronized (OPEN) {
            OPEN.remove(key);
        }
    }

    private Journal(Path file, Path key, Consumer<String> notices) throws IOException {
        this.file = file;
        this.key = key;
        this.notices = line -> notices.accept("[journal " + file.getFileName() + "] " + line);
        this.channel = FileChannel.open(
                key,
                StandardOpenOption.CREATE,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE,
                LinkOption.NOFOLLOW_LINKS);
        try {
            if (channel.tryLock() == null) {
                throw failed("is in use by another run; wait for that to end, or give another file");
            }
            long end = isNew() ? begin() : readRecords();
            // What a killed run has written is there, but may not be on disk yet.
            channel.force(true);
            this.writer = new JournalWriter(channel, end, this::reportFailure);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /** Whether there is nothing in the file but, perhaps, part of its header: the system went down just then. */
    private boolean isNew() throws IOException {
        byte[] start = start();
        return start.length < JournalRecord.FILE_HEADER.length
                && Arrays.equals(start, Arrays.copyOf(JournalRecord.FILE_HEADER, start.length));
    }

    /** As much of the file's header as there is. */
    private byte[] start() throws IOException {
        var start = ByteBuffer.allocate(JournalRecord.FILE_HEADER.length);
        while (start.hasRemaining() && channel.read(start, start.position()) >= 0) {}
        return Arrays.copyOf(start.array(), start.position());
    }

    private long begin() throws IOException {
        var header = ByteBuffer.wrap(JournalRecord.FILE_HEADER);
        while (header.hasRemaining()) {
            channel.write(header, header.position());
        }
        channel.force(true);
        try (FileChannel folder = FileChannel.open(key.getParent())) {
            folder.force(true); // or the file could be lost, with all that is in it
        } catch (IOException e) {
            // Some file systems cannot do that for a folder; they keep names in their own way.
        }
        return JournalRecord.FILE_HEADER.length;
    }

    /** Finds out whose work there is, and returns where it ends. */
    private long readRecords() throws IOException {
        requireHeader(start());
        long size = channel.size();
        var reader = new RecordReader(channel, JournalRecord.FILE_HEADER.length, size);
        try {
            while (reader.hasNext()) {
                long from = reader.position();
                Optional<JournalRecord> next = reader.next();
                if (next.isEmpty()) {
                    dropFrom(reader, size);
                    return from;
                }
                note(next.get(), from, reader.position());
            }
        } catch (WireException | IllegalArgumentException e) {
            throw damaged(reader.position(), e.getMessage());
        }
        return size;
    }

    private void requireHeader(byte[] start) {
        byte[] expected = JournalRecord.FILE_HEADER;
        if (Arrays.equals(start, expected)) {
            return;
        }
        int version = start.length == expected.length
                ? start[JournalRecord.VERSION_OFFSET]
                : expected[JournalRecord.VERSION_OFFSET];
        expected = expected.clone();
        expected[JournalRecord.VERSION_OFFSET] = (byte) version;
        throw Arrays.equals(start, expected)
                ? failed("is of format version " + version + ", and this release of Forkless reads version "
                        + JournalRecord.FILE_HEADER[JournalRecord.VERSION_OFFSET]
                        + "; use the release that wrote it, or remove it to start over")
                : failed("is not a journal: it begins with other bytes; give another file");
    }

    private void note(JournalRecord entry, long from, long to) {
        switch (entry) {
            case JournalRecord.Begin begin -> {
                if (begin.run() != runs) {
                    throw damaged(from, "run " + begin.run() + " begins where run " + runs + " should");
                }
                old.add(new JournaledRun(this, runs++, begin.identity()));
            }
            case JournalRecord.Done done -> {
                if (done.run() < 0 || done.run() >= runs) {
                    throw damaged(from, "there is a piece of run " + done.run() + " of " + runs);
                }
                if (!old.get(done.run()).found(done.piece(), from, to)) {
                    throw damaged(from, "something is there twice");
                }
            }
        }
    }

    private void dropFrom(RecordReader reader, long size) throws IOException {
        long end = reader.position();
        if (reader.wasForcedHere()) {
            throw damaged(end, "what stands there is not what was written, and there are later records behind it");
        }
        channel.truncate(end);
        notices.accept("its last " + (size - end) + " bytes were not whole and are dropped");
    }

    private JournalException damaged(long at, String how) {
        return failed("is damaged at byte " + at + ": " + how + "; restore it from a copy, or remove it to start over");
    }

    JournalException failed(String problem) {
        return new JournalException(file, problem);
    }

    private void reportFailure(String reason) {
        notices.accept("cannot be written: " + reason
                + "; the run goes on, but what it finishes from now on is not remembered if it is stopped");
    }

    /**
     * The part of the journal that is about a run. Of runs that are equal, the first to be asked for now is the first
     * that was then.
     *
     * @param identity all that makes it the run that it is
     * @throws JournalException when the journal belongs to other work: it is not empty, and neither this run nor one that
     *     was asked for before is in it
     */
    public JournaledRun run(List<Trait> identity) {
        JournaledRun run = found(identity);
        if (run.pieces() > 0) { // said without the lock, as the listener may wait
            notices.accept(
                    run.pieces() == 1
                            ? "1 piece of this run is finished already"
                            : run.pieces() + " pieces of this run are finished already");
        }
        return run;
    }

    private synchronized JournaledRun found(List<Trait> identity) {
        for (JournaledRun run : old) {
            if (run.identity().equals(identity)) {
                old.remove(run);
                isOurs = true;
                return run;
            }
        }
        if (!isOurs && !old.isEmpty()) {
            throw failed("belongs to another run (" + differences(old.getFirst().identity(), identity)
                    + "); give another file, or remove this one to start over");
        }
        isOurs = true;
        var run = new JournaledRun(this, runs++, identity);
        writer.append(new JournalRecord.Begin(runs - 1, identity));
        return run;
    }

    private static String differences(List<Trait> found, List<Trait> expected) {
        List<String> differences = new ArrayList<>();
        for (int i = 0; i < Math.min(found.size(), expected.size()); i++) {
            Trait there = found.get(i);
            Trait here = expected.get(i);
            if (!there.equals(here)) {
                boolean tells = !there.text().equals(here.text());
                differences.add(here.name() + ": found " + (tells ? there.text() : there.full()) + ", expected "
                        + (tells ? here.text() : here.full()));
            }
        }
        return String.join("; ", differences);
    }

    RecordReader reader(long from, long to) {
        return new RecordReader(channel, from, to);
    }

    void append(JournalRecord entry) {
        writer.append(entry);
    }

    /** Whether so much waits for the disk that no more should be made. */
    boolean isBehind() {
        return writer.isBehind();
    }

    /** @param action done, on a thread of the journal's, whenever {@link #isBehind} has come to an end */
    public void onCaughtUp(Runnable action) {
        writer.onCaughtUp(action);
    }

    /** Waits until all that was appended is on disk. Returns why not, if it is not and will not be. */
    public Optional<String> awaitWritten() throws InterruptedException {
        return writer.awaitWritten();
    }

    /** Waits until what was appended is on disk, and lets others open the journal. */
    @Override
    public void close() {
        writer.close();
        release(key);
    }
}
