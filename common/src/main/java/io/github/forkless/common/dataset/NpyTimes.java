package io.github.forkless.common.dataset;

import java.util.regex.Pattern;

/** NumPy's {@code datetime64} and {@code timedelta64}: an int64 that counts units of time, since 1970 or not. */
final class NpyTimes {
    /** NaT: not a time. */
    static final long ABSENT = Long.MIN_VALUE;

    /** With how many of a unit are counted as one; without a unit what is counted is not known. */
    private static final Pattern UNIT =
            Pattern.compile("(\\[([1-9][0-9]{0,9})?(Y|M|W|D|h|m|s|ms|us|ns|ps|fs|as|generic)\\])?");

    private static final int CODE_LENGTH = 3;

    /** As NumPy writes it: {@code datetime64[ns]}; empty if there is no such dtype, in this order. */
    static String label(String code) {
        String unit = code.substring(CODE_LENGTH);
        return code.charAt(0) == '<' && UNIT.matcher(unit).matches()
                ? (code.charAt(1) == 'M' ? "datetime64" : "timedelta64") + unit
                : "";
    }

    private NpyTimes() {}
}
