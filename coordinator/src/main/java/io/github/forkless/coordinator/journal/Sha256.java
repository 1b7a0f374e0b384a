package io.github.forkless.coordinator.journal;

import io.github.forkless.common.text.Text;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The SHA-256 of several things, each with its length, so that no two lists of things look alike. */
public final class Sha256 {
    private final MessageDigest digest;

    public Sha256() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has it", e);
        }
    }

    public Sha256 add(byte[] thing) {
        add(thing.length);
        digest.update(thing);
        return this;
    }

    public Sha256 add(String thing) {
        return add(Text.encode(thing));
    }

    public Sha256 add(long thing) {
        digest.update(ByteBuffer.allocate(Long.BYTES).putLong(0, thing));
        return this;
    }

    /** In hex. The next bytes begin a new digest. */
    public String hex() {
        return HexFormat.of().formatHex(digest.digest());
    }
}
