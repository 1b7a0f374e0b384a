package io.github.forkless.coordinator.report;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.InputStream;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A page that needs nothing else, made of an HTML file of the same package with its style, its script and JSON in it; only that
 * of a run under way asks its server for more.
 *
 * <p>What is in the JSON, from the dataset's name to what a job printed, is anybody's text. It cannot end the element
 * that it stands in, for every {@code <} in it is escaped; the script makes texts of it and never markup; and the page
 * allows itself no script or style but its own, by their hashes, and nothing from elsewhere.
 */
public final class HtmlReport {
    /** So much of an answer is in a page. */
    private static final int ANSWER_CHARACTERS = 20_000;

    /** And so much of it as a table. */
    private static final int TABLE_CHARACTERS = 2_000_000;

    /** Writes one value. */
    @FunctionalInterface
    public interface JsonContent {
        void writeTo(JsonGenerator json) throws IOException;
    }

    /**
     * The page of a run that is over.
     *
     * @param results none, if it failed
     */
    public static void writeRun(Writer out, List<Object> results, RunFacts facts, Optional<SharingProof> sharing)
            throws IOException {
        writeRun(
                out,
                "still.js",
                "",
                json -> JsonAnswer.write(json, List.of(), facts, sharing, RunJson.Known.NOTHING),
                json -> writeText(json, facts.request().sets(), results),
                json -> writeTable(json, facts.request().sets(), results));
    }

    /** A page without a run, which asks the server that it comes from for one. */
    static void writeLive(Writer out) throws IOException {
        writeRun(
                out,
                "live.js",
                "; connect-src 'self'",
                JsonGenerator::writeNull,
                JsonGenerator::writeNull,
                JsonGenerator::writeNull);
    }

    private static void writeRun(
            Writer out, String start, String connections, JsonContent run, JsonContent answer, JsonContent table)
            throws IOException {
        write(
                out,
                resource("head.html") + resource("report.html"),
                resource("report.css"),
                resource("page.js") + resource("answer.js") + resource("report.js") + resource(start),
                connections,
                Map.of("data", run, "answer", answer, "table", table));
    }

    /** What was printed, or its beginning. */
    static void writeText(JsonGenerator json, ParameterSets sets, List<Object> results) throws IOException {
        json.writeString(results.isEmpty() ? "" : TextAnswer.start(sets, results, ANSWER_CHARACTERS));
    }

    /** The same as rows, as answer.js describes it; null if there is no answer. */
    static void writeTable(JsonGenerator json, ParameterSets sets, List<Object> results) throws IOException {
        if (results.isEmpty()) {
            json.writeNull();
        } else {
            TableAnswer.write(json, sets, results, TABLE_CHARACTERS);
        }
    }

    /**
     * The page of the laboratory.
     *
     * @param findings as docs/lab.md describes them
     */
    public static void writeLab(Writer out, JsonContent findings) throws IOException {
        write(
                out,
                resource("head.html") + resource("lab.html"),
                resource("report.css") + resource("lab.css"),
                resource("page.js") + resource("lab.js"),
                "",
                Map.of("data", findings));
    }

    /** @param connections what the page may ask for, as a content security policy has it */
    private static void write(
            Writer out, String page, String style, String script, String connections, Map<String, JsonContent> values)
            throws IOException {
        String[] parts = page.split("\\{\\{|}}", -1);
        for (int i = 0; i < parts.length; i++) {
            if (i % 2 == 0) {
                out.write(parts[i]);
                continue;
            }
            switch (parts[i]) {
                case "style" -> out.write(style);
                case "script" -> out.write(script);
                case "style-hash" -> out.write(hash(style));
                case "connections" -> out.write(connections);
                case "script-hash" -> out.write(hash(script));
                default -> {
                    try (JsonGenerator json = Json.forHtml(out)) {
                        values.get(parts[i]).writeTo(json);
                    }
                }
            }
        }
    }

    private static String hash(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return "sha256-" + Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = HtmlReport.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private HtmlReport() {}
}
