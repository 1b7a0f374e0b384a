package io.github.forkless.coordinator.cli;

import io.github.forkless.common.dataset.ElementType;
import io.github.forkless.common.dataset.Slice;
import io.github.forkless.coordinator.generate.Distribution;
import io.github.forkless.coordinator.generate.Sizes;
import io.github.forkless.coordinator.machine.Numa;
import io.github.forkless.coordinator.machine.Pin;
import io.github.forkless.worker.Chaos;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How values are read from what was typed. All throw an {@link IllegalArgumentException} that tells the user why not. */
final class Parsers {

    /** Names of what the launcher moves elsewhere. */
    private static final Set<String> STDOUT = Set.of("/dev/stdout", "/dev/fd/1", "/proc/self/fd/1");

    /** {@code data.bin}. The JVM has names in UTF-8 alone, and U+FFFD where what was typed is not. */
    static Path file(String text) {
        if (text.isEmpty()) {
            throw new IllegalArgumentException("'' names no file");
        }
        if (STDOUT.contains(text)) {
            return StandardStreams.outFile();
        }
        Path file = Path.of(text);
        if (text.indexOf('\ufffd') >= 0 && Files.notExists(file)) {
            throw new IllegalArgumentException("the name '" + text
                    + "' is not UTF-8; rename the file, or make a link to it" + " (ln -s) with a name that is");
        }
        return file;
    }

    /** Whether this may be more than one file. */
    static boolean areSeveral(List<Path> given) {
        return given.size() > 1 || Files.isDirectory(given.getFirst()) || isPattern(given.getFirst());
    }

    /** Whether a shell would have taken it for a pattern of names; a file may have such a name, too. */
    static boolean isPattern(Path path) {
        return hasWildcard(path.toString()) && Files.notExists(path);
    }

    static boolean hasWildcard(String name) {
        return name.indexOf('*') >= 0 || name.indexOf('?') >= 0 || name.indexOf('[') >= 0 || name.indexOf('{') >= 0;
    }

    /** {@code stats}, {@code Job.java}. */
    static String job(String text) {
        return text.endsWith(".java") ? file(text).toString() : text;
    }

    /** {@code 4}. */
    static int wholeNumber(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("'" + text + "' is not a whole number, or too large", e);
        }
    }

    /** {@code 4}, up to 64 bits. */
    static long longNumber(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("'" + text + "' is not a whole number, or too large", e);
        }
    }

    /** {@code 128M}. */
    static long count(String text) {
        return Sizes.parseCount(text);
    }

    /** {@code 1000:2000}. */
    static Slice range(String text) {
        Matcher range = Pattern.compile("([0-9]{1,18}):([0-9]{1,18})").matcher(text);
        if (range.matches() && Long.parseLong(range.group(1)) < Long.parseLong(range.group(2))) {
            return new Slice(Long.parseLong(range.group(1)), Long.parseLong(range.group(2)));
        }
        throw new IllegalArgumentException("'" + text
                + "' is not a range; write FROM:TO, whole numbers from 0, where TO is more than FROM and not included");
    }

    /** {@code int32}. */
    static ElementType elementType(String text) {
        return ElementType.byLabel(text)
                .orElseThrow(() -> new IllegalArgumentException(
                        "'" + text + "' is not an element type; it is one of " + ElementType.labels()));
    }

    /** {@code int32}, {@code record:24}. */
    static GivenType givenType(String text) {
        Matcher record = Pattern.compile("record:([1-9][0-9]{0,8})").matcher(text);
        if (record.matches()) {
            return new GivenType(ElementType.RECORDS, Integer.parseInt(record.group(1)));
        }
        return new GivenType(
                ElementType.byLabel(text)
                        .orElseThrow(() ->
                                new IllegalArgumentException("'" + text + "' is not an element type; it is one of "
                                        + ElementType.labels() + ", or record:BYTES for records of that length")),
                0);
    }

    /** {@code uniform}. */
    static Distribution distribution(String text) {
        return Distribution.byLabel(text)
                .orElseThrow(() -> new IllegalArgumentException(
                        "'" + text + "' is not a distribution; it is one of " + Distribution.labels()));
    }

    /** {@code node}. */
    static Pin pin(String text) {
        return switch (text) {
            case "none" -> Pin.NONE;
            case "cpu" -> Pin.CPU;
            case "node" -> Pin.NODE;
            default -> throw new IllegalArgumentException("'" + text + "' is none of none, cpu and node");
        };
    }

    /** {@code local}. */
    static Numa numa(String text) {
        return switch (text) {
            case "local" -> Numa.LOCAL;
            case "interleave" -> Numa.INTERLEAVE;
            case "mirror" -> Numa.MIRROR;
            default -> throw new IllegalArgumentException("'" + text + "' is none of local, interleave and mirror");
        };
    }

    /** {@code 30s}, {@code 500ms} or {@code 2m}. */
    static Duration time(String text) {
        Matcher time = Pattern.compile("([0-9]{1,12})(ms|s|m|h)").matcher(text);
        if (!time.matches()) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not a time; it is a whole number followed by ms, s, m or h");
        }
        long amount = Long.parseLong(time.group(1));
        return switch (time.group(2)) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            default -> Duration.ofHours(amount);
        };
    }

    /** {@code sharing}. */
    static LabCommand.Experiment experiment(String text) {
        for (LabCommand.Experiment experiment : LabCommand.Experiment.values()) {
            if (experiment.name().toLowerCase(Locale.ROOT).equals(text)) {
                return experiment;
            }
        }
        throw new IllegalArgumentException(
                "'" + text + "' is no experiment; they are sharing, scaling, isolation and again");
    }

    /** {@code name=value}, where the value may hold anything. */
    static Assignment assignment(String text) {
        int equals = text.indexOf('=');
        if (equals < 1) {
            throw new IllegalArgumentException("'" + text + "' is not of the form NAME=VALUE");
        }
        return new Assignment(text.substring(0, equals), text.substring(equals + 1));
    }

    /** {@code prices=float64}. */
    static Assignment namedType(String text) {
        Assignment assignment = assignment(text);
        givenType(assignment.value());
        return assignment;
    }

    /** {@code seed=7,kill=0.1,stall=0.02,garbage=0.02}. */
    static Chaos chaos(String text) {
        try {
            return Chaos.parse(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("'" + text + "' is no chaos: " + e.getMessage(), e);
        }
    }

    private Parsers() {}
}
