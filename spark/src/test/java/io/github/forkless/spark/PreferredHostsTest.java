package io.github.forkless.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.forkless.common.dataset.Dataset;
import io.github.forkless.common.dataset.ElementType;
import io.github.forkless.common.dataset.Slice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PreferredHostsTest {
    @TempDir
    Path folder;

    private Path list;
    private Dataset dataset;

    @BeforeEach
    void writeParts() throws IOException {
        list = folder.resolve("hosts");
        Path parts = Files.createDirectories(folder.resolve("parts"));
        for (int i = 0; i < 3; i++) {
            Files.write(parts.resolve("part-" + i + ".u8"), new byte[100]);
        }
        dataset = Dataset.open(parts, Optional.of(ElementType.UINT8));
    }

    private PreferredHosts read(String lines) throws IOException {
        Files.writeString(list, lines.replace("PARTS", folder.resolve("parts").toString()));
        return PreferredHosts.read(Optional.of(list));
    }

    @Test
    void aSliceHasTheHostOfItsFileAndOfSeveralOneAfterTheOther() throws IOException {
        PreferredHosts hosts = read("# where they are\nPARTS/part-0.u8 a b\n\nPARTS/part-2.u8   c\n");
        int[] homes = hosts.homes(
                dataset, List.of(new Slice(0, 50), new Slice(50, 100), new Slice(100, 200), new Slice(200, 300)));
        assertThat(homes).containsExactly(hosts.number("a"), hosts.number("b"), -1, hosts.number("c"));
        assertThat(hosts.names()).containsExactly("a", "b", "c");
    }

    @Test
    void withoutAListNoHostIsCloserThanOthers() throws IOException {
        assertThat(PreferredHosts.read(Optional.empty()).homes(dataset, List.of(new Slice(0, 300))))
                .isEmpty();
    }

    @Test
    void hostsWithoutAnExecutorAreNamed() throws IOException {
        assertThat(read("PARTS/part-0.u8 a b").without(List.of(new Executor("0", "a", 2), new Executor("1", "z", 2))))
                .contains("[hosts] no executor is on b, as Spark names hosts; there are some on a, z");
        assertThat(read("PARTS/part-0.u8 a").without(List.of(new Executor("0", "a", 2))))
                .isEmpty();
    }

    @Test
    void aLineThatIsWrongIsNamed() {
        assertThatThrownBy(() -> read("PARTS/part-0.u8"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(list + ", line 1: ")
                .hasMessageContaining("names no host; a line is a file and its hosts: FILE HOST...");
        assertThatThrownBy(() -> read("PARTS/part-0.u8 a\nPARTS/none.u8 a"))
                .isInstanceOf(IOException.class)
                .hasMessage(list + ", line 2: there is no file " + folder.resolve("parts/none.u8"));
    }
}
