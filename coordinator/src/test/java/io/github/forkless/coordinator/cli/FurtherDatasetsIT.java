package io.github.forkless.coordinator.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jobs that read more than one dataset. */
class FurtherDatasetsIT {
    @TempDir
    private Path folder;

    private Launcher coordinator;

    @BeforeEach
    void writeData() throws Exception {
        coordinator = new Launcher(folder);
        Files.write(folder.resolve("data.bin"), TestData.int32(0, 1, 1, 2));
        Files.write(folder.resolve("table.bin"), TestData.int32(10, 20, 30));
        Files.write(folder.resolve("list.bin"), TestData.int32(1, 2, 3));
    }

    private Launcher.Outcome run(String... arguments) {
        List<String> all = new ArrayList<>(List.of("--procs", "2", "--job", TestJobs.path("Lookup.java")));
        all.addAll(List.of(arguments));
        all.add("data.bin");
        return coordinator.run(all.toArray(String[]::new));
    }

    @Test
    void areComponentsOfTheJobsRecord() {
        assertThat(run("--with", "table=table.bin", "--with", "list=list.bin", "--param", "times=1")
                        .answer())
                .isEqualTo("88\n");
        assertThat(run("--with", "table=data.bin", "--with", "list=data.bin", "--sweep", "times=1,2")
                        .answer())
                .isEqualTo("times=1  6\ntimes=2  12\n");
        assertThat(run(
                                "--engine",
                                "threads",
                                "--with",
                                "table=table.bin",
                                "--with",
                                "list=list.bin",
                                "--param",
                                "times=1")
                        .answer())
                .isEqualTo("88\n");
    }

    @Test
    void thatAreMissingUnknownOrGivenTwiceAreNamed() {
        var missing = run("--with", "table=table.bin", "--param", "times=1");
        assertThat(missing.exit()).isEqualTo(2);
        assertThat(missing.stderr())
                .contains("job Lookup needs the dataset list; give it with --with;", "table (dataset, required)");
        var unknown = run("--with", "table=table.bin", "--with", "lst=list.bin", "--param", "times=1");
        assertThat(unknown.exit()).isEqualTo(2);
        assertThat(unknown.stderr()).contains("no parameter lst that is a dataset");
        var twice = run("--with", "table=table.bin", "--with", "table=list.bin", "--param", "times=1");
        assertThat(twice.exit()).isEqualTo(2);
        assertThat(twice.stderr()).contains("--with table is given twice");
        var typed = run("--with", "list=list.bin", "--param", "table=table.bin", "--param", "times=1");
        assertThat(typed.exit()).isEqualTo(2);
        assertThat(typed.stderr()).contains("table is a dataset; give it with --with");
    }

    @Test
    void thatCannotBeUsedEndAsTheDatasetItselfWould() {
        var none = run("--with", "table=none.bin", "--with", "list=list.bin", "--param", "times=1");
        assertThat(none.exit()).isEqualTo(3);
        assertThat(none.stderr()).contains("none.bin: no such file");
        var changed = run(
                "--with",
                "table=table.bin",
                "--with",
                "list=list.bin",
                "--param",
                "times=1",
                "--param",
                "spoiled=" + folder.resolve("list.bin"));
        assertThat(changed.stdout()).isEmpty();
        assertThat(changed.exit()).isEqualTo(3);
        assertThat(changed.stderr()).contains("list.bin: grown from 12 to 16 bytes");
    }

    @Test
    void belongToWhatAJournalKnowsARunBy() throws Exception {
        String[] given = {
            "--journal", "run.journal", "--with", "table=table.bin", "--with", "list=list.bin", "--param", "times=1"
        };
        assertThat(run(given).stdout()).isEqualTo("88\n");
        assertThat(run(given).stdout()).isEqualTo("88\n");
        Files.write(folder.resolve("list.bin"), TestData.int32(1, 2, 4));
        assertThat(run(given).stderr()).contains("belongs to another run", "parameters");
    }
}
