package io.github.forkless.coordinator;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** Files by which processes tell each other that they may go on. It names nothing that a journal would have to digest. */
final class Signals {
    private Signals() {}

    /** Says to whoever awaits {@code signal}, in whatever process, that it may go on. */
    static void give(Path signal) {
        try {
            Files.createFile(signal);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void await(Path signal) {
        try {
            while (Files.notExists(signal)) {
                Thread.sleep(Duration.ofMillis(2)); // a file tells nobody when it comes
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody gave " + signal, e);
        }
    }
}
