package io.github.forkless.coordinator.cli;

import static org.assertj.core.api.Assertions.fail;

import io.github.forkless.coordinator.cli.Launcher.Outcome;
import java.util.List;
import java.util.stream.Stream;

/** A file system in memory, in a mount namespace that ends with the command that has it. */
final class TinyDisk {

    /**
     * Runs a shell command, in which {@code $0} is the coordinator, where {@code launcher}'s folder is that file system, of
     * 1 MiB.
     */
    static Outcome run(Launcher launcher, String command) {
        return run(launcher, "size=1m", command);
    }

    /** The same with options of tmpfs(5). */
    static Outcome run(Launcher launcher, String options, String command) {
        List<List<String>> ways =
                List.of(List.of("unshare", "-m"), List.of("unshare", "-rm"), List.of("sudo", "-n", "unshare", "-m"));
        for (List<String> way : ways) {
            var shell = Stream.concat(way.stream(), Stream.of("sh", "-c"));
            Launcher mounting = launcher.by(shell.toArray(String[]::new));
            String mount = "mount -t tmpfs -o " + options + " tmpfs . && cd \"$PWD\"";
            if (mounting.run(mount).exit() == 0) {
                return mounting.run(mount + " && " + command, Launcher.SCRIPT.toString());
            }
        }
        return fail("a file system of its own is needed for this test, and may not be mounted");
    }

    private TinyDisk() {}
}
