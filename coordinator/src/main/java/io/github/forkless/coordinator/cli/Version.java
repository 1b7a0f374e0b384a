package io.github.forkless.coordinator.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine.IVersionProvider;

/** What {@code --version} prints. */
final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() throws IOException {
        try (InputStream written = Version.class.getResourceAsStream("version.txt")) {
            return new String[] {
                new String(written.readAllBytes(), StandardCharsets.UTF_8).strip(),
                "Java " + Runtime.version() + ", " + System.getProperty("java.vm.name") + ", "
                        + System.getProperty("java.home")
            };
        }
    }
}
