package io.github.forkless.common.column;

/** What the values of a column are, and with which method of a block they are read. */
public enum ColumnType {
    INT8("ints"),
    INT16("ints"),
    INT32("ints"),
    INT64("longs"),
    UINT8("ints"),
    UINT16("ints"),
    UINT32("longs"),
    UINT64("longs"),
    FLOAT16("doubles"),
    FLOAT32("doubles"),
    FLOAT64("doubles"),
    BOOL("booleans"),
    DECIMAL("decimals"),
    /** Days since 1970. */
    DATE32("ints"),
    /** Milliseconds since 1970. */
    DATE64("longs"),
    /** Seconds or milliseconds since midnight. */
    TIME32("ints"),
    /** Microseconds or nanoseconds since midnight. */
    TIME64("longs"),
    /** Of a unit that the column's label tells, since 1970. */
    TIMESTAMP("longs"),
    /** Of a unit that the column's label tells. */
    DURATION("longs"),
    /** Read as UTF-8, wherever the file has its bytes. */
    TEXT("texts"),
    BINARY("binaries"),
    /** Nested, or of another kind that is not read. */
    UNSUPPORTED("");

    private final String accessor;

    ColumnType(String accessor) {
        this.accessor = accessor;
    }

    /** The method of a block that reads it; empty where none does. */
    public String accessor() {
        return accessor;
    }
}
