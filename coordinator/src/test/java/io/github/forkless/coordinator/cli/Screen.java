package io.github.forkless.coordinator.cli;

/** What a terminal shows after what was printed on it: text, wrapped where it is full, and the orders of {@link Progress}. */
final class Screen {
    private static final String TO_END_OF_LINE = "\033[K";
    private static final String TO_END_OF_SCREEN = "\033[J";

    static String after(String printed, int columns) {
        StringBuilder rows = new StringBuilder(); // all of one length, one after another
        int at = 0;
        for (int i = 0; i < printed.length(); i++) {
            int rowEnd = (at / columns + 1) * columns;
            rows.append(" ".repeat(Math.max(0, rowEnd - rows.length())));
            if (printed.startsWith(TO_END_OF_LINE, i)) {
                rows.replace(at, rowEnd, " ".repeat(rowEnd - at));
                i += TO_END_OF_LINE.length() - 1;
            } else if (printed.startsWith(TO_END_OF_SCREEN, i)) {
                rows.setLength(at);
                i += TO_END_OF_SCREEN.length() - 1;
            } else if (printed.charAt(i) == '\r') {
                at = at / columns * columns;
            } else if (printed.charAt(i) == '\n') {
                at += columns;
            } else {
                rows.setCharAt(at++, printed.charAt(i));
            }
        }
        return rows.toString();
    }

    private Screen() {}
}
