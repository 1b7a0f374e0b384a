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

/**
 * A run as one page that needs nothing else: report.html with its style, its script and the run's JSON in it.
 *
 * <p>What is in the JSON, from the dataset's name to what a job printed, is anybody's text. It cannot end the element
 * that it stands in, for every {@code <} in it is escaped; the script makes texts of it and never markup; and the page
 * allows itself no script or style but its own, by their hashes, and nothing from elsewhere.
 */
public final class HtmlReport {

    /** Writes one object. */
    @FunctionalInterface
    public interface JsonContent {
        void writeTo(JsonGenerator json) throws IOException;
    }

    /**
     * @param run as docs/run.schema.json describes it, with a timeline
     * @param answer for people; empty if there is none
     */
    public static void write(Writer out, JsonContent run, String answer) throws IOException {
        String style = resource("report.css");
        String script = resource("report.js");
        String[] parts = resource("report.html").split("\\{\\{|}}", -1);
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
                case "data" -> write(out, run);
                case "answer" -> write(out, json -> json.writeString(answer));
                default -> throw new IllegalStateException("report.html wants " + parts[i]);
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
