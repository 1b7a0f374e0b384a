package io.github.forkless.worker.jobs.brc;

import io.github.forkless.common.dataset.Block;
import io.github.forkless.common.dataset.Lines;
import io.github.forkless.common.text.Text;

/** Says what is wrong with a row, once something is. */
final class RowCheck {

    /** The first row of {@code block} that is not {@code name;value}. */
    static MalformedRowException firstMalformed(Block block) {
        Lines lines = block.lines();
        while (lines.next()) {
            String problem = problem(block, lines.from(), lines.length());
            if (problem != null) {
                return MalformedRowException.at(lines.offset(), start(block, lines), problem);
            }
        }
        throw new IllegalStateException(
                Text.format("a row of the block at byte %d was taken for malformed, and none is", block.start()));
    }

    private static byte[] start(Block block, Lines lines) {
        byte[] start = new byte[(int) Math.min(lines.length(), MalformedRowException.SHOWN + 1)];
        for (int i = 0; i < start.length; i++) {
            start[i] = block.byteAt(lines.from() + i);
        }
        return start;
    }

    /** {@code null} if there is none. */
    private static String problem(Block block, long from, long length) {
        long semicolon = 0;
        while (semicolon < length && block.byteAt(from + semicolon) != ';') {
            semicolon++;
        }
        if (semicolon == length) {
            return "has no semicolon";
        }
        if (semicolon == 0) {
            return "has no name before its semicolon";
        }
        long digits = from + semicolon + 1;
        long end = from + length;
        if (digits < end && block.byteAt(digits) == '-') {
            digits++;
        }
        // What is left has to be one or two digits, a point, and a digit.
        boolean isValue = end - digits == 3 || end - digits == 4;
        for (long i = digits; isValue && i < end; i++) {
            isValue = i == end - 2 ? block.byteAt(i) == '.' : Character.isDigit(block.byteAt(i));
        }
        if (isValue) {
            return null;
        }
        return block.byteAt(end - 1) == '\r'
                ? "ends with a carriage return (CRLF line ends); a newline alone must end it"
                : "has a value that is not a number from -99.9 to 99.9 with one decimal";
    }

    private RowCheck() {}
}
