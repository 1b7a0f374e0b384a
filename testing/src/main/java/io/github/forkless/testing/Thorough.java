package io.github.forkless.testing;

import java.util.List;
import java.util.stream.Stream;

/**
 * How much tests try: what finds nearly everything in every build, more with {@code -Dforkless.thorough}, and all of it, whose
 * last part takes long for what it finds, with {@code -Dforkless.thorough=whole}.
 */
public final class Thorough {
    static final String PROPERTY = "forkless.thorough";

    private static final String VALUE = System.getProperty(PROPERTY, "false");

    public static final boolean IS_WHOLE = VALUE.equals("whole");

    public static final boolean IS_ON = IS_WHOLE || VALUE.equals("true");

    private Thorough() {}

    /** How many: {@code all}, or as many as usual. */
    public static int or(int all, int usual) {
        return IS_ON ? all : usual;
    }

    /** How many: {@code all}, or as many as usual. */
    public static long or(long all, long usual) {
        return IS_ON ? all : usual;
    }

    /** How many: {@code all} in the whole, {@code many} in any other thorough build, or as many as usual. */
    public static int or(int all, int many, int usual) {
        return IS_WHOLE ? all : or(many, usual);
    }

    /** How many, in a test that is thorough in any case: {@code all} in the whole, or {@code many}. */
    public static int wholeOr(int all, int many) {
        return IS_WHOLE ? all : many;
    }

    /** All of these, or the first of them, for a test with parameters. */
    public static <T> Stream<T> orFirst(List<T> all) {
        return IS_ON ? all.stream() : Stream.of(all.getFirst());
    }
}
