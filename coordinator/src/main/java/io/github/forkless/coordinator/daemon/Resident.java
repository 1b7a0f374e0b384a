package io.github.forkless.coordinator.daemon;

import io.github.forkless.coordinator.files.ShutdownHook;
import io.github.forkless.coordinator.machine.Memory;
import java.io.BufferedReader;
import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A coordinator that stays. It answers one command at a time, as if it were the command's own process: its descriptors for
 * output become the command's, its current folder too, and its surroundings are the same. Everything unusual ends it, and the
 * command with it, as it would have ended that; then the launcher has another one started.
 *
 * <p>Its folder has
 *
 * <ul>
 *   <li>{@code claim}: there while a command is answered; it has the launcher's pid. Who makes the file has the resident.
 *   <li>{@code in}: a pipe for the request. The launcher keeps it open: its end is the launcher's.
 *   <li>{@code out}: a pipe for replies, a line each: {@code plain}, if the launcher has to do without, or {@code ok} and at the
 *       end {@code exit N}. Its end is the resident's. {@code copy} comes before {@code ok} where a process may not take
 *       descriptors of another one; the launcher says then which of {@code out} and {@code err} it copies.
 *   <li>{@code 1} and {@code 2}: pipes for stdout and stderr, where the launcher copies them.
 *   <li>{@code pid}: its own. It is there as soon as the resident is ready.
 *   <li>{@code runs}: how many commands it has answered, how many it has not, and why not the last of those.
 *   <li>{@code practice.bin}: there while it practises; what it does that with.
 *   <li>{@code stop}: there if it is to end.
 * </ul>
 *
 * A resident that ends in an orderly way removes its folder. A folder that stays is that of one that is to be replaced.
 */
