package io.github.forkless.common.text;

/** What an object says of itself, whatever its class makes of that. */
public final class Described {

    /**
     * {@code object.toString()}. The object's class and what went wrong, where that throws or returns null.
     *
     * @param most UTF-16 units of it; what is longer is cut
     */
    public static String of(Object object, int most) {
        if (object == null) {
            return "null";
        }
        String text;
        try {
            text = object.toString();
        } catch (Throwable e) { // it is not this code's
            return object.getClass().getName() + " (its toString() threw "
                    + e.getClass().getName() + ")";
        }
        return text == null
                ? object.getClass().getName() + " (its toString() returned null)"
                : Text.shortened(text, most);
    }

    private Described() {}
}
