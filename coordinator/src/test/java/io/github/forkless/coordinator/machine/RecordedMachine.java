package io.github.forkless.coordinator.machine;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Machines that we do not have: what their kernels say in /sys and /proc, as far as it is read. In {@code
 * resources/machines} a file of each: {@code == path}, then what is in the file of that path.
 */
final class RecordedMachine {

    /** Unpacks one into {@code folder}. */
    static Kernel unpack(String name, Path folder) {
        try (InputStream recorded = RecordedMachine.class.getResourceAsStream("/machines/" + name + ".txt")) {
            String all = new String(recorded.readAllBytes(), StandardCharsets.UTF_8);
            for (String file : all.substring("== ".length()).split("\n== ")) {
                int end = file.indexOf('\n');
                Path path = folder.resolve(file.substring(0, end));
                Files.createDirectories(path.getParent());
                Files.writeString(path, file.substring(end + 1) + "\n");
            }
            return new Kernel(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private RecordedMachine() {}
}
