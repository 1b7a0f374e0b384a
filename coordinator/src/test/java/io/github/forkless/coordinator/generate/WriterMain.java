package io.github.forkless.coordinator.generate;

import io.github.forkless.common.dataset.DatasetException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A program that writes a dataset, for tests that kill it or that give it a file system of its own. It prints the
 * error, if there is one, and what is in the directory afterwards, and ends with 1, or 3 if the name could not be used.
 */
final class WriterMain {
    private WriterMain() {}

    /** What it does while it fills. */
    enum Mode {
        /** Ones. */
        PLAIN,
        /** Ones, in place of the file that is there. */
        REPLACE,
        /** Ones; then reads them through a mapping, and prints how much of it is mapped by huge pages. */
        READ_BACK,
        /** Says so on stdout, and goes on for an hour. */
        STALL,
        /** Takes the space that the disk had left, in a file {@code other}. */
        TAKE_ALL_SPACE
    }

    /** Command line of a JVM that runs this. */
    static List<String> command(Mode mode, Path target, long bytes) throws Exception {
        StringBuilder classPath = new StringBuilder();
        for (Class<?> type : List.of(DatasetWriter.class, WriterMain.class, DatasetException.class)) {
            classPath
                    .append(Path.of(type.getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI()))
                    .append(':');
        }
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED", // as the coordinator has
                "-cp",
                classPath.toString(),
                WriterMain.class.getName(),
                mode.name(),
                target.toString(),
                Long.toString(bytes));
    }

    public static void main(String[] args) throws Exception {
        Path target = Path.of(args[1]);
        int exit = 0;
        try {
            DatasetWriter.write(
                    target,
                    Long.parseLong(args[2]),
                    args[0].equals(Mode.REPLACE.name()) ? Existing.REPLACED : Existing.REFUSED,
                    (piece, offset) -> fill(Mode.valueOf(args[0]), target, piece, offset),
                    1);
            if (args[0].equals(Mode.READ_BACK.name())) {
                System.out.println("huge: " + readBack(target));
            }
        } catch (GenerateException e) {
            System.out.println(e.getMessage());
            exit = 1;
        } catch (DatasetException e) {
            System.out.println(e.getMessage());
            exit = 3;
        }
        try (Stream<Path> files = Files.list(target.getParent())) {
            System.out.println("files: " + files.map(Path::getFileName).toList());
        }
        System.exit(exit);
    }

    private static void fill(Mode mode, Path target, MemorySegment piece, long offset) {
        switch (mode) {
            case PLAIN, REPLACE, READ_BACK -> piece.fill((byte) 1);
            case STALL -> {
                System.out.println("filling");
                try {
                    TimeUnit.HOURS.sleep(1);
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }
            case TAKE_ALL_SPACE -> {
                piece.fill((byte) 1);
                if (offset == 0) {
                    takeAllSpace(target.resolveSibling("other"));
                }
            }
        }
    }

    private static long readBack(Path file) throws IOException {
        try (var channel = FileChannel.open(file);
                var arena = Arena.ofConfined()) {
            MemorySegment mapped = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
            for (long at = 0; at < mapped.byteSize(); at += 4096) {
                if (mapped.get(ValueLayout.JAVA_BYTE, at) != 1) {
                    throw new IOException("not what was written, at " + at);
                }
            }
            try (Stream<String> lines = Files.lines(Path.of("/proc/self/smaps"))) {
                return lines.filter(line -> line.startsWith("ShmemPmdMapped:"))
                                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                                .sum()
                        * 1024;
            }
        }
    }

    private static void takeAllSpace(Path file) {
        try (var channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            while (true) {
                channel.write(ByteBuffer.allocate(4096));
            }
        } catch (IOException _) {
            // Full.
        }
    }
}
