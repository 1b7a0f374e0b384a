package io.github.forkless.worker.jobs;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;

/** Seeded data of every kind that text can be. */
final class Samples {
    private static final String[] WORDS = {
        "a",
        "b",
        "the",
        "of",
        "needle",
        "nee",
        "Zürich",
        "naïve",
        "日本",
        "error:",
        "seventeen-letters",
        "0x1f",
        "fifteen-letters",
        "sixteen--letters",
        "eight888",
        "seven77",
        "🦀",
        "a-word-of-some-forty-bytes-that-goes-on-and-on"
    };
    private static final String[] SPACES = {" ", " ", " ", "\n", "\n", "\t", "\r\n", "  ", "\n\n", "\u000b", "\f"};

    /** Words, and with {@code bytes} bytes of any value too. */
    static byte[] text(SplittableRandom random, int length, boolean bytes) {
        var out = new ByteArrayOutputStream();
        while (out.size() < length) {
            if (bytes && random.nextInt(4) == 0) {
                out.write(random.nextInt(256));
            } else {
                out.writeBytes(WORDS[random.nextInt(WORDS.length)].getBytes(StandardCharsets.UTF_8));
            }
            if (random.nextInt(6) > 0) {
                out.writeBytes(SPACES[random.nextInt(SPACES.length)].getBytes(StandardCharsets.UTF_8));
            }
        }
        return out.toByteArray();
    }

    private Samples() {}
}
