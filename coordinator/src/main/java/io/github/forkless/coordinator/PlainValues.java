package io.github.forkless.coordinator;

import io.github.forkless.common.value.RecordValue;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.RecordComponent;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Values without classes of the user's: records as names and values. */
final class PlainValues {
    /** Made once for each class: a new accessor takes 10 us. */
    private static final ClassValue<RecordComponent[]> COMPONENTS = new ClassValue<>() {
        @Override
        protected RecordComponent[] computeValue(Class<?> type) {
            RecordComponent[] components = type.getRecordComponents();
            for (RecordComponent component : components) {
                component.getAccessor().setAccessible(true);
            }
            return components;
        }
    };

    /** Of as many as there may be: each is made when it is asked for. */
    static List<Object> of(List<?> values) {
        return new AbstractList<>() {
            @Override
            public Object get(int index) {
                return of(values.get(index));
            }

            @Override
            public int size() {
                return values.size();
            }
        };
    }

    private static Object of(Object value) {
        if (value instanceof RecordValue given) {
            return new RecordValue(given.type(), named(given.components()));
        } else if (value instanceof Record its) {
            return components(its);
        } else if (value instanceof Map<?, ?> map) {
            return named(map);
        } else if (value instanceof Collection<?> items) {
            return all(items);
        } else if (value instanceof Object[] items) {
            return all(Arrays.asList(items));
        }
        return value;
    }

    private static List<Object> all(Collection<?> values) {
        List<Object> all = new ArrayList<>();
        values.forEach(value -> all.add(of(value)));
        return all;
    }

    private static <K> Map<K, Object> named(Map<K, ?> values) {
        Map<K, Object> all = new LinkedHashMap<>();
        values.forEach((key, value) -> all.put(key, of(value)));
        return all;
    }

    private static Object components(Record its) {
        Map<String, Object> components = new LinkedHashMap<>();
        try {
            for (RecordComponent component : COMPONENTS.get(its.getClass())) {
                components.put(component.getName(), of(component.getAccessor().invoke(its)));
            }
        } catch (ReflectiveOperationException | InaccessibleObjectException e) {
            return String.valueOf(its); // its module does not let us look
        }
        return new RecordValue(its.getClass().getName(), components);
    }

    private PlainValues() {}
}
