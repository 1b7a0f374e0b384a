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
    /** Java has no type of this and the three that follow: jobs get the next wider one, see {@link #readAs}. */
    UINT16(2, INT32),
    UINT32(4, INT64),
    UINT64(8, INT64),
    FLOAT16(2, FLOAT32),
    /** Text is addressed by the byte; slices and blocks of it are whole lines. */
    TEXT(1),
    /** Records of some bytes each, of one length or of many: only their {@link Layout.Records} tells. */
    RECORDS(0),
    /** Rows of columns, of which the {@link Layout.Table} tells. */
    TABLE(0);

    private final int width;
    private final ElementType readAs;

    ElementType(int width) {
        this.width = width;
        this.readAs = this;
    }

    ElementType(int width, ElementType readAs) {
        this.width = width;
        this.readAs = readAs;
    }

    /** Bytes of one element; 1 for text; 0 for records and rows, whose layout tells. */
    public int width() {
        return width;
    }

    /** The type of the blocks that jobs get of such elements: the same, or the next wider one that Java has. */
    public ElementType readAs() {
        return readAs;
    }

    public boolean isNumber() {
        return width > 0 && this != TEXT;
    }

    public boolean isUnsigned() {
        return this == UINT8 || this == UINT16 || this == UINT32 || this == UINT64;
    }

    public boolean isText() {
        return this == TEXT;
    }

    public boolean isFloating() {
        return readAs == FLOAT32 || readAs == FLOAT64;
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
        return numbers() + ", " + TEXT.label();
    }

    /** The names of all types of numbers, for messages: {@code int8, uint8, ...}. */
    public static String numbers() {
        return Arrays.stream(values())
                .filter(ElementType::isNumber)
                .map(ElementType::label)
                .collect(Collectors.joining(", "));
    }
}
