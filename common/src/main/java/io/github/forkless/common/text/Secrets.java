package io.github.forkless.common.text;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Hides what may be a password in text that is kept where others may read it: a report, a journal. What is hidden leaves its
 * name.
 */
public final class Secrets {
    /** Stands for a value. */
    public static final String HIDDEN = "***";

    private static final String NAME =
            "(?i)(?:[\\w.-]*(?:password|passwd|passphrase|secret|token|credential|api[_.-]?key|private[_.-]?key)[\\w.-]*|pw|pwd|pass)";

    private static final Pattern SECRET_NAME = Pattern.compile(NAME);

    private static final Pattern ASSIGNMENT = Pattern.compile("(?<![\\w.-])(" + NAME + ")=[^,;\\s\\])}]*");

    private static final Pattern ANNOUNCEMENT = Pattern.compile("((?:NOTE: )?Picked up \\w+: )(.*)");

    /** Options of a JVM that may have anything behind their first {@code =}. */
    private static final List<String> WITH_VALUES =
            List.of("-D", "-javaagent:", "-agentlib:", "-agentpath:", "-XX:OnError=", "-XX:OnOutOfMemoryError=");

    /** Options of the command line that are followed by {@code NAME=VALUE}. */
    private static final Set<String> PARAMETERS = Set.of("--param", "--sweep", "--env");

    /** The one that is followed by an option of a JVM. */
    private static final String JVM_OPTION = "--jvm-option";

    private Secrets() {}

    /**
     * Options of a JVM without the values of properties and agents, whatever these are called: {@code -Xmx2g -Dpw=***}. What is
     * no option is hidden too, since it may be the rest of a value in quotes.
     */
    public static String hiddenInJvmOptions(String options) {
        return Stream.of(options.strip().split("\\s+"))
                .map(Secrets::hiddenInOption)
                .collect(Collectors.joining(" "));
    }

    /** A line that a JVM prints at its start about options in its environment, so; any other line as it is. */
    public static String hiddenInJvmAnnouncement(String line) {
        Matcher announcement = ANNOUNCEMENT.matcher(line);
        return announcement.matches() ? announcement.group(1) + hiddenInJvmOptions(announcement.group(2)) : line;
    }

    private static String hiddenInOption(String word) {
        String option = word.replaceFirst("^[\"']", "");
        if (!option.startsWith("-")) {
            return option.isEmpty() ? "" : HIDDEN;
        }
        return WITH_VALUES.stream().anyMatch(option::startsWith) ? upToValue(option) : option;
    }

    private static String upToValue(String assignment) {
        int equals = assignment.indexOf('=');
        return equals < 0 ? assignment : assignment.substring(0, equals + 1) + HIDDEN;
    }

    /** The words of a command line, without the values of parameters that are called like passwords. */
    public static List<String> hiddenInArguments(List<String> arguments) {
        List<String> hidden = new ArrayList<>();
        String before = "";
        for (String argument : arguments) {
            int equals = argument.indexOf('=');
            if (PARAMETERS.contains(before)) {
                hidden.add(hiddenIfSecret(argument));
            } else if (equals > 0 && PARAMETERS.contains(argument.substring(0, equals))) {
                hidden.add(argument.substring(0, equals + 1) + hiddenIfSecret(argument.substring(equals + 1)));
            } else if (before.equals(JVM_OPTION)) {
                hidden.add(hiddenInOption(argument));
            } else if (argument.startsWith(JVM_OPTION + "=")) {
                hidden.add(JVM_OPTION + "=" + hiddenInOption(argument.substring(equals + 1)));
            } else {
                hidden.add(argument);
            }
            before = argument;
        }
        return hidden;
    }

    private static String hiddenIfSecret(String assignment) {
        int equals = assignment.indexOf('=');
        return equals > 0
                        && SECRET_NAME.matcher(assignment.substring(0, equals)).matches()
                ? upToValue(assignment)
                : assignment;
    }

    /** Any text, without what stands behind the name of a password and {@code =}, up to a blank, a comma or a bracket. */
    public static String hiddenIn(String text) {
        return ASSIGNMENT.matcher(text).replaceAll("$1=" + HIDDEN);
    }
}
