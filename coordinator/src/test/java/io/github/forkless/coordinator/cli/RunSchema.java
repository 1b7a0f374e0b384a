package io.github.forkless.coordinator.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** What docs/run.schema.json says of the JSON that a run prints. It allows no field that it does not know. */
final class RunSchema {
    private static final Path FILE = Path.of("../docs/run.schema.json");

    private static final Schema SCHEMA = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(text(), InputFormat.JSON);

    static String text() {
        try {
            return Files.readString(FILE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Checks {@code json} and returns what it says. */
    static Map<String, Object> checked(String json) {
        assertThat(SCHEMA.validate(json, InputFormat.JSON))
                .as("against %s: %s", FILE, json)
                .isEmpty();
        return ParsedJson.object(json);
    }

    private RunSchema() {}
}
