package io.github.forkless.common.shared;

import java.util.Locale;

/** How a column's values are stored. */
enum ColumnType {
    BOOLEAN(Elements.BYTES),
    BYTE(Elements.BYTES),
    SHORT(Elements.SHORTS),
    CHAR(Elements.CHARS),
    INT(Elements.INTS),
    LONG(Elements.LONGS),
    FLOAT(Elements.FLOATS),
    DOUBLE(Elements.DOUBLES),
    /** Its constant's ordinal; -1 for null. */
    ENUM(Elements.SHORTS),
    /** Where in the {@link StringHeap} it is; -1 for null. */
    STRING(Elements.LONGS),
    /** Nothing but whether it is there: what is in it has columns of its own. */
    RECORD(null);

    private final Elements elements;

    ColumnType(Elements elements) {
        this.elements = elements;
    }

    Elements elements() {
        return elements;
    }

    /** As people write it. */
    String label() {
        return this == STRING ? "String" : name().toLowerCase(Locale.ROOT);
    }

    /** How the table is asked for it. */
    String accessor() {
        return switch (this) {
            case RECORD -> "the columns of its parts";
            case STRING -> "strings";
            default -> elements.name().toLowerCase(Locale.ROOT);
        };
    }

    /** Bytes of a value. */
    int width() {
        return elements == null ? 0 : elements.width();
    }
}
