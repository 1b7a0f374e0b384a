package io.github.forkless.coordinator.daemon;

import io.github.forkless.coordinator.machine.Standstill;
import io.github.forkless.coordinator.result.InvalidRequestException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.Charset;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The coordinator that stays of this user, installation and JDK: it has a folder of its own in one that is theirs. */
public final class Residents {
    /** Set by the launcher: their folder. */
    private static final String FOLDER = "forkless.daemon";

    /** Has relative names of files mean what they mean in the folder that the process is in now, which changes. */
    private static final String CHANGING_FOLDER = "-Duser.dir=/proc/self/cwd";

    /** What commands leave behind is collected soon; it would grow to hundreds of MB before. An option of the user counts more. */
    private static final List<String> SMALL = List.of("-XX:MaxNewSize=16M", "-Xms32M");

    /** How the name begins of the folder of one, and of one that is being removed. */
    private static final String RESIDENT = "resident-";

    private static final String ENDED = "ended-";

    private static final String MAIN = "io.github.forkless.coordinator.cli.Main";
    private static final String SERVE = "serve";

    /** What a resident claims itself with when it ends. */
    static final String ENDING = "0";

    private static final Set<PosixFilePermission> OWN = PosixFilePermissions.fromString("rwx------");
    private static final Duration LONGEST_STANDSTILL = Duration.ofSeconds(30);
    private static final Duration END = Duration.ofSeconds(10);
    private static final long LOOK_MILLIS = 5;

    /**
     * One that is there.
     *
     * @param pid its process
     */
    public record Found(Path folder, long pid) {
        /** The process whose command it answers just now, if it does. */
        public Optional<String> client() throws IOException {
            Path claim = folder.resolve("claim");
            try {
                return Optional.of(Files.readString(claim).strip())
                        .filter(client -> !client.isEmpty() && Files.exists(Path.of("/proc", client)));
            } catch (NoSuchFileException e) {
                return Optional.empty();
            }
        }

        /** Whether it has yet to learn what it will be asked for: commands that come now take a little longer. */
        public boolean isPractising() {
            return Files.exists(practice(folder));
        }

        /** How many commands it has answered, how many not, and why not the last. */
        public List<String> runs() throws IOException {
            return Files.readAllLines(folder.resolve("runs"));
        }
    }

    private static Path folder() {
        String folder = System.getProperty(FOLDER, "");
        if (folder.isEmpty()) {
            throw new InvalidRequestException("there is no folder for a resident coordinator that is this user's alone;"
                    + " set XDG_RUNTIME_DIR, or HOME, to one");
        }
        return Path.of(folder);
    }

