package io.github.forkless.common.wire;

import io.github.forkless.common.job.DataFunction;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.RandomAccess;

/** Where a worker gets a run's job from. */
public sealed interface JobSource {

    /**
     * A job known by name, with parameters as they were typed.
     *
     * @param name a built-in job's name, or the name of a class on the worker's class path or among {@code classes}
     * @param classes compiled classes that come along, by name; empty for none
     * @param parameterSets for each parameter set its names and values; at least one, possibly empty, set
     * @param datasets for all of them, as {@link io.github.forkless.common.shared.NamedDatasets} encodes them
     */
    record Named(String name, Map<String, byte[]> classes, List<Map<String, String>> parameterSets, byte[] datasets)
            implements JobSource {

        public Named(String name, Map<String, byte[]> classes, List<Map<String, String>> parameterSets) {
            this(name, classes, parameterSets, new byte[0]);
        }

        @Override
        public void write(ByteWriter out) {
            out.putByte(NAMED);
            out.putString(name);
            writeBytes(classes, out);
            out.putVarint(parameterSets.size());
            for (Map<String, String> set : parameterSets) {
                writeParameters(set, out);
            }
            out.putBytes(datasets);
        }

        @Override
        public long largeBytes() {
            return datasets.length + (long) LARGE_SET_BYTES * parameterSets.size() + bytesOf(classes);
        }
    }

    /**
     * Jobs that a program handed over as objects, one for each parameter set.
     *
     * @param jobs the Java serialization of a list of them. It only ever travels from the coordinator, whose code it is,
     *     to a worker.
     * @param code theirs
     */
    record Objects(byte[] jobs, Code code) implements JobSource {
        @Override
        public void write(ByteWriter out) {
            out.putByte(OBJECTS);
            out.putBytes(jobs);
            code.write(out);
        }

        @Override
        public long largeBytes() {
            return jobs.length + code.largeBytes();
        }
    }

    /**
     * Jobs that have to read the dataset once more, with what they found out by reading it before.
     *
     * @param first where they came from
     * @param sets those that go on, in their order
     */
    record LaterPass(JobSource first, List<RefinedSet> sets) implements JobSource {
        @Override
        public void write(ByteWriter out) {
            out.putByte(LATER_PASS);
            first.write(out);
            out.putVarint(sets.size());
            for (RefinedSet set : sets) {
                out.putVarint(set.number);
                writeParameters(set.found, out);
            }
        }

        @Override
        public long largeBytes() {
            return first.largeBytes() + (long) LARGE_SET_BYTES * sets.size();
        }
    }

    /**
     * A job that goes on.
     *
     * @param number which of the first pass's parameter sets it is, from 0
     * @param found parameters in addition to those that it had, or in their place
     */
    record RefinedSet(int number, Map<String, String> found) {}

    /**
     * A function of the whole dataset and a parameter; the parameters come with the tasks.
     *
     * @param function its Java serialization, which only ever travels from the coordinator to a worker
     * @param code its own
     */
    record Function(byte[] function, Code code) implements JobSource {

        /** Whether {@code function} is a lambda that captures nothing: all of its class are the same, and so are their bytes. */
        public static boolean isWithoutState(DataFunction<?, ?> function) {
            Class<?> type = function.getClass();
            return type.isHidden() && type.getDeclaredFields().length == 0;
        }

        @Override
        public void write(ByteWriter out) {
            out.putByte(FUNCTION);
            out.putBytes(function);
            code.write(out);
        }

        @Override
        public long largeBytes() {
            return function.length + code.largeBytes();
        }
    }

    /**
     * What a worker needs of objects' code, or has to know of it.
     *
     * @param statics static fields that it reads and the program has set: see {@link
     *     io.github.forkless.common.job.StaticFields}
     * @param locations jars and folders that have more of it than the worker's class path, which comes first
     * @param classes those that are in no file, by name; they come before all others
     * @param variables values of static fields of {@code classes}, by {@link
     *     io.github.forkless.common.job.StaticFields#name}, in Java serialization
     */
    record Code(
            List<String> statics, List<String> locations, Map<String, byte[]> classes, Map<String, byte[]> variables) {

        /** Code that is on the worker's class path. */
        public static Code onClassPath(List<String> statics) {
            return new Code(statics, List.of(), Map.of(), Map.of());
        }

        public boolean isOnClassPath() {
            return locations.isEmpty() && classes.isEmpty();
        }

        private void write(ByteWriter out) {
            writeNames(statics, out);
            writeNames(locations, out);
            writeBytes(classes, out);
            writeBytes(variables, out);
        }

        private static Code read(ByteReader in) {
            return new Code(readNames(in), readNames(in), readBytes(in), readBytes(in));
        }

        private long largeBytes() {
            return bytesOf(classes) + bytesOf(variables);
        }
    }

