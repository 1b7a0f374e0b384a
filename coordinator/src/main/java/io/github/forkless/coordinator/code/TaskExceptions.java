package io.github.forkless.coordinator.code;

import io.github.forkless.coordinator.result.TaskException;
import io.github.forkless.coordinator.result.WorkerTrace;
import java.lang.reflect.Constructor;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Makes an exception that a task threw in a worker once more, from its class's name and its message. Only a public constructor
 * of an exception of the JDK, or of one that the program has granted, is called for that: no other code runs because a worker
 * says so.
 */
public final class TaskExceptions {

    /**
     * @param classes the exception's class, its cause's and so on, by name; one or more
     * @param messages theirs; null for none
     * @param trace the worker's, which is suppressed in what is returned
     * @param granted what may be made beside the JDK's exceptions
     */
    public static Throwable of(
            List<String> classes, List<String> messages, String trace, Collection<Class<?>> granted) {
        Throwable made = null;
        for (int i = classes.size() - 1; i >= 0; i--) {
            made = of(classes.get(i), messages.get(i), made, granted);
        }
        Objects.requireNonNull(made, "no exception");
        made.addSuppressed(new WorkerTrace(trace));
        return made;
    }

    private static Throwable of(String type, String message, Throwable cause, Collection<Class<?>> granted) {
        return known(type, granted)
                .flatMap(known -> instance(known, message, cause))
                .orElseGet(() -> new TaskException(type, message, cause));
    }

    private static Optional<Class<?>> known(String type, Collection<Class<?>> granted) {
        Optional<Class<?>> own =
                granted.stream().filter(it -> it.getName().equals(type)).findFirst();
        return own.or(() -> ofJdk(type)).filter(it -> Throwable.class.isAssignableFrom(it) && isPublic(it));
    }

    private static Optional<Class<?>> ofJdk(String type) {
        if (!type.startsWith("java.")) {
            return Optional.empty();
        }
        try {
            return Optional.of(Class.forName(type, false, ClassLoader.getPlatformClassLoader()));
        } catch (ClassNotFoundException | LinkageError e) {
            return Optional.empty();
        }
    }

    private static boolean isPublic(Class<?> type) {
        return Modifier.isPublic(type.getModifiers()) && !Modifier.isAbstract(type.getModifiers());
    }

    /**
     * Made by the first of the constructors that take a message, a cause, both or nothing, after which it says what the
     * original did. Empty where there is none.
     */
    private static Optional<Throwable> instance(Class<?> type, String message, Throwable cause) {
        return Arrays.stream(type.getConstructors())
                .sorted(Comparator.comparingInt(Constructor<?>::getParameterCount)
                        .reversed())
                .flatMap(constructor -> arguments(constructor, message, cause).stream()
                        .flatMap(arguments -> made(constructor, arguments, message, cause).stream()))
                .findFirst();
    }

    /** Empty where it takes something else. */
    private static Optional<Object[]> arguments(Constructor<?> constructor, String message, Throwable cause) {
        Class<?>[] takes = constructor.getParameterTypes();
        var arguments = new Object[takes.length];
        int messages = 0;
        int causes = 0;
        for (int i = 0; i < takes.length; i++) {
            if (takes[i] == String.class) {
                arguments[i] = message;
                messages++;
            } else if (Throwable.class.isAssignableFrom(takes[i]) && (cause == null || takes[i].isInstance(cause))) {
                arguments[i] = cause;
                causes++;
            } else {
                return Optional.empty();
            }
        }
        return messages <= 1 && causes <= 1 ? Optional.of(arguments) : Optional.empty();
    }

    /** Empty where that cannot be done, or would say something else than the original. */
    private static Optional<Throwable> made(
            Constructor<?> constructor, Object[] arguments, String message, Throwable cause) {
        try {
            var made = (Throwable) constructor.newInstance(arguments);
            if (cause != null && made.getCause() == null) {
                made.initCause(cause);
            }
            return Objects.equals(made.getMessage(), message) && made.getCause() == cause
                    ? Optional.of(made)
                    : Optional.empty();
        } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
            return Optional.empty();
        }
    }

    private TaskExceptions() {}
}
