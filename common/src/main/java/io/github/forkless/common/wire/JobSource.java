package io.github.forkless.common.wire;

import io.github.forkless.common.job.DataFunction;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Where a worker gets a run's job from. */
public sealed interface JobSource {

    /**
     * A job known by name, with parameters as they were typed.
     *
     * @param name a built-in job's name, or the name of a class on the worker's class path or among {@code classes}
     * @param classes compiled classes that come along, by name; empty for none
     * @param parameterSets for each parameter set its names and values; at least one, possibly empty, set
     */
    record Named(String name, Map<String, byte[]> classes, List<Map<String, String>> parameterSets)
            implements JobSource {
        @Override
        public void write(ByteWriter out) {
            out.putByte(NAMED);
            out.putString(name);
            out.putVarint(classes.size());
            for (Map.Entry<String, byte[]> entry : classes.entrySet()) {
                out.putString(entry.getKey());
                out.putBytes(entry.getValue());
            }
            out.putVarint(parameterSets.size());
            for (Map<String, String> set : parameterSets) {
                out.putVarint(set.size());
                for (Map.Entry<String, String> entry : set.entrySet()) {
                    out.putString(entry.getKey());
                    out.putString(entry.getValue());
                }
            }
        }
    }

    /**
     * Jobs that a program handed over as objects, one for each parameter set.
     *
     * @param jobs the Java serialization of a list of them. It only ever travels from the coordinator, whose code it is,
     *     to a worker.
     */
    record Objects(byte[] jobs) implements JobSource {
        @Override
        public void write(ByteWriter out) {
            out.putByte(OBJECTS);
            out.putBytes(jobs);
        }
    }

    /**
     * A function of the whole dataset and a parameter; the parameters come with the tasks.
     *
     * @param function its Java serialization, which only ever travels from the coordinator to a worker
     */
    record Function(byte[] function) implements JobSource {

        /** Whether {@code function} is a lambda that captures nothing: all of its class are the same, and so are their bytes. */
        public static boolean isWithoutState(DataFunction<?, ?> function) {
            Class<?> type = function.getClass();
            return type.isHidden() && type.getDeclaredFields().length == 0;
        }

        @Override
        public void write(ByteWriter out) {
            out.putByte(FUNCTION);
            out.putBytes(function);
        }
    }

    /** Writes what {@link #read} reads. */
    void write(ByteWriter out);

    static JobSource read(ByteReader in) {
        int code = in.getByte();
        return switch (code) {
            case NAMED -> {
                String name = in.getString();
                var classes = new LinkedHashMap<String, byte[]>();
                int classCount = in.getCount(2);
                for (int i = 0; i < classCount; i++) {
                    classes.put(in.getString(), in.getBytes());
                }
                int setCount = in.getCount(1);
                var sets = new ArrayList<Map<String, String>>(Math.min(setCount, Message.CLAIMED_ITEMS));
                for (int i = 0; i < setCount; i++) {
                    sets.add(readParameters(in));
                }
                yield new Named(name, classes, sets);
            }
            case OBJECTS -> new Objects(in.getBytes());
            case FUNCTION -> new Function(in.getBytes());
            default -> throw in.broken("has no job source of kind " + code);
        };
    }

    private static Map<String, String> readParameters(ByteReader in) {
        int count = in.getCount(2);
        var parameters = new LinkedHashMap<String, String>();
        for (int i = 0; i < count; i++) {
            parameters.put(in.getString(), in.getString());
        }
        return parameters;
    }

    // The first byte. The wire depends on these numbers.
    int NAMED = 1;
    int OBJECTS = 2;
    int FUNCTION = 3;
}