public final class Resident {
    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);
    private static final Duration TIDY_AFTER = Duration.ofSeconds(5);
    private static final Duration REST_AFTER = Duration.ofMinutes(1);

    /** How much garbage there may be beside what is as much as is in use. */
    private static final long ROOM_BYTES = 16 << 20;

    /** Further ones gain little: nearly all that a short command needs is compiled by then. */
    private static final int PRACTICE_RUNS = 100;

    private static final int PRACTICE_BYTES = 256 << 10;

    /** How long the copy of a launcher that is gone may take to see that. */
    private static final Duration COPY_END = Duration.ofSeconds(5);

    /** A claim without a pid is that of a launcher that was killed in between. */
    private static final Duration CLAIM_WRITTEN = Duration.ofSeconds(10);

    /** Of the memory, what has to be available. */
    private static final int LEAST_PART = 16;

    /** What a JVM ends with when its launcher was killed; nobody sees it. */
    private static final int CLIENT_GONE = 137;

    /** That it may not, as with Yama's usual setting, is also to be seen where it may. */
    private static final boolean MAY_TAKE = !Boolean.getBoolean("forkless.copyStreams");

    private static final Path NOWHERE = Path.of("/dev/null");
    private static final Path ROOT = Path.of("/");

    /** What runs a command. */
    public interface Commands extends AutoCloseable {
        /** Why a command cannot be answered here; empty if it can. */
        Optional<String> obstacle(Client client, String[] arguments);

        /** Returns the exit code. */
        int run(Client client, String[] arguments);

        /** The arguments of a command of the usual kind, over numbers in a file. */
        String[] practice(Path numbers);

        /** None has come for a while. */
        void rest();

        /** Whether this process should not answer another one. */
        boolean areSpoilt();

        /** Nothing is answered any more. */
        @Override
        void close();
    }

    private final Path folder;
    private final int outDescriptor;
    private final Duration idle;
    private final Commands commands;
    private final Surroundings own;
    private final String locale;
    private final String installation;

    private long answered;
    private long refused;

    private volatile long freeSinceNanos = System.nanoTime();
    private volatile boolean isBusy;
    private volatile boolean isTidy;
    private volatile boolean isAtRest;
    /** Of the heap, when it was last collected. */
    private volatile long usedAtRest;
    /** Looked at now and then, as that takes a millisecond. */
    private volatile boolean isMemoryShort;

    private Resident(Path folder, int outDescriptor, Duration idle, Commands commands) throws IOException {
        this.folder = folder;
        this.outDescriptor = outDescriptor;
        this.idle = idle;
        this.commands = commands;
        this.own = Surroundings.of(ProcessHandle.current().pid());
        this.locale = System.getenv("LC_ALL");
        this.installation = installation();
    }

    /** Takes a descriptor that stays this process's own, for answers. */
    public static int reserveDescriptor() throws IOException {
        return CLibrary.openToWrite(NOWHERE).orElseThrow();
    }

    /**
     * Answers commands until there are none for a while.
     *
     * @param folder its own, empty
     * @param outDescriptor the one that answers are written to
     * @param idle how long to stay without one
     */
    public static void serve(Path folder, int outDescriptor, Duration idle, Commands commands) throws IOException {
        CLibrary.leaveTerminal();
        CLibrary.changeFolder(ROOT); // no file system is kept from being unmounted
        for (String pipe : new String[] {"in", "out", "1", "2"}) {
            CLibrary.makePipe(folder.resolve(pipe));
        }
        new Resident(folder, outDescriptor, idle, commands).serve();
    }

    private void serve() throws IOException {
        Runtime.getRuntime().addShutdownHook(ShutdownHook.of("resident-end", this::removeIfFree));
        // Both ends of it: a launcher that opens it to read need not wait, and its end is not that of the first
        // launcher.
        try (var out = new RandomAccessFile(folder.resolve("out").toFile(), "rw")) {
            Thread.ofPlatform().daemon().name("resident-watch").start(this::watch);
            note("");
            Files.write(Residents.practice(folder), new byte[PRACTICE_BYTES]);
            Files.writeString(folder.resolve("pid.new"), ProcessHandle.current().pid() + "\n");
            Files.move(folder.resolve("pid.new"), folder.resolve("pid"));
            practise();
            while (!commands.areSpoilt()) {
                answerOne(out);
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts this thread", e);
        }
    }

    /**
     * Runs a short command again and again until somebody asks, so that what answers is compiled, and has workers that have run.
     * Nobody sees what it prints.
     */
    private void practise() throws IOException {
        Client self = Client.ofThisProcess(locale);
        String[] command = commands.practice(Residents.practice(folder));
        for (int i = 0; i < PRACTICE_RUNS && isWaiting(); i++) {
            if (Surroundings.of(self.pid()).differenceFrom(own).isPresent() || commands.run(self, command) != 0) {
                break; // nothing is lost: the commands that come say what is wrong
            }
            disconnect();
        }
        Files.deleteIfExists(Residents.practice(folder));
        collectGarbage();
    }

    private boolean isWaiting() throws IOException {
        return !Files.exists(folder.resolve("claim")) && reasonToEnd().isEmpty();
    }

    private void answerOne(RandomAccessFile out) throws IOException, InterruptedException {
        try (var in = new FileInputStream(folder.resolve("in").toFile())) { // waits for a launcher
            isBusy = true;
            var reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
            Optional<Client> asking = Client.read(reader);
            if (asking.isPresent()) {
                answer(asking.get(), reader, out);
            }
        }
        forget(out);
        awaitNoReader("1");
        awaitNoReader("2");
        if (usedBytes() > 2 * usedAtRest + ROOM_BYTES) { // nobody else collects it before the heap is at its limit
            collectGarbage();
        }
        Files.deleteIfExists(folder.resolve("claim"));
        freeSinceNanos = System.nanoTime();
        isTidy = false;
        isAtRest = false;
        isBusy = false;
    }

    /** The copy of a launcher that was killed would take what is for the next one. It is at its end now, and has to see that. */
    private void awaitNoReader(String pipe) throws IOException, InterruptedException {
        long end = System.nanoTime() + COPY_END.toNanos();
        for (OptionalInt read = CLibrary.openToWrite(folder.resolve(pipe));
                read.isPresent();
                read = CLibrary.openToWrite(folder.resolve(pipe))) {
            CLibrary.close(read.getAsInt());
            if (System.nanoTime() > end) {
                throw new IOException("somebody still reads " + folder.resolve(pipe));
            }
            Thread.sleep(1); // the end of a process that only reads is told to nobody
        }
    }

    private void answer(Client client, BufferedReader launcher, RandomAccessFile out)
            throws IOException, InterruptedException {
        String[] arguments = {};
        Optional<String> obstacle;
        try {
            arguments = client.arguments();
            obstacle = obstacle(client, arguments);
            if (obstacle.isEmpty()) {
                CLibrary.changeFolder(client.folder());
                if (!MAY_TAKE || !takeStreams(client)) {
                    reply(out, "copy");
                    openStreams(client, launcher.readLine());
                }
            }
        } catch (IOException e) {
            obstacle = Optional.of("its launcher cannot be looked at: " + e.getMessage());
        }
        if (obstacle.isPresent()) {
            disconnect();
            refused++;
            note(obstacle.get());
            reply(out, "plain");
            toEnd(launcher);
            return;
        }
        reply(out, "ok");
        var isAnswered = new boolean[1];
        Thread watch = Thread.ofPlatform().daemon().name("resident-client").start(() -> {
            toEnd(launcher);
            synchronized (isAnswered) {
                if (!isAnswered[0]) { // a command whose process is killed goes with it
                    folder.resolve("claim").toFile().delete();
                    Runtime.getRuntime().halt(CLIENT_GONE);
                }
            }
        });
        int code = commands.run(client, arguments);
        disconnect();
        answered++;
        note("");
        synchronized (isAnswered) {
            isAnswered[0] = true;
        }
        reply(out, "exit " + code);
        watch.join();
    }

    /** Why a command has to run in a process of its own. */
    private Optional<String> obstacle(Client client, String[] arguments) throws IOException {
        Optional<String> end = reasonToEnd();
        if (end.isPresent()) {
            return end;
        }
        if (!client.holds(folder.resolve("in"))) {
            return Optional.of("it is a command of another container");
        }
        if (!client.home().equals(home().toString()) || !isOwnJava(client.javaHome())) {
            return Optional.of("it is of another installation, or another JDK");
        }
        if (!client.locale().equals(locale)) {
            return Optional.of("its locale is " + client.locale());
        }
        if (!client.hasText()) {
            return Optional.of("its environment has bytes that are no text in its locale");
        }
        if (client.isMute()) {
            return Optional.of("nothing can be written to its stdout or stderr");
        }
        Optional<String> difference = Surroundings.of(client.pid()).differenceFrom(own);
        return difference.isPresent()
                ? Optional.of(difference.get() + " differs from that of the resident coordinator")
                : commands.obstacle(client, arguments);
    }

    private static boolean isOwnJava(String javaHome) throws IOException {
        return Files.isSameFile(Path.of(javaHome), Path.of(System.getProperty("java.home")));
    }

    /** Has this process print where the command was to print; returns false where that may not be taken. */
    private boolean takeStreams(Client client) throws IOException {
        try {
            CLibrary.duplicateOf(client.pid(), Client.OUT, outDescriptor);
            CLibrary.duplicateOf(client.pid(), Client.ERR, 2);
        } catch (IOException e) {
            return false;
        }
        CLibrary.duplicate(2, 1); // where the JVM itself prints
        return true;
    }

    /** The same where that can be opened by its name, or is one of those that the launcher copies. */
    private void openStreams(Client client, String copied) throws IOException {
        if (copied == null) {
            throw new IOException("it cannot copy what the command prints");
        }
        become(copied.contains("out") ? folder.resolve("1") : client.out(), outDescriptor);
        become(copied.contains("err") ? folder.resolve("2") : client.err(), 2);
        CLibrary.duplicate(2, 1);
    }

    private void disconnect() throws IOException {
        become(NOWHERE, 2);
        become(NOWHERE, 1);
        become(NOWHERE, outDescriptor);
        CLibrary.changeFolder(ROOT);
    }

    /** Who reads a pipe is there before the request. */
    private static void become(Path file, int descriptor) throws IOException {
        int opened = CLibrary.openToWrite(file).orElseThrow(() -> new IOException("nobody reads " + file));
        CLibrary.duplicate(opened, descriptor);
        CLibrary.close(opened);
    }

    /** A launcher that was killed has left replies behind. */
    private static void forget(RandomAccessFile out) throws IOException {
        var unread = new FileInputStream(out.getFD());
        unread.skipNBytes(unread.available());
    }

    private static void reply(RandomAccessFile out, String line) throws IOException {
        out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /** The launcher holds its end of the pipe for as long as it lives. */
    private static void toEnd(BufferedReader launcher) {
        try {
            while (launcher.readLine() != null) {
                // it has nothing more to say
            }
        } catch (IOException e) {
            // gone too
        }
    }

    /** For {@code daemon status} alone: on a full disk it stays as it was, or empty. */
    private void note(String whyNot) {
        try {
            Files.writeString(folder.resolve("runs"), answered + "\n" + refused + "\n" + whyNot + "\n");
        } catch (IOException e) {
            // no reason to fail a command
        }
    }

    /** Ends this process when it is time to; frees it of a launcher that was killed; gives memory back after a while. */
    private void watch() {
        try {
            while (true) {
                Thread.sleep(LOOK_EVERY);
                isMemoryShort = isMemoryShort();
                if (isBusy) {
                    continue;
                }
                Path claim = folder.resolve("claim");
                if (reasonToEnd().isPresent()) {
                    try {
                        Files.writeString(Files.createFile(claim), Residents.ENDING);
                        end();
                    } catch (FileAlreadyExistsException e) {
                        // somebody came
                    }
                }
                if (isOfTheDead(claim)) {
                    Files.deleteIfExists(claim);
                }
                long freeNanos = System.nanoTime() - freeSinceNanos;
                if (!isTidy && freeNanos > TIDY_AFTER.toNanos()) {
                    isTidy = true;
                    collectGarbage();
                }
                if (!isAtRest && freeNanos > REST_AFTER.toNanos()) {
                    isAtRest = true;
                    commands.rest();
                }
            }
        } catch (IOException | InterruptedException e) {
            end();
        }
    }

    private void end() {
        commands.close();
        Residents.remove(folder);
        Runtime.getRuntime().halt(0);
    }

    private Optional<String> reasonToEnd() throws IOException {
        if (!Files.exists(folder.resolve("in")) || Files.exists(folder.resolve("stop"))) {
            return Optional.of("the resident coordinator was told to end");
        }
        if (System.nanoTime() - freeSinceNanos > idle.toNanos() && !isBusy) {
            return Optional.of("nobody has asked for long");
        }
        if (!installation.equals(installation())) {
            return Optional.of("the installation or its JDK has changed");
        }
        return isMemoryShort ? Optional.of("memory is short") : Optional.empty();
    }

    private static long usedBytes() {
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    private void collectGarbage() {
        System.gc();
        usedAtRest = usedBytes();
    }

    private static boolean isMemoryShort() {
        Memory memory = Memory.read();
        return memory.availableBytes() < memory.totalBytes() / LEAST_PART;
    }

    private static boolean isOfTheDead(Path claim) throws IOException {
        try {
            String pid = Files.readString(claim).strip();
            return pid.isEmpty()
                    ? System.currentTimeMillis()
                                    - Files.getLastModifiedTime(claim).toMillis()
                            > CLAIM_WRITTEN.toMillis()
                    : !Files.exists(Path.of("/proc", pid));
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    /** The jars and the JDK: whether they are still the same files. */
    private static String installation() throws IOException {
        var identity = new StringBuilder();
        for (String jar : System.getProperty("java.class.path").split(File.pathSeparator)) {
            identity.append(identity(Path.of(jar)));
        }
        Path java = Path.of(System.getProperty("java.home"));
        return identity.append(identity(java.resolve("release")))
                .append(identity(java.resolve("bin/java")))
                .toString();
    }

    private static String identity(Path file) throws IOException {
        return Files.exists(file)
                ? Files.readAttributes(file, "unix:dev,ino,size,lastModifiedTime")
                        .toString()
                : "none";
    }

    private static Path home() {
        String first = System.getProperty("java.class.path").split(File.pathSeparator, 2)[0];
        return Path.of(first).getParent().getParent();
    }

    /** Told to end while it answers, it was by the command's launcher. */
    private void removeIfFree() {
        if (!isBusy) {
            Residents.remove(folder);
        }
    }
}