    public static Optional<Found> find() throws IOException {
        for (Path each : folders()) {
            Optional<Found> found = found(each);
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    private static List<Path> folders() throws IOException {
        return folders(RESIDENT);
    }

    private static List<Path> folders(String prefix) throws IOException {
        if (!Files.isDirectory(folder())) {
            return List.of();
        }
        try (Stream<Path> folders = Files.list(folder())) {
            return folders.filter(each -> each.getFileName().toString().startsWith(prefix))
                    .sorted()
                    .toList();
        }
    }

    /** A pid may come again; a process that serves this folder does not. */
    private static Optional<Found> found(Path folder) {
        try {
            long pid = Long.parseLong(Files.readString(folder.resolve("pid")).strip());
            List<String> command = commandOf(Path.of("/proc", Long.toString(pid)));
            int serve = command.lastIndexOf(SERVE);
            return serve >= 0 && command.get(serve + 1).equals(folder.toString())
                    ? Optional.of(new Found(folder, pid))
                    : Optional.empty();
        } catch (IOException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    private static List<String> commandOf(Path process) throws IOException {
        byte[] all = Files.readAllBytes(process.resolve("cmdline"));
        return Arrays.asList(new String(all, Charset.forName(System.getProperty("sun.jnu.encoding"))).split("\0"));
    }

    /**
     * Starts one, with the JVM options of this process, unless it is there, and returns when it is ready.
     *
     * @param idle how long it stays without a command
     * @throws IOException when it does not start
     */
    public static Found start(Duration idle) throws IOException, InterruptedException {
        makeFolder();
        try (var lock = FileChannel.open(
                        folder().resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                var _ = lock.lock()) { // two that are started at once are one
            Optional<Found> there = find();
            if (there.isPresent()) {
                return there.get();
            }
            folders().forEach(Residents::remove);
            folders(ENDED).forEach(Residents::deleteAll);
            return startOne(idle);
        }
    }

    /** Nobody else may have put anything there. */
    private static void makeFolder() throws IOException {
        try {
            Files.createDirectories(folder(), PosixFilePermissions.asFileAttribute(OWN));
        } catch (FileSystemException e) {
            throw new InvalidRequestException("the folder " + folder() + " for a resident coordinator cannot be made: "
                    + (e.getReason() == null ? "it is no folder" : e.getReason())
                    + "; remove what is in its place, or set XDG_RUNTIME_DIR to another folder");
        }
        for (Path each : List.of(folder().getParent(), folder())) {
            var uid = Files.getAttribute(each, "unix:uid", LinkOption.NOFOLLOW_LINKS);
            if (!Files.isDirectory(each, LinkOption.NOFOLLOW_LINKS)
                    || !uid.equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"))) {
                throw new InvalidRequestException(each + " is not a folder of this user; remove it, or set"
                        + " XDG_RUNTIME_DIR to another folder");
            }
        }
        if (!Files.getPosixFilePermissions(folder()).equals(OWN)) {
            throw new InvalidRequestException(folder() + " may be used by others: its mode is "
                    + PosixFilePermissions.toString(Files.getPosixFilePermissions(folder()))
                    + ", expected is rwx------;"
                    + " remove that folder");
        }
    }

    private static Found startOne(Duration idle) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory(folder(), RESIDENT, PosixFilePermissions.asFileAttribute(OWN));
        List<String> self = commandOf(Path.of("/proc/self"));
        List<String> command = new ArrayList<>(self.subList(0, self.indexOf(MAIN) + 1));
        command.add(1, CHANGING_FOLDER);
        command.addAll(1, SMALL);
        command.addAll(List.of(SERVE, folder.toString(), Long.toString(idle.toMillis())));
        Path log = log(folder);
        Process process = new ProcessBuilder(command)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(log.toFile())
                .redirectErrorStream(true)
                .start();
        var standstill = new Standstill(process.toHandle(), LONGEST_STANDSTILL);
        while (!Files.exists(folder.resolve("pid"))) {
            if (!process.isAlive() || standstill.isThere()) {
                process.destroyForcibly();
                String words = Files.readString(log).strip();
                remove(folder);
                throw new IOException("the resident coordinator did not start: "
                        + (words.isEmpty() ? "it said nothing; is there room in " + folder() + "?" : words));
            }
            Thread.sleep(LOOK_MILLIS);
        }
        return new Found(folder, process.pid());
    }

    /**
     * Has it end, when it has answered its command if it has one.
     *
     * @return whether it has ended
     */
    public static boolean stop(Found resident) throws IOException, InterruptedException {
        Files.writeString(resident.folder().resolve("stop"), "");
        if (resident.client().isEmpty()) {
            CLibrary.goOn(resident.pid()); // it was stopped with a command that was killed then
        }
        long end = System.nanoTime() + END.toNanos();
        while (found(resident.folder()).isPresent()) {
            if (resident.client().isPresent()) {
                return false;
            }
            if (System.nanoTime() > end) {
                ProcessHandle.of(resident.pid()).ifPresent(ProcessHandle::destroyForcibly);
                remove(resident.folder());
                return true;
            }
            Thread.sleep(LOOK_MILLIS);
        }
        return true;
    }

    /** What neither belongs to a command nor is for its eyes. */
    public static Path log(Path folder) {
        return folder.resolve("log");
    }

    static Path practice(Path folder) {
        return folder.resolve("practice.bin");
    }

    /** Under another name first: who is about to ask would make files in it anew while they are deleted. */
    static void remove(Path folder) {
        Path ended = folder.resolveSibling(ENDED + folder.getFileName());
        try {
            Files.move(folder, ended);
        } catch (IOException e) {
            return; // somebody else removes it, too
        }
        deleteAll(ended);
    }

    private static void deleteAll(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.deleteIfExists(file);
            }
            Files.deleteIfExists(folder);
        } catch (IOException e) {
            // Somebody else removes it, too.
        }
    }

    private Residents() {}
}
