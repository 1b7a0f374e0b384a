package io.github.forkless.coordinator.cli;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Text in lines that fit a terminal. Lines are broken at spaces alone, so that names of files and properties stay whole; picocli
 * breaks at dots and colons, too, and needs 55 columns.
 */
final class WrappedText {
    /** What has lines of at least this length beside a name is beside it, and else below it. */
    private static final int LEAST_BESIDE = 25;

    private static final int LEAST_COLUMNS = 20;

    /** How far text is indented below the line that it belongs to. */
    private static final int INDENT = 2;

    private static final int INDENT_BELOW_NAME = 4;

    /** What is indented so far belongs to a name in the line before. */
    private static final int BESIDE_NAMES = 20;

    private static final String USAGE = "Usage: ";

    /** Picocli leaves one space behind the longest option that it has text beside. */
    private static final Pattern OPTION_AND_TEXT = Pattern.compile("( {1,8})((?:\\S+, )?\\S*--\\S+)( +)(\\S.*)");

    private static final Pattern NAME_AND_TEXT = Pattern.compile("( *)(\\S.*?)( {2,})(\\S.*)");
    private static final Pattern COLOUR = Pattern.compile("\u001b\\[[0-9;]*m");

    /** Picocli colours the space where it could mark what is required. */
    private static final Pattern COLOURED_SPACE = Pattern.compile("^(?:\u001b\\[[0-9;]*m)+( +)(?:\u001b\\[[0-9;]*m)+");

    private final StringBuilder text = new StringBuilder();
    private final int columns;

    private WrappedText(int columns) {
        this.columns = Math.max(columns, LEAST_COLUMNS);
    }

    /**
     * @param text lines; a name and text that explains it have two spaces or more between them
     * @param columns no line is longer
     */
    static String of(String text, int columns) {
        var wrapped = new WrappedText(columns);
        return text.lines().map(wrapped::line).collect(Collectors.joining("\n"));
    }

    private String line(String given) {
        text.setLength(0);
        String line = COLOURED_SPACE.matcher(given).replaceFirst("$1");
        int indent = line.length() - line.stripLeading().length();
        Matcher option = OPTION_AND_TEXT.matcher(line);
        Matcher parts = option.matches() ? option : NAME_AND_TEXT.matcher(line);
        if (parts.matches()) {
            int column = indent + length(parts.group(2)) + parts.group(3).length();
            if (isBeside(column)) {
                text.append(parts.group(1)).append(parts.group(2)).append(parts.group(3));
                fill(parts.group(4), column, column + INDENT);
            } else {
                add(parts.group(2), indent, indent + INDENT_BELOW_NAME);
                text.append('\n');
                add(parts.group(4), indent + INDENT_BELOW_NAME, indent + INDENT_BELOW_NAME);
            }
        } else if (indent >= BESIDE_NAMES) {
            int first = isBeside(indent) ? indent : INDENT + INDENT_BELOW_NAME + INDENT_BELOW_NAME;
            add(line.strip(), first, isBeside(indent) ? indent + INDENT : first);
        } else {
            int further = indent == 0 ? 0 : indent + INDENT;
            add(line.strip(), indent, line.startsWith(USAGE) ? USAGE.length() : further);
        }
        return text.toString();
    }

    private boolean isBeside(int column) {
        return columns - column - INDENT >= LEAST_BESIDE;
    }

    private void add(String words, int indent, int further) {
        text.repeat(' ', words.isEmpty() ? 0 : indent);
        fill(words, indent, further);
    }

    /**
     * @param at the column that has been come to
     * @param further the column in which further lines begin
     */
    private void fill(String words, int at, int further) {
        int column = at;
        boolean isFirst = true;
        for (String word : words.split(" +")) {
            int length = length(word);
            if (!isFirst && column + 1 + length <= columns) {
                text.append(' ');
                column++;
            } else if (!isFirst) {
                text.append('\n').repeat(' ', further);
                column = further;
            }
            String rest = word;
            while (column + length(rest) > columns) { // longer than a line
                int end = end(rest, columns - column);
                text.append(rest, 0, end).append('\n').repeat(' ', further);
                rest = rest.substring(end);
                column = further;
            }
            text.append(rest);
            column += length(rest);
            isFirst = false;
        }
    }

    /** Where {@code columns} of a word end, which has more. */
    private static int end(String word, int columns) {
        Matcher colour = COLOUR.matcher(word);
        int left = columns;
        int i = 0;
        while (left > 0) {
            if (colour.find(i) && colour.start() == i) {
                i = colour.end();
            } else {
                i += Character.charCount(word.codePointAt(i));
                left--;
            }
        }
        return i;
    }

    /** How many columns it takes, without what sets colours. */
    private static int length(String word) {
        String shown = word.indexOf('\u001b') < 0 ? word : COLOUR.matcher(word).replaceAll("");
        return shown.codePointCount(0, shown.length());
    }
}
