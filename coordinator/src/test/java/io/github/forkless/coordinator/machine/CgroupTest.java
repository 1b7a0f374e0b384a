package io.github.forkless.coordinator.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two processes are limited together if the groups around them that have limits are the same, whatever the others are. */
class CgroupTest {
    @TempDir
    private Path root;

    @Test
    void terminalsWithoutLimitsOfTheirOwnAreLimitedTogether() throws IOException {
        isIn(1, "0::/user/first");
        isIn(2, "0::/user/second");
        write("sys/fs/cgroup/user/memory.max", "1073741824");
        write("sys/fs/cgroup/user/first/memory.max", "max");
        write("sys/fs/cgroup/user/first/cpu.max", "max 100000");

        assertThat(limits(1)).isEqualTo(limits(2)).contains("1073741824");
    }

    @Test
    void groupsWithEqualLimitsAreNotTheSame() throws IOException {
        isIn(1, "0::/first");
        isIn(2, "0::/second");
        write("sys/fs/cgroup/first/cpu.max", "50000 100000");
        write("sys/fs/cgroup/second/cpu.max", "50000 100000");

        assertThat(limits(1)).isNotEqualTo(limits(2));
    }

    @Test
    void version1SaysOtherwiseThatThereIsNoLimit() throws IOException {
        isIn(1, "4:memory:/first\n1:cpu:/first");
        isIn(2, "4:memory:/second\n1:cpu:/second");
        write("sys/fs/cgroup/memory/first/memory.limit_in_bytes", "9223372036854771712");
        write("sys/fs/cgroup/cpu/first/cpu.cfs_quota_us", "-1");

        assertThat(limits(1)).isEqualTo(limits(2));

        write("sys/fs/cgroup/memory/first/memory.limit_in_bytes", "1073741824");

        assertThat(limits(1)).isNotEqualTo(limits(2));
    }

    private String limits(long pid) {
        return Cgroup.limits(new Kernel(root), pid).toString();
    }

    private void isIn(long pid, String groups) throws IOException {
        write("proc/" + pid + "/cgroup", groups);
    }

    private void write(String file, String text) throws IOException {
        Path path = root.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text + "\n");
    }
}
