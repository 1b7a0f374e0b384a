package io.github.forkless.coordinator.cli;

import java.util.Optional;
import picocli.CommandLine.IVersionProvider;

/** What {@code --version} prints. */
final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
        String version = Optional.ofNullable(Version.class.getPackage().getImplementationVersion())
                .orElse("(not packaged)");
        return new String[] {
            "forkless " + version, "Java " + Runtime.version() + ", " + System.getProperty("java.vm.name")
        };
    }
}
