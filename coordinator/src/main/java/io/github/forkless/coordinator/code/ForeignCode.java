package io.github.forkless.coordinator.code;

import io.github.forkless.coordinator.machine.ProgramClassPath;
import io.github.forkless.coordinator.result.InvalidRequestException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;

/**
 * Code that is not on the workers' class path, as another class loader has it: of a plug-in, of jshell, of a program that was
 * started from its source. Classes in files are known by these; the bytes of others are had from their loader, with those of
 * all classes that they name.
 */
final class ForeignCode {
    /** By the class to begin with: what it names does not change. */
    private static final ClassValue<ForeignCode[]> KNOWN = new ClassValue<>() {
        @Override
        protected ForeignCode[] computeValue(Class<?> type) {
            return new ForeignCode[1];
        }
    };

    private final Set<String> locations = new LinkedHashSet<>();
    private final Map<String, Class<?>> types = new LinkedHashMap<>();
    private final Map<String, byte[]> classes = new LinkedHashMap<>();

    private ForeignCode() {}

    /** Whether workers may not find a class on their class path. */
    static boolean has(Class<?> type) {
        return type.getClassLoader() != ClassLoader.getSystemClassLoader() && !ProgramClassPath.isOfTheJdk(type);
    }

    /**
     * @param roots classes to begin with, of which {@link #has} is true
     * @throws InvalidRequestException when the bytes of a class cannot be had
     */
    static ForeignCode of(Collection<Class<?>> roots) {
        var all = new ForeignCode();
        for (Class<?> root : roots) {
            ForeignCode[] known = KNOWN.get(root);
            if (known[0] == null) {
                var code = new ForeignCode();
                code.collect(root);
                known[0] = code;
            }
            all.addAll(known[0]);
        }
        return all;
    }

    /** Jars and folders. */
    List<String> locations() {
        return List.copyOf(locations);
    }

    /** Those that are in no file, by name. */
    Map<String, byte[]> classes() {
        return classes;
    }

    private void addAll(ForeignCode other) {
        locations.addAll(other.locations);
        other.types.forEach((name, type) -> {
            Class<?> known = types.putIfAbsent(name, type);
            if (known != null && known != type) {
                throw new InvalidRequestException("two class loaders have different classes named " + name
                        + ", and a worker can have only one of them: " + known.getClassLoader() + " and "
                        + type.getClassLoader());
            }
        });
        classes.putAll(other.classes);
    }

    private void collect(Class<?> root) {
        Queue<Class<?>> next = new ArrayDeque<>(List.of(root));
        while (!next.isEmpty()) {
            Class<?> type = element(next.remove());
            if (has(type) && !type.isHidden() && types.putIfAbsent(type.getName(), type) == null) {
                ClassLoader loader = type.getClassLoader();
                addLocations(loader);
                if (!isInFile(type)) {
                    byte[] bytes = bytes(type);
                    classes.put(type.getName(), bytes);
                    for (String name : ClassNames.in(bytes)) {
                        find(name.replace('/', '.'), loader).ifPresent(next::add);
                    }
                }
            }
        }
    }

    private static Class<?> element(Class<?> type) {
        return type.isArray() ? element(type.componentType()) : type;
    }

    private void addLocations(ClassLoader loader) {
        for (ClassLoader each = loader; each != null; each = each.getParent()) {
            locations.addAll(ProgramClassPath.files(each));
        }
    }

    private boolean isInFile(Class<?> type) {
        return ProgramClassPath.file(type)
                .filter(file -> locations.contains(file)
                        || ProgramClassPath.ofForkless().contains(file))
                .isPresent();
    }

    static byte[] bytes(Class<?> type) {
        try (InputStream bytes =
                type.getClassLoader().getResourceAsStream(type.getName().replace('.', '/') + ".class")) {
            if (bytes != null) {
                return bytes.readAllBytes();
            }
        } catch (IOException | RuntimeException e) {
            throw cannotTravel(type, e.toString());
        }
        throw cannotTravel(type, "its getResourceAsStream returns null");
    }

    private static InvalidRequestException cannotTravel(Class<?> type, String why) {
        return new InvalidRequestException("the class " + type.getName() + " cannot travel to the workers, because "
                + type.getClassLoader() + " does not give its bytes (" + why + "); put it on the class path, or into a"
                + " jar that PoolOptions.withClassPath names");
    }

    /** Loads a class, but runs nothing of it. */
    private static Optional<Class<?>> find(String name, ClassLoader loader) {
        try {
            return Optional.of(Class.forName(name, false, loader));
        } catch (ClassNotFoundException | LinkageError | RuntimeException e) {
            return Optional.empty(); // no class, or one that is not there either
        }
    }
}
