package io.github.forkless.coordinator.report;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.CharacterEscapes;
import java.io.IOException;
import java.io.InputStream;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Map;

/**
 * A page that needs nothing else, made of an HTML file of the same package with its style, its script and JSON in it.
 *
 * <p>What is in the JSON, from the dataset's name to what a job printed, is anybody's text. It cannot end the element
 * that it stands in, for every {@code <} in it is escaped; the script makes texts of it and never markup; and the page
 * allows itself no script or style but its own, by their hashes, and nothing from elsewhere.
 */
public final class HtmlReport {

    /** Writes one value. */
    @FunctionalInterface
    public interface JsonContent {
        void writeTo(JsonGenerator json) throws IOException;
    }

    /**
     * The page of a run.
     *
     * @param run as docs/run.schema.json describes it, with a timeline
     * @param answer for people; empty if there is none
     * @param table the same as rows, as answer.js describes it; null in JSON if there is none
     */
    public static void writeRun(Writer out, JsonContent run, String answer, JsonContent table) throws IOException {
        write(
                out,
                resource("head.html") + resource("report.html"),
                resource("report.css"),
                resource("page.js") + resource("answer.js") + resource("report.js"),
                Map.of("data", run, "answer", json -> json.writeString(answer), "table", table));
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
                Map.of("data", findings));
    }

    private static void write(Writer out, String page, String style, String script, Map<String, JsonContent> values)
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
                case "script-hash" -> out.write(hash(script));
                default -> write(out, values.get(parts[i]));
            }
        }
    }

    private static void write(Writer out, JsonContent content) throws IOException {
        JsonFactory factory = new JsonFactory();
        factory.setCharacterEscapes(new ForHtml());
        try (JsonGenerator json = factory.createGenerator(out).disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)) {
            content.writeTo(json);
        }
    }

    /** The escapes that JSON needs, and one more, without which no element and no comment can begin or end. */
    private static final class ForHtml extends CharacterEscapes {
        private static final long serialVersionUID = 1;

        @Override
        public int[] getEscapeCodesForAscii() {
            int[] escapes = standardAsciiEscapesForJSON();
            escapes['<'] = ESCAPE_STANDARD;
            return escapes;
        }

        @Override
        public SerializableString getEscapeSequence(int character) {
            return null; // only asked for escapes that are not standard
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
