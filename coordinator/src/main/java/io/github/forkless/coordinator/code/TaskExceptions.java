package io.github.forkless.coordinator.code;

import io.github.forkless.coordinator.result.TaskException;
import io.github.forkless.coordinator.result.WorkerTrace;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Modifier;
import java.util.Collection;
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

    /** Empty where that cannot be done, or would say something else than the original. */
    private static Optional<Throwable> instance(Class<?> type, String message, Throwable cause) {
        try {
            Throwable made = create(type, message, cause);
            return made != null && Objects.equals(made.getMessage(), message) && made.getCause() == cause
                    ? Optional.of(made)
                    : Optional.empty();
        } catch (InvocationTargetException | IllegalAccessException | InstantiationException | RuntimeException e) {
            return Optional.empty();
        }
    }

    private static Throwable create(Class<?> type, String message, Throwable cause)
            throws InvocationTargetException, IllegalAccessException, InstantiationException {
        Throwable made = null;
        for (Constructor<?> constructor : type.getConstructors()) {
            Class<?>[] takes = constructor.getParameterTypes();
            if (takes.length == 2
                    && takes[0] == String.class
                    && Throwable.class.isAssignableFrom(takes[1])
                    && (cause == null || takes[1].isInstance(cause))) {
                return (Throwable) constructor.newInstance(message, cause);
            }
            if (takes.length == 1 && takes[0] == String.class) {
                made = (Throwable) constructor.newInstance(message);
            }
        }
        if (made == null && message == null) {
            made = withoutMessage(type);
        }
        return made == null || cause == null ? made : made.initCause(cause);
    }

    private static Throwable withoutMessage(Class<?> type)
            throws InvocationTargetException, IllegalAccessException, InstantiationException {
        try {
            return (Throwable) type.getConstructor().newInstance();
        } catch (NoSuchMethodException e) {
            return null;
        }
    }

    private TaskExceptions() {}
}