    /** How many bytes it is made of that may be many; whatever else there is, is little. */
    long largeBytes();

    /** Writes what {@link #read} reads. */
    void write(ByteWriter out);

    static JobSource read(ByteReader in) {
        int code = in.getByte();
        return switch (code) {
            case NAMED -> {
                String name = in.getString();
                Map<String, byte[]> classes = readBytes(in);
                int setCount = in.getCount(1);
                if (setCount > EncodedSets.LEAST) {
                    yield new Named(name, classes, EncodedSets.read(setCount, in), in.getBytes());
                }
                var sets = new ArrayList<Map<String, String>>(setCount);
                for (int i = 0; i < setCount; i++) {
                    sets.add(readParameters(in));
                }
                yield new Named(name, classes, sets, in.getBytes());
            }
            case OBJECTS -> new Objects(in.getBytes(), Code.read(in));
            case FUNCTION -> new Function(in.getBytes(), Code.read(in));
            case LATER_PASS -> {
                JobSource first = read(in);
                if (first instanceof LaterPass) {
                    throw in.broken("has a later pass of a later pass");
                }
                int count = in.getCount(2);
                var sets = new ArrayList<RefinedSet>(Math.min(count, Message.CLAIMED_ITEMS));
                for (int i = 0; i < count; i++) {
                    sets.add(new RefinedSet((int) in.getVarint(), readParameters(in)));
                }
                yield new LaterPass(first, sets);
            }
            default -> throw in.broken("has no job source of kind " + code);
        };
    }

    private static void writeParameters(Map<String, String> parameters, ByteWriter out) {
        out.putVarint(parameters.size());
        for (Map.Entry<String, String> entry : parameters.entrySet()) {
            out.putString(entry.getKey());
            out.putString(entry.getValue());
        }
    }

    private static void writeNames(List<String> names, ByteWriter out) {
        out.putVarint(names.size());
        for (String name : names) {
            out.putString(name);
        }
    }

    private static List<String> readNames(ByteReader in) {
        int count = in.getCount(1);
        var names = new ArrayList<String>(Math.min(count, Message.CLAIMED_ITEMS));
        for (int i = 0; i < count; i++) {
            names.add(in.getString());
        }
        return names;
    }

    private static void writeBytes(Map<String, byte[]> named, ByteWriter out) {
        out.putVarint(named.size());
        for (Map.Entry<String, byte[]> entry : named.entrySet()) {
            out.putString(entry.getKey());
            out.putBytes(entry.getValue());
        }
    }

    private static Map<String, byte[]> readBytes(ByteReader in) {
        int count = in.getCount(2);
        var named = new LinkedHashMap<String, byte[]>();
        for (int i = 0; i < count; i++) {
            named.put(in.getString(), in.getBytes());
        }
        return named;
    }

    private static long bytesOf(Map<String, byte[]> named) {
        long bytes = 0;
        for (byte[] each : named.values()) {
            bytes += each.length;
        }
        return bytes;
    }

    /** Parameter sets as they have come, each read when it is asked for: as maps they would take many times as much. */
    final class EncodedSets extends AbstractList<Map<String, String>> implements RandomAccess {
        /** So many are no burden. */
        private static final int LEAST = Message.CLAIMED_ITEMS;

        private final byte[] bytes;
        /** Where each begins. */
        private final int[] starts;

        private EncodedSets(byte[] bytes, int[] starts) {
            this.bytes = bytes;
            this.starts = starts;
        }

        /** Reads all, so that what is broken is found now. */
        private static EncodedSets read(int count, ByteReader in) {
            int first = in.position();
            var starts = new int[count];
            for (int i = 0; i < count; i++) {
                starts[i] = in.position() - first;
                readParameters(in);
            }
            return new EncodedSets(Arrays.copyOfRange(in.array(), first, in.position()), starts);
        }

        @Override
        public Map<String, String> get(int index) {
            int start = starts[index];
            return readParameters(new ByteReader(bytes, start, bytes.length - start));
        }

        @Override
        public int size() {
            return starts.length;
        }
    }

    private static Map<String, String> readParameters(ByteReader in) {
        int count = in.getCount(2);
        var parameters = new LinkedHashMap<String, String>();
        for (int i = 0; i < count; i++) {
            parameters.put(in.getString(), in.getString());
        }
        return parameters;
    }

    /** What a parameter set is taken to need. */
    int LARGE_SET_BYTES = 32;

    // The first byte. The wire depends on these numbers.
    int NAMED = 1;
    int OBJECTS = 2;
    int FUNCTION = 3;
    int LATER_PASS = 4;
}
