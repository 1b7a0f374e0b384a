package io.github.forkless.coordinator.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.forkless.testing.LongTest;
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
        List<String> all = new ArrayList<>(List.of(TestJobs.job("Lookup", "--procs", "2")));
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

    @LongTest
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

    @LongTest
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

    @LongTest
    @Test
    void haveTheTypeThatIsGivenAndAreInTheJson() throws Exception {
        Files.move(folder.resolve("table.bin"), folder.resolve("table"));
        String written =
                Files.getLastModifiedTime(folder.resolve("table")).toInstant().toString();
        String[] given = {"--with", "table=table", "--with", "list=list.bin", "--param", "times=1"};
        var untyped = run(given);
        assertThat(untyped.exit()).isEqualTo(2);
        assertThat(untyped.stderr()).contains("table: its name does not say what its elements are; give --with-type");

        var typed = new ArrayList<>(List.of(given));
        typed.addAll(List.of("--with-type", "table=int32", "--json"));
        var json = RunSchema.checked(run(typed.toArray(String[]::new)).answer());

        assertThat(ParsedJson.integer(json.get("result"))).isEqualTo(88);
        assertThat(ParsedJson.maps(json.get("with")))
                .hasSize(2)
                .first()
                .satisfies(table -> assertThat(table)
                        .containsEntry("name", "table")
                        .containsEntry(
                                "path", folder.toRealPath().resolve("table").toString())
                        .containsEntry("type", "int32")
                        .containsEntry("bytes", 12)
                        .containsEntry("count", 3)
                        .hasEntrySatisfying(
                                "identity",
                                identity -> assertThat(ParsedJson.map(identity))
                                        .containsEntry("size", 12)
                                        .hasEntrySatisfying(
                                                "modified",
                                                modified -> assertThat((String) modified)
                                                        .isEqualTo(written))));
        typed.set(typed.size() - 2, "table=int31");
        assertThat(run(typed.toArray(String[]::new)).errorLines(2).getFirst())
                .contains("--with-type", "'int31' is not an element type");
        typed.set(typed.size() - 2, "tabel=int32");
        assertThat(run(typed.toArray(String[]::new)).errorLines(2).getFirst())
                .contains(
                        "--with-type tabel=int32 is for a further dataset tabel, and there is none; give it with --with"
                                + " tabel=FILE");
    }

    @LongTest
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
