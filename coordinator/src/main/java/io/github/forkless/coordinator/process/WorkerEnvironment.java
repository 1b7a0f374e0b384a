package io.github.forkless.coordinator.process;

import io.github.forkless.coordinator.machine.JvmEnvironment;
import io.github.forkless.coordinator.result.InvalidRequestException;
import io.github.forkless.worker.WorkerMain;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** In what the environment variables of workers differ from those of this process. Cannot be changed. */
public final class WorkerEnvironment {
    /** No variable differs. */
    public static final WorkerEnvironment INHERITED = new WorkerEnvironment(Map.of());

    /** What the shells that start workers set themselves. */
    private static final Set<String> SHELLS =
            Set.of("IFS", "OLDPWD", "OPTERR", "OPTIND", "PPID", "PS1", "PS2", "PS4", "PWD", "RANDOM", "SHLVL");

    private static final Set<String> OURS = Set.of(WorkerMain.MARK, WorkerMain.NESTED_POOLS);

    /** Empty for those that are not to be there. */
    private final Map<String, Optional<String>> changes;

    private WorkerEnvironment(Map<String, Optional<String>> changes) {
        this.changes = changes;
    }

    /** These and no others, but for those by which JVMs take options and the pool knows its workers. */
    public static WorkerEnvironment exactly(Map<String, String> variables) {
        Map<String, String> own = System.getenv();
        Map<String, Optional<String>> changes = new LinkedHashMap<>();
        variables.forEach((name, value) -> {
            if (!value.equals(own.get(name))) {
                changes.put(name, Optional.of(value));
            }
        });
        for (String name : own.keySet()) {
            if (!variables.containsKey(name)) {
                changes.put(name, Optional.empty());
            }
        }
        changes.keySet().removeAll(OURS);
        changes.keySet().removeAll(JvmEnvironment.NAMES);
        return new WorkerEnvironment(changes);
    }

    /** @throws InvalidRequestException when the pool or a JVM reads it, or it cannot be passed on */
    public WorkerEnvironment with(String name, String value) {
        if (value.indexOf('\0') >= 0) {
            throw new InvalidRequestException(
                    "the value of the environment variable " + name + " has a zero character, which none can have");
        }
        return changed(name, Optional.of(value));
    }

    /** @throws InvalidRequestException when the pool or a JVM reads it */
    public WorkerEnvironment without(String name) {
        return changed(name, Optional.empty());
    }

    private WorkerEnvironment changed(String name, Optional<String> value) {
        if (OURS.contains(name)) {
            throw new InvalidRequestException(
                    "the environment variable " + name + " is how the pool knows its workers; use another name");
        }
        if (JvmEnvironment.NAMES.contains(name)) {
            throw new InvalidRequestException("the environment variable " + name
                    + " is one by which JVMs take options; use PoolOptions.withJvmOptions for those of workers");
        }
        if (SHELLS.contains(name)) {
            throw new InvalidRequestException("the environment variable " + name
                    + " is set by the shell that starts the workers; use another name");
        }
        if (!isShellName(name)) { // a shell starts the workers, and drops what it could not name
            throw new InvalidRequestException("no environment variable of workers can be called '" + name
                    + "'; letters, digits and _ can be in a name, and no digit at its start");
        }
        var all = new LinkedHashMap<>(changes);
        all.put(name, value);
        return new WorkerEnvironment(all);
    }

    private static boolean isShellName(String name) {
        return !name.isEmpty()
                && !Character.isDigit(name.charAt(0))
                && name.chars().allMatch(c -> c == '_' || c < 128 && Character.isLetterOrDigit(c));
    }

    public boolean isInherited() {
        return changes.isEmpty();
    }

    /** Whether one of the variables by which a locale is chosen is set in another way. */
    boolean choosesLocale() {
        return changes.keySet().stream().anyMatch(name -> name.equals("LANG") || name.startsWith("LC_"));
    }

    boolean choosesTimeZone() {
        return changes.containsKey("TZ");
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof WorkerEnvironment that && changes.equals(that.changes);
    }

    @Override
    public int hashCode() {
        return changes.hashCode();
    }

    void applyTo(Map<String, String> environment) {
        changes.forEach((name, value) ->
                value.ifPresentOrElse(text -> environment.put(name, text), () -> environment.remove(name)));
    }
}
