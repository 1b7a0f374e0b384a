package io.github.forkless.coordinator.report;

import io.github.forkless.common.value.RecordValue;
import io.github.forkless.coordinator.report.ValueType.Kind;
import io.github.forkless.worker.jobs.Histogram;
import io.github.forkless.worker.jobs.groups.ByColumn;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * An answer as one array of NumPy's: a number, an array of numbers, or arrays of arrays of one length. Each sweep is a dimension in
 * front of these. Of a few records of built-in jobs it is the component that NumPy itself would find.
 */
final class NpyAnswer {
    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0};
    private static final int ALIGNMENT = 64;
    private static final int BUFFER = 64 << 10;
    private static final int NO_ARRAY = -1;

    /** What an answer that is no such array can be written as. */
    private static final String INSTEAD = "; give a file .arrow, .csv, .tsv or .json";

    /** By the class of the record. */
    private static final Map<String, String> PARTS = Map.of(
            Histogram.Bins.class.getName(), "counts",
            ByColumn.SumOfIntegers.class.getName(), "sum",
            ByColumn.SumOfFloats.class.getName(), "sum");

    private final List<?> answers;
    private final ParameterSets sets;
    /** Of one answer. */
    private final List<Integer> shape = new ArrayList<>();

    private final ValueType type = new ValueType();

    /**
     * What is known before a built-in job is run.
     *
     * @return why its answer is no array; empty if it is one, or nobody knows
     */
    static Optional<String> refusal(String job, Map<String, String> parameters) {
        boolean mayBeArray = switch (job) {
            case "stats", "group-by", "wc", "top", "1brc" -> false;
            case "by-column" -> "sum".equals(parameters.get("of"));
            case "grep" -> parameters.getOrDefault("lines", "0").equals("0");
            default -> true;
        };
        return mayBeArray
                ? Optional.empty()
                : Optional.of("the answer of " + job
                        + " is neither a number nor an array of numbers, and .npy holds nothing else" + INSTEAD);
    }

    private NpyAnswer(ParameterSets sets, List<Object> results) throws IOException {
        this.sets = sets;
        this.answers = results;
        Object first = part(results.getFirst());
        for (List<?> items = ValueType.itemsOf(first); items != null; items = ValueType.itemsOf(first)) {
            shape.add(items.size());
            first = items.isEmpty() ? null : items.getFirst();
        }
        for (int i = 0; i < results.size(); i++) {
            see(part(results.get(i)), 0, i);
        }
    }

    static void write(WritableByteChannel out, ParameterSets sets, List<Object> results) throws IOException {
        new NpyAnswer(sets, results).write(out);
    }

    /** An answer, or what stands for it. */
    private static Object part(Object answer) {
        if (answer instanceof RecordValue value && PARTS.containsKey(value.type())) {
            return value.components().get(PARTS.get(value.type()));
        }
        boolean areParts = answer instanceof List<?> list
                && !list.isEmpty()
                && list.getFirst() instanceof RecordValue value
                && PARTS.containsKey(value.type());
        if (!areParts) {
            return answer;
        }
        List<?> records = (List<?>) answer;
        return new AbstractList<>() {
            @Override
            public Object get(int index) {
                return part(records.get(index));
            }

            @Override
            public int size() {
                return records.size();
            }
        };
    }

    private void see(Object value, int depth, int set) throws IOException {
        List<?> items = ValueType.itemsOf(value);
        if (items == null && !(value instanceof Number || value instanceof Boolean)) {
            throw new IOException((depth == 0 ? "the answer is " : "the answer has ") + what(value) + of(set)
                    + ", and .npy has numbers of one type" + INSTEAD);
        }
        int length = items == null ? NO_ARRAY : items.size();
        int expected = depth == shape.size() ? NO_ARRAY : shape.get(depth);
        if (length != expected) {
            throw new IOException("the answer has " + length(length) + of(set) + " where it has " + length(expected)
                    + " before, and .npy has arrays of one length" + INSTEAD);
        }
        if (items == null) {
            type.see(value);
        } else if (ValueType.isOfNumbers(value)) {
            type.seeItems(value, items);
        } else {
            for (Object item : items) {
                see(item, depth + 1, set);
            }
        }
    }

    private String of(int set) {
        return sets.isSweep() ? " for " + sets.name(set) : "";
    }

    private static String length(int length) {
        return length == NO_ARRAY ? "a number" : "an array of " + length;
    }

    private static String what(Object value) {
        if (value == NoAnswer.FAILED) {
            return "missing";
        } else if (value instanceof RecordValue record) {
            return record.components().keySet().stream().collect(Collectors.joining(", ", "a record (", ")"));
        } else if (value instanceof Map) {
            return "a map";
        } else if (value instanceof String) {
            return "a text";
        }
        return value == null ? "null" : "a " + value.getClass().getSimpleName();
    }

    private void write(WritableByteChannel out) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER).order(ByteOrder.LITTLE_ENDIAN);
        buffer.put(header());
        Kind kind = type.kind();
        for (Object answer : answers) {
            write(part(answer), kind, buffer, out);
        }
        flush(buffer, out);
    }

    private byte[] header() throws IOException {
        List<Integer> sizes = new ArrayList<>(sets.shape());
        sizes.addAll(shape);
        String tuple = sizes.stream().map(String::valueOf).collect(Collectors.joining(", "));
        String words = "{'descr': '" + code() + "', 'fortran_order': False, 'shape': (" + tuple
                + (sizes.size() == 1 ? ",)" : ")") + ", }";
        int start = MAGIC.length + Short.BYTES;
        int length = Math.ceilDiv(start + words.length() + 1, ALIGNMENT) * ALIGNMENT - start;
        if (length > 0xffff) {
            throw new IOException("the answer is an array in " + sizes.size() + " arrays" + INSTEAD);
        }
        byte[] text = (words + " ".repeat(length - words.length() - 1) + "\n").getBytes(StandardCharsets.ISO_8859_1);
        return ByteBuffer.allocate(start + length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(MAGIC)
                .putShort((short) length)
                .put(text)
                .array();
    }

    private String code() throws IOException {
        if (type.isEmpty()) {
            return "<f8"; // as NumPy has it
        }
        return switch (type.kind()) {
            case BOOL -> "|b1";
            case INT8 -> "|i1";
            case INT16 -> "<i2";
            case INT32 -> "<i4";
            case INT64 -> "<i8";
            case FLOAT32 -> "<f4";
            case FLOAT64 -> "<f8";
            case INTEGER -> {
                if (!type.areUnsignedLongs()) {
                    throw new IOException(
                            "the answer has integers of more than 64 bits, which .npy has no type for" + INSTEAD);
                }
                yield "<u8";
            }
            default -> throw new IOException("the answer has numbers that no type of .npy holds as they are" + INSTEAD);
        };
    }

    private static void write(Object value, Kind kind, ByteBuffer buffer, WritableByteChannel out) throws IOException {
        List<?> items = ValueType.itemsOf(value);
        if (items != null) {
            for (Object item : items) {
                write(item, kind, buffer, out);
            }
            return;
        }
        if (buffer.remaining() < Long.BYTES) {
            flush(buffer, out);
        }
        switch (kind) {
            case BOOL -> buffer.put((byte) ((boolean) value ? 1 : 0));
            case INT8 -> buffer.put(((Number) value).byteValue());
            case INT16 -> buffer.putShort(((Number) value).shortValue());
            case INT32 -> buffer.putInt(((Number) value).intValue());
            case FLOAT32 -> buffer.putFloat(((Number) value).floatValue());
            case FLOAT64 -> buffer.putDouble(((Number) value).doubleValue());
            default -> buffer.putLong(((Number) value).longValue());
        }
    }

    private static void flush(ByteBuffer buffer, WritableByteChannel out) throws IOException {
        buffer.flip();
        while (buffer.hasRemaining()) {
            out.write(buffer);
        }
        buffer.clear();
    }
}
