package io.github.forkless.common.dataset;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** What a dataset is made of: little-endian numbers of one width, bytes of newline-separated text, records, or rows. */
public enum ElementType {
    INT8(1),
    UINT8(1),
    INT16(2),
    INT32(4),
    INT64(8),
    FLOAT32(4),
    FLOAT64(8),
    /** Text is addressed by the byte; slices and blocks of it are whole lines. */
    TEXT(1),
    /** Records of some bytes each, of one length or of many: only their {@link Layout.Records} tells. */
    RECORDS(0),
    /** Rows of columns, of which the {@link Layout.Table} tells. */
    TABLE(0);

    private final int width;

    ElementType(int width) {
        this.width = width;
    }

    /** Bytes of one element; 1 for text; 0 for records and rows, whose layout tells. */
    public int width() {
        return width;
    }

    public boolean isNumber() {
        return width > 0 && this != TEXT;
    }

    public boolean isText() {
        return this == TEXT;
    }

    public boolean isFloating() {
        return this == FLOAT32 || this == FLOAT64;
    }

    /** The name people type: {@code int32}, {@code text}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The type that people call {@code label}; empty when there is none. Files of records and tables tell that themselves. */
    public static Optional<ElementType> byLabel(String label) {
        return Arrays.stream(values())
                .filter(type -> type.width > 0 && type.label().equals(label))
                .findFirst();
    }

    /** Every name that {@link #byLabel} knows, for messages: {@code int8, uint8, ..., text}. */
    public static String labels() {
        return Arrays.stream(values())
                .filter(type -> type.width > 0)
                .map(ElementType::label)
                .collect(Collectors.joining(", "));
    }
}
