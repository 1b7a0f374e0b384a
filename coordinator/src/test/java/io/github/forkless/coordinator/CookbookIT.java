package io.github.forkless.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.forkless.coordinator.cli.SharedResident;
import io.github.forkless.testing.LongTest;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** docs/cookbook.md: its commands print what it says they print. */
class CookbookIT {
    @RegisterExtension
    static final SharedResident RESIDENT = new SharedResident();

    @TempDir
    private Path folder;

    @LongTest
    @Test
    void everyRecipeWorks() throws Exception {
        Document cookbook = Document.run(Document.CHECKOUT.resolve("docs/cookbook.md"), folder, RESIDENT);

        assertThat(cookbook.text().lines().filter(line -> line.startsWith("## ")))
                .hasSize(17);
        assertThat(cookbook.printed()).hasSizeGreaterThan(10).isEqualTo(cookbook.promised());
    }
}
