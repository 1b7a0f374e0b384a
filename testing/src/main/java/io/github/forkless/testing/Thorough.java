package io.github.forkless.testing;

import java.util.List;
import java.util.stream.Stream;

/** How much tests try: what finds nearly everything in every build, and all of it with {@code -Dforkless.thorough}. */
public final class Thorough {
    static final String PROPERTY = "forkless.thorough";

    public static final boolean IS_ON = Boolean.getBoolean(PROPERTY);

    private Thorough() {}

    /** How many: {@code all}, or as many as usual. */
    public static int or(int all, int usual) {
        return IS_ON ? all : usual;
    }

    /** How many: {@code all}, or as many as usual. */
    public static long or(long all, long usual) {
        return IS_ON ? all : usual;
    }

    /** All of these, or the first of them, for a test with parameters. */
    public static <T> Stream<T> orFirst(List<T> all) {
        return IS_ON ? all.stream() : Stream.of(all.getFirst());
    }
}
