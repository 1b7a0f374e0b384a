package io.github.forkless.worker;

import io.github.forkless.common.job.StaticFields;
import io.github.forkless.common.text.Throwables;
import io.github.forkless.common.wire.JobSource;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.lang.reflect.Field;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;

/** Finds the classes of code that is not on the class path, or comes before it. */
final class ShippedClasses extends URLClassLoader {
    private final List<String> locations;
    private final boolean isFirst;
    private final Map<String, byte[]> classes = new ConcurrentHashMap<>();
    /** The values that variables have. */
    private final Map<String, byte[]> variables = new HashMap<>();

    /** What was set last. */
    private Map<String, byte[]> set = Map.of();

    /**
     * @param application finds the program's other classes
     * @param isFirst whether classes that came along are used even if {@code application} has others of the same names
     */
    ShippedClasses(List<String> locations, ClassLoader application, boolean isFirst) {
        super(urls(locations), application);
        this.locations = locations;
        this.isFirst = isFirst;
    }

    /** Whether nothing of {@code code} is other than what is here. */
    boolean goesWith(JobSource.Code code) {
        return locations.equals(code.locations()) && agree(code.classes());
    }

    private boolean agree(Map<String, byte[]> others) {
        for (Map.Entry<String, byte[]> other : others.entrySet()) {
            byte[] own = classes.get(other.getKey());
            if (own != null && !Arrays.equals(own, other.getValue())) {
                return false;
            }
        }
        return true;
    }

    void add(Map<String, byte[]> more) {
        classes.putAll(more);
    }

    /**
     * Gives variables the values that they have for a run, or for what makes an object of this worker: the program may have
     * changed them since the last one was submitted.
     */
    synchronized void set(Map<String, byte[]> values) {
        if (values == set) {
            return;
        }
        values.forEach((name, value) -> {
            if (!Arrays.equals(value, variables.put(name, value))) {
                set(name, JobLoader.deserialize(value, this));
            }
        });
        set = values;
    }

    /** Does something for which variables have other values. */
    <T> T with(Map<String, byte[]> values, Callable<T> action) throws Exception {
        Map<String, byte[]> before = set;
        set(values);
        try {
            return action.call();
        } finally {
            set(before);
        }
    }

    private static URL[] urls(List<String> locations) {
        var urls = new URL[locations.size()];
        for (int i = 0; i < urls.length; i++) {
            try {
                urls[i] = Path.of(locations.get(i)).toUri().toURL();
            } catch (MalformedURLException e) {
                throw new IllegalArgumentException(locations.get(i), e);
            }
        }
        return urls;
    }

    private void set(String name, Object value) {
        try {
            Field field = StaticFields.named(name, this);
            if (field.getDeclaringClass().getClassLoader() == this) { // else it is the program's own, and has it
                field.setAccessible(true);
                field.set(null, value);
            }
        } catch (ReflectiveOperationException | LinkageError e) {
            throw new JobRequestException("the variable " + name + " cannot be set in a worker: " + Throwables.line(e));
        }
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (!isFirst || !classes.containsKey(name)) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            return loaded != null ? loaded : findClass(name);
        }
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        byte[] bytes = classes.get(name);
        return bytes == null ? super.findClass(name) : defineClass(name, bytes, 0, bytes.length);
    }

    /** Gives away the classes, too: a worker that has a pool of its own ships them once more. */
    @Override
    public InputStream getResourceAsStream(String name) {
        byte[] bytes = name.endsWith(".class")
                ? classes.get(
                        name.substring(0, name.length() - ".class".length()).replace('/', '.'))
                : null;
        return bytes == null ? super.getResourceAsStream(name) : new ByteArrayInputStream(bytes);
    }
}
