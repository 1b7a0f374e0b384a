package io.github.forkless.coordinator.journal;

/**
 * One of the things that make a run the one that it is: its data, its job, its parameters. Two are equal if their names
 * and digests are.
 *
 * @param name what it is called in messages: {@code parameters}
 * @param text what it is, for people; may be cut
 * @param sha256 of all that counts, in hex
 */
public record Trait(String name, String text, String sha256) {

    /** A trait that is all in its text. */
    public static Trait of(String name, String text) {
        return new Trait(name, text, new Sha256().add(text).hex());
    }

    /** The text, and what tells it from another that reads the same. */
    String full() {
        return text + " with SHA-256 " + sha256;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Trait that && name.equals(that.name) && sha256.equals(that.sha256);
    }

    @Override
    public int hashCode() {
        return sha256.hashCode();
    }
}
