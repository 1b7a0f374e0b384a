package io.github.forkless.common.dataset;

import io.github.forkless.common.column.ColumnType;

/**
 * What the values of a column of a NumPy array are.
 *
 * @param type what is read of them
 * @param label as people call it: {@code float64}, {@code datetime64[ns]}
 * @param width bytes of each
 */
record NpyType(ColumnType type, String label, int width) {
    /** @param code of a dtype whose numbers are {@linkplain NpyHeader#number read} */
    static NpyType of(String code) {
        if (code.endsWith("b1")) {
            return new NpyType(ColumnType.BOOL, "bool", 1);
        }
        ElementType number = NpyHeader.number(code);
        if (NpyTimes.are(code)) {
            return new NpyType(
                    code.charAt(1) == 'M' ? ColumnType.TIMESTAMP : ColumnType.DURATION,
                    NpyTimes.label(code),
                    number.width());
        }
        return new NpyType(ColumnType.valueOf(number.name()), number.label(), number.width());
    }
}
