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
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** Finds the classes of code that is not on the class path, or comes before it. */
final class ShippedClasses extends URLClassLoader {
    private final List<String> locations;
    private final boolean isFirst;
    private final Map<String, byte[]> classes = new ConcurrentHashMap<>();
    private final Map<String, byte[]> variables = new HashMap<>();

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
        return locations.equals(code.locations())
                && agree(classes, code.classes())
                && agree(variables, code.variables());
    }

    private static boolean agree(Map<String, byte[]> known, Map<String, byte[]> others) {
        for (Map.Entry<String, byte[]> other : others.entrySet()) {
            byte[] own = known.get(other.getKey());
            if (own != null && !Arrays.equals(own, other.getValue())) {
                return false;
            }
        }
        return true;
    }

    /** Adds classes, and gives variables that are new their values. */
    void add(JobSource.Code code, Function<byte[], Object> deserialize) {
        classes.putAll(code.classes());
        code.variables().forEach((name, value) -> {
            if (variables.putIfAbsent(name, value) == null) {
                set(name, deserialize.apply(value));
            }
        });
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
