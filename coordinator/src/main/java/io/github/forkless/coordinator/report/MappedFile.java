package io.github.forkless.coordinator.report;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * A file as the kernel names it where processes have mapped it. That is not always what stat says: file systems that
 * are laid over others have device numbers of their own. And a path is only text, which a newline may break.
 *
 * @param device major and minor number in hexadecimal: {@code 08:01}
 */
record MappedFile(String device, long inode) {

    /** Maps a byte of {@code file} and looks how that is called; empty where there is no /proc, or nothing to map. */
    static Optional<MappedFile> of(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
                Arena arena = Arena.ofConfined()) {
            if (channel.size() == 0) {
                return Optional.empty();
            }
            long address =
                    channel.map(FileChannel.MapMode.READ_ONLY, 0, 1, arena).address();
            String start = Long.toHexString(address) + "-";
            for (String line : Files.readAllLines(Path.of("/proc/self/maps"), StandardCharsets.ISO_8859_1)) {
                if (line.startsWith(start)) {
                    return Optional.of(ofLine(line));
                }
            }
            return Optional.empty();
        }
    }

    /** {@code 7fce8c000000-7fcfcc000000 r--s 00000000 08:01 1234    /data.bin}. */
    static MappedFile ofLine(String line) {
        String[] fields = line.split(" +", 6);
        return new MappedFile(fields[3], Long.parseLong(fields[4]));
    }
}
