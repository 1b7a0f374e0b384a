package io.github.forkless.coordinator.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.forkless.common.dataset.Slice;
import io.github.forkless.testing.Thorough;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {
    private static final List<Trait> ONE = List.of(Trait.of("data", "data.bin"), Trait.of("job", "sum"));
    private static final List<Trait> OTHER = List.of(Trait.of("data", "data.bin"), Trait.of("job", "stats"));

    @TempDir
    private Path folder;

    private Path file;
    private final List<String> notices = new ArrayList<>();

    @BeforeEach
    void nameFile() {
        file = folder.resolve("run.journal");
    }

    private Journal open() {
        return Journal.open(file, notices::add);
    }

    /** The pieces that {@link #write} has written, in order: a piece is of elements i * 10 to i * 10 + 9. */
    private static byte[] content(int i) {
        return ("partial " + i).getBytes(StandardCharsets.US_ASCII);
    }

    private static Slice slice(int i) {
        return new Slice(i * 10L, i * 10L + 10);
    }

    /** Writes pieces, and waits after every one or only at the end until they are on disk. */
    private void write(int pieces, boolean oneByOne) throws InterruptedException {
        try (Journal journal = open()) {
            JournaledRun run = journal.run(ONE);
            for (int i = 0; i < pieces; i++) {
                run.appendPartials(0, 1, slice(i), content(i));
                if (oneByOne) {
                    assertThat(journal.awaitWritten()).isEmpty();
                }
            }
        }
    }

    /** All pieces that it has of {@link #ONE}, which are checked to be those that were written, and no others. */
    private List<Integer> read() {
        try (Journal journal = open()) {
            return read(journal.run(ONE));
        }
    }

    private static List<Integer> read(JournaledRun run) {
        List<Integer> read = new ArrayList<>();
        for (Optional<Piece> next = run.nextPiece(); next.isPresent(); next = run.nextPiece()) {
            var partials = (Piece.Partials) next.get();
            int i = (int) partials.slice().from() / 10;
            assertThat(partials.slice()).isEqualTo(slice(i));
            assertThat(partials.content()).isEqualTo(content(i));
            assertThat(run.missingPartials(0, slice(i))).isEmpty();
            read.add(i);
        }
        return read;
    }

    @Test
    void whatIsWrittenIsReadAgain() throws Exception {
        write(3, false);

        assertThat(read()).containsExactly(0, 1, 2);
        assertThat(notices).containsExactly("[journal run.journal] 3 pieces of this run are finished already");
    }

    @Test
    void whoIsSlowToHearANoticeKeepsNoOtherRunWaiting() throws Exception {
        write(1, false);
        var isHearing = new CountDownLatch(1);
        var hasHeard = new CountDownLatch(1);
        try (Journal journal = Journal.open(file, _ -> {
            isHearing.countDown();
            awaitQuietly(hasHeard);
        })) {
            Thread first = Thread.ofPlatform().start(() -> journal.run(ONE));
            isHearing.await();
            assertThat(journal.run(OTHER).pieces()).isZero(); // while the first one's notice is heard
            hasHeard.countDown();
            first.join();
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void whatIsAppendedLaterFollows() throws Exception {
        write(2, false);
        try (Journal journal = open()) {
            JournaledRun run = journal.run(ONE);
            assertThat(run.missingPartials(0, new Slice(0, 40))).containsExactly(new Slice(20, 40));
            assertThat(run.missingPartials(1, new Slice(0, 40))).containsExactly(new Slice(0, 40));
            run.appendPartials(0, 1, slice(3), content(3));
            run.appendPartials(0, 1, slice(2), content(2));
            assertThat(read(run)).as("what was there when it was opened").containsExactly(0, 1);
        }

        assertThat(read()).containsExactly(0, 1, 3, 2);
    }

    @Test
    void partialsOfGroupsAndResultsAreKeptApart() {
        try (Journal journal = open()) {
            JournaledRun run = journal.run(ONE);
            run.appendPartials(0, 4, new Slice(0, 100), content(0));
            run.appendPartials(4, 8, new Slice(50, 100), content(1));
            run.appendResults(8, 10, content(2));
        }
        try (Journal journal = open()) {
            JournaledRun run = journal.run(ONE);
            assertThat(run.missingPartials(0, new Slice(0, 100))).isEmpty();
            assertThat(run.missingPartials(4, new Slice(0, 100))).containsExactly(new Slice(0, 50));
            assertThat(run.missingResults(0, 12)).containsExactly(new Range(0, 8), new Range(10, 12));
            run.nextPiece();
            run.nextPiece();
            var results = (Piece.Results) run.nextPiece().orElseThrow();
            assertThat(results.firstSet()).isEqualTo(8);
            assertThat(results.endSet()).isEqualTo(10);
            assertThat(results.content()).isEqualTo(content(2));
            assertThat(run.nextPiece()).isEmpty();
        }
    }

    @Test
    void largePiecesAreReadAsTheyWere() {
        byte[] large = new byte[3 << 20];
        new Random(1).nextBytes(large);
        try (Journal journal = open()) {
            journal.run(ONE).appendResults(0, 1, large);
            journal.run(OTHER).appendResults(0, 1, large.clone());
        }
        try (Journal journal = open()) {
            JournaledRun run = journal.run(ONE);
            assertThat(run.nextPiece().orElseThrow().content()).isEqualTo(large);
            assertThat(run.nextPiece()).isEmpty();
        }
    }

    @Test
    void tellsWhenTheDiskIsBehindAndWhenNoLonger() throws Exception {
        byte[] large = new byte[9 << 20];
        var caughtUp = new Semaphore(0);
        var goOn = new Semaphore(0);
        try (Journal journal = open()) {
            JournaledRun run = journal.run(ONE);
            journal.onCaughtUp(() -> {
                caughtUp.release();
                goOn.acquireUninterruptibly(); // and so keeps the next piece from the disk
            });
            run.appendResults(0, 1, large);
            caughtUp.acquire();
            assertThat(run.isBehind()).isFalse();
            run.appendResults(1, 2, large);
            assertThat(run.isBehind()).isTrue();
            goOn.release(2);
            caughtUp.acquire();
            assertThat(run.isBehind()).isFalse();
        }
    }

    // ---- whose it is

    @Test
    void anotherRunIsToldWhatDiffers() throws Exception {
        write(1, false);
        try (Journal journal = open()) {
            assertThatExceptionOfType(JournalException.class)
                    .isThrownBy(() -> journal.run(OTHER))
                    .withMessage(
                            "the journal " + file + " belongs to another run (job: found sum, expected stats); give"
                                    + " another file, or remove this one to start over");
        }
        assertThat(read()).containsExactly(0);
    }

    @Test
    void whatReadsTheSameIsToldByItsDigest() {
        try (Journal journal = open()) {
            journal.run(List.of(new Trait("code", "3 classes", "abc")));
        }
        try (Journal journal = open()) {
            assertThatExceptionOfType(JournalException.class)
                    .isThrownBy(() -> journal.run(List.of(new Trait("code", "3 classes", "abd"))))
                    .withMessageContaining(
                            "code: found 3 classes with SHA-256 abc, expected 3 classes with SHA-256 abd");
        }
    }

    @Test
    void onceItIsKnownToBeOursItTakesOtherRunsToo() throws Exception {
        write(2, false);
        try (Journal journal = open()) {
            journal.run(ONE);
            journal.run(OTHER).appendResults(0, 1, content(7));
        }
        try (Journal journal = open()) { // whichever comes first now
            assertThat(journal.run(OTHER).nextPiece().orElseThrow().content()).isEqualTo(content(7));
            assertThat(read(journal.run(ONE))).containsExactly(0, 1);
        }
    }

    @Test
    void ofEqualRunsEachHasItsOwnPieces() {
        try (Journal journal = open()) {
            JournaledRun first = journal.run(ONE);
            JournaledRun second = journal.run(ONE);
            second.appendPartials(0, 1, slice(5), content(5));
            first.appendPartials(0, 1, slice(4), content(4));
            second.appendPartials(0, 1, slice(6), content(6));
        }
        try (Journal journal = open()) {
            assertThat(read(journal.run(ONE))).containsExactly(4);
            assertThat(read(journal.run(ONE))).containsExactly(5, 6);
            assertThat(read(journal.run(ONE))).isEmpty();
        }
    }

    // ---- what a crash leaves

    @Test
    void cutOffAnywhereItHasWhatWasWholeAndCanGoOn() throws Exception {
        write(4, true);
        byte[] whole = Files.readAllBytes(file);
        int last = -1;
        int step = Thorough.or(1, 4);
        for (int length = whole.length % step; length <= whole.length; length += step) {
            Files.write(file, Arrays.copyOf(whole, length));
            notices.clear();
            List<Integer> read;
            try (Journal journal = open()) {
                JournaledRun run = journal.run(ONE);
                read = read(run);
                run.appendPartials(0, 1, slice(9), content(9));
            }
            assertThat(read)
                    .as("%d bytes", length)
                    .isEqualTo(List.of(0, 1, 2, 3).subList(0, read.size()));
            assertThat(read.size()).isGreaterThanOrEqualTo(last);
            last = read.size();
            assertThat(read()).as("%d bytes, gone on", length).endsWith(9).hasSize(read.size() + 1);
        }
        assertThat(last).isEqualTo(4);
    }

    @Test
    void saysThatAnEndWasDropped() throws Exception {
        write(2, true);
        long size = Files.size(file);
        Files.write(file, Arrays.copyOf(Files.readAllBytes(file), (int) size - 3));

        assertThat(read()).containsExactly(0);
        assertThat(notices)
                .first()
                .asString()
                .contains("its last " + (56 + content(1).length - 3) + " bytes", "dropped");
        assertThat(file).hasSize(size - 56 - content(1).length);
    }

    /** Every bit of a journal, each record of which was on disk before the next was written. */
    @Test
    void aFlippedBitIsAnErrorOrADroppedEnd() throws Exception {
        write(4, true);
        byte[] whole = Files.readAllBytes(file);
        int lastRecord = whole.length - 56 - content(3).length;
        for (int at = 0; at < whole.length; at++) {
            for (int bit = Thorough.or(0, at % 8); bit <= Thorough.or(7, at % 8); bit++) {
                byte[] flipped = whole.clone();
                flipped[at] ^= (byte) (1 << bit);
                // Over what is there and no longer: a file that is truncated first is on the disk before it is closed.
                Files.write(file, flipped, StandardOpenOption.WRITE);
                if (at < lastRecord) {
                    assertThatExceptionOfType(JournalException.class)
                            .as("byte %d, bit %d", at, bit)
                            .isThrownBy(this::read)
                            .withMessageContaining(file.toString());
                    assertThat(file).as("a file that is refused").hasBinaryContent(flipped);
                } else {
                    assertThat(read()).as("byte %d, bit %d", at, bit).containsExactly(0, 1, 2);
                }
            }
        }
    }

    /** What was not forced may reach the disk in any order: of records written together, any may be missing. */
    @Test
    void aHoleInWhatWasWrittenTogetherIsADroppedEnd() throws Exception {
        write(2, true);
        int forced = (int) Files.size(file);
        byte[] group = group(forced);

        for (int zeros = 0; zeros < group.length; zeros += 5) {
            byte[] torn = group.clone();
            Arrays.fill(torn, zeros, Math.min(zeros + 40, torn.length), (byte) 0);
            Files.write(file, concat(Arrays.copyOf(Files.readAllBytes(file), forced), torn));

            assertThat(read())
                    .as("zeros from %d", zeros)
                    .startsWith(0, 1)
                    .isSorted()
                    .hasSizeLessThan(5);
        }
    }

    /** Three records, as if written behind the first {@code forced} bytes with one force for them all. */
    private static byte[] group(int forced) {
        byte[] group = {};
        for (int i = 2; i < 5; i++) {
            var entry = new JournalRecord.Done(0, new Piece.Partials(0, 1, slice(i), content(i)));
            group = concat(group, concat(entry.header(entry.payload(), forced), entry.payload()));
        }
        return group;
    }

    private static byte[] concat(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    @Test
    void damageFarBeforeTheEndIsFoundToo() throws Exception {
        byte[] large = new byte[1 << 20];
        try (Journal journal = open()) {
            JournaledRun run = journal.run(ONE);
            run.appendResults(0, 1, large);
            journal.awaitWritten();
            run.appendResults(1, 2, large);
        }
        byte[] bytes = Files.readAllBytes(file);
        bytes[1000]++;
        Files.write(file, bytes);

        assertThatExceptionOfType(JournalException.class)
                .isThrownBy(this::open)
                .withMessageContaining("is damaged at byte ")
                .withMessageContaining("restore it from a copy, or remove it");
    }

    @Test
    void whatIsThereTwiceIsDamage() throws Exception {
        write(2, true);
        byte[] bytes = Files.readAllBytes(file);
        Files.write(
                file, concat(bytes, Arrays.copyOfRange(bytes, bytes.length - 56 - content(1).length, bytes.length)));

        assertThatExceptionOfType(JournalException.class)
                .isThrownBy(this::open)
                .withMessageContaining("something is there twice");
    }

    @Test
    void aRecordOfAnUnknownTypeIsNotTakenForADroppedEnd() throws Exception {
        write(1, true);
        byte[] bytes = Files.readAllBytes(file);
        int at = bytes.length - 56 - content(0).length;
        bytes[at + 4] = 77;
        var header = ByteBuffer.wrap(bytes, at, 56).slice().order(ByteOrder.LITTLE_ENDIAN);
        var crc = new CRC32C();
        crc.update(bytes, at, 52);
        header.putInt(52, (int) crc.getValue());
        Files.write(file, bytes);

        assertThatExceptionOfType(JournalException.class)
                .isThrownBy(this::open)
                .withMessageContaining("is damaged at byte " + at)
                .withMessageContaining("record type 77");
    }

    @Test
    void aFileThatChangesUnderneathIsNoticed() throws Exception {
        write(3, true);
        try (Journal journal = open()) {
            JournaledRun run = journal.run(ONE);
            byte[] bytes = Files.readAllBytes(file);
            bytes[bytes.length - 1]++;
            Files.write(file, bytes);
            assertThatExceptionOfType(JournalException.class)
                    .isThrownBy(() -> read(run))
                    .withMessageContaining("something else writes to it");
            Files.write(file, new byte[20]);
            assertThatExceptionOfType(JournalException.class).isThrownBy(run::nextPiece);
        }
    }

    // ---- what is refused

    @Test
    void anEmptyFileIsANewJournal() throws Exception {
        Files.createFile(file);

        assertThat(read()).isEmpty();
        write(1, false);
        assertThat(read()).containsExactly(0);
    }

    @Test
    void anythingElseIsLeftAlone() throws Exception {
        for (String content :
                List.of("precious", "F", "FKLX", "FKLJ\1\0\0\1", "FKLR and so on, for more than a header")) {
            Files.writeString(file, content);
            boolean isStart = content.equals("F");
            if (isStart) {
                assertThat(read()).as("what a crash may leave of a header").isEmpty();
            } else {
                assertThatExceptionOfType(JournalException.class)
                        .as(content)
                        .isThrownBy(this::open)
                        .withMessageContaining("is not a journal");
                assertThat(file).hasContent(content);
            }
        }
    }

    @Test
    void anotherVersionIsNamed() throws Exception {
        Files.write(file, new byte[] {'F', 'K', 'L', 'J', 9, 0, 0, 0});

        assertThatExceptionOfType(JournalException.class)
                .isThrownBy(this::open)
                .withMessageContaining("is of format version 9, and this release of Forkless reads version 1");
    }

    @Test
    void whatIsNotAFileIsRefused() throws Exception {
        assertThatExceptionOfType(JournalException.class)
                .isThrownBy(() -> Journal.open(folder, notices::add))
                .withMessageContaining("is not a regular file");
        assertThat(new ProcessBuilder("mkfifo", file.toString()).start().waitFor())
                .isZero();
        assertThatExceptionOfType(JournalException.class)
                .isThrownBy(this::open)
                .withMessageContaining("is not a regular file");
        assertThatExceptionOfType(JournalException.class)
                .isThrownBy(() -> Journal.open(folder.resolve("no/such/run.journal"), notices::add))
                .withMessageContaining("there is no such folder");
    }

    @Test
    void onlyOnePoolOfAProgramHasItAndItsLockOutlivesTheRefusal() throws Exception {
        try (Journal _ = open()) {
            assertThatExceptionOfType(JournalException.class)
                    .isThrownBy(this::open)
                    .withMessageContaining("is in use by this program");
            Path link = Files.createSymbolicLink(folder.resolve("link"), file);
            assertThatExceptionOfType(JournalException.class).isThrownBy(() -> Journal.open(link, notices::add));
            assertThat(isFree()).as("for another process").isFalse();
        }
        assertThat(isFree()).isTrue();
        open().close();
    }

    /** Whether another process could lock it. */
    private boolean isFree() throws IOException, InterruptedException {
        Process other = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Opener.class.getName(),
                        file.toString())
                .start();
        String said = new String(other.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        other.waitFor();
        assertThat(said).matches("opened|the journal .* is in use by another run; wait .*");
        return said.equals("opened");
    }

    /** Opens a journal and says how that went. */
    static final class Opener {
        public static void main(String[] args) {
            try (Journal _ = Journal.open(Path.of(args[0]), _ -> {})) {
                System.out.print("opened");
            } catch (JournalException e) {
                System.out.print(e.getMessage());
            }
        }

        private Opener() {}
    }
}
