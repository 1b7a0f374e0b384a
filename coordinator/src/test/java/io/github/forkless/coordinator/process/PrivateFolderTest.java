package io.github.forkless.coordinator.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class PrivateFolderTest {
    @Test
    void isForItsOwnerAloneAndGoesWithWhatIsInIt() throws Exception {
        PrivateFolder created = PrivateFolder.create();

        assertThat(created.path()).hasParent(Path.of(System.getProperty("java.io.tmpdir")));
        assertThat(Files.getPosixFilePermissions(created.path()))
                .hasSize(3)
                .allMatch(permission -> permission.name().startsWith("OWNER"));
        created.createFile("arguments-");
        created.remove();
        assertThat(created.path()).doesNotExist();
    }

    /** A program of its own: where temporary files go is a property of its JVM. */
    @Test
    void isElsewhereWhereTemporaryFilesCannotBe() throws Exception {
        Process program = new ProcessBuilder(
                        System.getProperty("java.home") + "/bin/java",
                        "-Djava.io.tmpdir=/proc",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Creating.class.getName())
                .redirectErrorStream(true)
                .start();

        String path = new String(program.getInputStream().readAllBytes());
        assertThat(path).contains("/forkless-").doesNotStartWith("/proc");
    }

    static final class Creating {
        public static void main(String[] args) throws Exception {
            PrivateFolder created = PrivateFolder.create();
            System.err.println(created.path());
            created.remove();
        }
    }
}
