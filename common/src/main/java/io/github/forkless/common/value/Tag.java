package io.github.forkless.common.value;

/** The byte in front of every value. The wire depends on these numbers. */
final class Tag {
    static final int NULL = 0;
    static final int FALSE = 1;
    static final int TRUE = 2;
    static final int BYTE = 3;
    static final int SHORT = 4;
    static final int INT = 5;
    static final int LONG = 6;
    static final int FLOAT = 7;
    static final int DOUBLE = 8;
    static final int CHAR = 9;
    static final int STRING = 10;
    static final int BIG_INTEGER = 11;
    static final int BIG_DECIMAL = 12;
    /** Class name, constant's name. */
    static final int ENUM = 13;
    /** Class name, component names, component values; numbered from 0 in the order of appearance. */
    static final int NEW_RECORD = 14;
    /** The number of a record class that appeared before, component values. */
    static final int RECORD = 15;

    static final int LIST = 16;
    static final int SET = 17;
    static final int SORTED_SET = 18;
    static final int MAP = 19;
    static final int SORTED_MAP = 20;
    /** Class name of the elements, elements. */
    static final int OBJECT_ARRAY = 21;
    /** Class name, the bytes that the object wrote. */
    static final int MARSHALLED = 22;
    /** No value: what follows refers to no record class that appeared before, so that encodings can be joined. */
    static final int RESTART = 23;
    /** A value that is there, or null. */
    static final int OPTIONAL = 24;
    /** See {@link JdkValue}. */
    static final int JDK_VALUE = 25;
    /** This and the next seven are arrays of primitives, in the order of {@link PrimitiveArray}. */
    static final int FIRST_PRIMITIVE_ARRAY = 32;

    private Tag() {}
}
