package io.github.forkless.importer;

import io.github.forkless.common.dataset.arrow.ArrowOutput;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Set;

/** A column of a CSV file: what it is found to be in a sample, and then its values on their way into a table. */
final class CsvColumn {
    /** Texts become a dictionary only if there are at most so many in the sample, and each is there twice on average. */
    private static final int FEW_TEXTS = 10_000;

    private final String name;
    private final byte[] nullText;
    private final CsvValue value;

    private final Set<CsvType> possible =
            EnumSet.of(CsvType.INT64, CsvType.FLOAT64, CsvType.BOOL, CsvType.DATE, CsvType.TIMESTAMP);
    private final Set<String> texts = new HashSet<>();
    private long present;
    private boolean isNano;
    private boolean isZoned;
    private boolean isUnzoned;

    private CsvType type;
    private boolean isGiven;
    private ArrowOutput output;

    CsvColumn(String name, byte[] nullText, CsvValue value) {
        this.name = name;
        this.nullText = nullText;
        this.value = value;
    }

    String name() {
        return name;
    }

    CsvType type() {
        return type;
    }

    boolean isGiven() {
        return isGiven;
    }

    ArrowOutput output() {
        return output;
    }

    private boolean isNull(byte[] text, int from, int to, boolean isQuoted) {
        return !isQuoted
                && (from == to || nullText.length > 0 && Arrays.equals(text, from, to, nullText, 0, nullText.length));
    }

    /** Whether such a field in the first row is no name of a column. */
    static boolean isValue(byte[] text, int from, int to, CsvValue value) {
        return from == to
                || value.readNumber(text, from, to, false)
                || value.readDate(text, from, to)
                || value.readTime(text, from, to);
    }

    void sample(byte[] text, int from, int to, boolean isQuoted) {
        if (isNull(text, from, to, isQuoted)) {
            return;
        }
        present++;
        if (texts.size() <= FEW_TEXTS) {
            texts.add(CsvImport.string(text, from, to));
        }
        if (isQuoted && from == to) {
            return; // no text, and of any other type, none
        }
        possible.removeIf(each -> !isOne(each, text, from, to));
    }

    private boolean isOne(CsvType candidate, byte[] text, int first, int last) {
        int from = blanks(text, first, last);
        int to = blanksBefore(text, from, last);
        return switch (candidate) {
            case INT64 -> value.readInteger(text, from, to, true);
            case FLOAT64 -> value.readNumber(text, from, to, true);
            case BOOL -> value.readBoolean(text, from, to);
            case DATE -> value.readDate(text, from, to);
            default -> {
                boolean isTime = value.readTime(text, from, to);
                if (isTime) {
                    isNano |= value.nanos() % 1000 != 0;
                    isZoned |= value.isZoned();
                    isUnzoned |= !value.isZoned();
                }
                yield isTime && !(isZoned && isUnzoned);
            }
        };
    }

    /** @param given null if it is to be as it was found */
    void decide(CsvType given) {
        isGiven = given != null;
        if (isGiven) {
            type = given;
        } else if (present == 0 || possible.isEmpty()) {
            type = texts.size() <= FEW_TEXTS && 2L * texts.size() <= present && present > 0
                    ? CsvType.DICTIONARY
                    : CsvType.TEXT;
        } else {
            type = possible.iterator().next();
            type = type == CsvType.TIMESTAMP && isNano ? CsvType.TIMESTAMP_NS : type;
        }
        texts.clear();
        begin();
    }

    /** Makes it ready for the first row. */
    void begin() {
        output = type.output(name, isZoned);
    }

    /** There were more texts than a dictionary is good for. */
    void giveUpDictionary() {
        type = CsvType.TEXT;
    }

    /** Puts it into the table; false if it is none of this type. */
    boolean put(byte[] text, int first, int last, boolean isQuoted) {
        if (isNull(text, first, last, isQuoted)) {
            output.putNull();
            return true;
        }
        if (type.isText()) {
            if (!CsvValue.isUtf8(text, first, last)) {
                return false;
            }
            output.put(text, first, last);
            return true;
        }
        int from = blanks(text, first, last);
        int to = blanksBefore(text, from, last);
        if (from == to) {
            output.putNull();
            return true;
        }
        return switch (type) {
            case FLOAT32, FLOAT64 -> {
                boolean isOne = value.readNumber(text, from, to, !isGiven);
                if (isOne) {
                    output.put(value.number());
                }
                yield isOne;
            }
            case INT64 -> value.readInteger(text, from, to, !isGiven) && put(Long.MIN_VALUE, Long.MAX_VALUE);
            case INT32 -> value.readInteger(text, from, to, false) && put(Integer.MIN_VALUE, Integer.MAX_VALUE);
            case INT16 -> value.readInteger(text, from, to, false) && put(Short.MIN_VALUE, Short.MAX_VALUE);
            case INT8 -> value.readInteger(text, from, to, false) && put(Byte.MIN_VALUE, Byte.MAX_VALUE);
            case BOOL -> value.readBoolean(text, from, to) && put(0, 1);
            case DATE -> value.readDate(text, from, to) && put(Integer.MIN_VALUE, Integer.MAX_VALUE);
            default -> value.readTime(text, from, to) && value.isZoned() == isZoned && putTime();
        };
    }

    private boolean put(long least, long most) {
        if (value.integer() < least || value.integer() > most) {
            return false;
        }
        output.put(value.integer());
        return true;
    }

    private boolean putTime() {
        boolean isNanos = type == CsvType.TIMESTAMP_NS;
        long perSecond = isNanos ? 1_000_000_000 : 1_000_000;
        int fraction = isNanos ? value.nanos() : value.nanos() / 1000;
        // No year of four digits is too far away for microseconds.
        if (isNanos ? Math.abs(value.seconds()) > 9_223_372_035L : value.nanos() % 1000 != 0) {
            return false;
        }
        output.put(value.seconds() * perSecond + fraction);
        return true;
    }

    private static int blanks(byte[] text, int from, int to) {
        int at = from;
        while (at < to && text[at] == ' ') {
            at++;
        }
        return at;
    }

    private static int blanksBefore(byte[] text, int from, int to) {
        int at = to;
        while (at > from && text[at - 1] == ' ') {
            at--;
        }
        return at;
    }
}
