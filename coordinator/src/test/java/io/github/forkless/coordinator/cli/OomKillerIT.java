package io.github.forkless.coordinator.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import io.github.forkless.common.dataset.ElementType;
import io.github.forkless.coordinator.cli.Launcher.Outcome;
import io.github.forkless.coordinator.cli.TestData.Oracle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** The kernel ends a worker for want of memory, in a cgroup that has little. Needs the right to make one. */
@Isolated("The kernel counts its kills, and who dies meanwhile might be one of them.")
class OomKillerIT {
    private static final long BYTES = 400 << 20;

    @TempDir
    private Path folder;

    @Test
    void theCertificateNamesTheKernelsKiller() throws Exception {
        byte[] elements = TestData.random(ElementType.INT32, 100_000, 9);
        Files.write(folder.resolve("data.bin"), elements);
        Path once = Files.createFile(folder.resolve("once"));
        try (var group = MemoryGroup.of(BYTES)) {
            String[] enter = {"sh", "-c", "echo $$ >\"$0\" && exec \"$@\"", group.members(), Launcher.SCRIPT.toString()
            };

            Outcome outcome = new Launcher(folder)
                    .by(enter)
                    .run(TestJobs.job(
                            "Hoard", "--procs", "2", "--tasks", "4", "--param", "once=" + once, "--json", "data.bin"));

            Map<String, Object> json = ParsedJson.object(outcome.answer());
            assertThat(ParsedJson.integer(json.get("result")))
                    .isEqualTo(
                            Oracle.of(ElementType.INT32, elements).integerSum().longValueExact());
            assertThat(ParsedJson.maps(ParsedJson.map(json.get("run")).get("failures")))
                    .singleElement()
                    .satisfies(failure -> assertThat(failure)
                            .containsEntry("cause", "killed by SIGKILL, probably by the kernel's out-of-memory killer")
                            .containsEntry("exitCode", 137)
                            .containsEntry("attempt", 1));
        }
    }

    /** A cgroup of its own for a run. */
    private record MemoryGroup(Path folder) implements AutoCloseable {
        private static final Path ROOT = Path.of("/sys/fs/cgroup");

        /** Skips the test where none can be made. */
        static MemoryGroup of(long bytes) throws IOException {
            boolean isVersion2 = Files.exists(ROOT.resolve("cgroup.controllers"));
            Path parent = isVersion2 ? ROOT : ROOT.resolve("memory");
            String limit = isVersion2 ? "memory.max" : "memory.limit_in_bytes";
            // Version 2 limits swap, version 1 memory and swap together.
            String swapLimit = isVersion2 ? "memory.swap.max" : "memory.memsw.limit_in_bytes";
            var group = new MemoryGroup(
                    parent.resolve("forkless-test-" + ProcessHandle.current().pid()));
            try {
                Files.createDirectory(group.folder);
                Files.writeString(group.folder.resolve(limit), Long.toString(bytes));
                if (Files.exists(group.folder.resolve(swapLimit))) {
                    Files.writeString(group.folder.resolve(swapLimit), Long.toString(isVersion2 ? 0 : bytes));
                }
                return group;
            } catch (IOException e) {
                Files.deleteIfExists(group.folder);
                String reason = "the kernel's out-of-memory killer is not tested: no cgroup with limited memory can be"
                        + " made here (" + e + ")";
                System.out.println(reason);
                return abort(reason);
            }
        }

        String members() {
            return folder.resolve("cgroup.procs").toString();
        }

        @Override
        public void close() throws IOException {
            Files.delete(folder); // which fails while anybody is in it
        }
    }
}
