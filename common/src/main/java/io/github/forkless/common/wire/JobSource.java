package io.github.forkless.common.wire;

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
            implements JobSource {}

    /**
     * Jobs that a program handed over as objects, one for each parameter set.
     *
     * @param jobs the Java serialization of a list of them. It only ever travels from the coordinator, whose code it is,
     *     to a worker.
     */
    record Objects(byte[] jobs) implements JobSource {}

    /**
     * A function of the whole dataset and a parameter; the parameters come with the tasks.
     *
     * @param function its Java serialization, which only ever travels from the coordinator to a worker
     */
    record Function(byte[] function) implements JobSource {}

    private static int code(JobSource source) {
        return switch (source) {
            case Named _ -> 1;
            case Objects _ -> 2;
            case Function _ -> 3;
        };
    }

    static void write(JobSource source, ByteWriter out) {
        out.putByte(code(source));
        switch (source) {
            case Named named -> {
                out.putString(named.name);
                out.putVarint(named.classes.size());
                named.classes.forEach((name, bytes) -> {
                    out.putString(name);
                    out.putBytes(bytes);
                });
                out.putVarint(named.parameterSets.size());
                for (Map<String, String> set : named.parameterSets) {
                    out.putVarint(set.size());
                    set.forEach((name, value) -> {
                        out.putString(name);
                        out.putString(value);
                    });
                }
            }
            case Objects objects -> out.putBytes(objects.jobs);
            case Function function -> out.putBytes(function.function);
        }
    }

    static JobSource read(ByteReader in) {
        int code = in.getByte();
        return switch (code) {
            case 1 -> {
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
            case 2 -> new Objects(in.getBytes());
            case 3 -> new Function(in.getBytes());
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
}
