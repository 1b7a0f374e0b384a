package io.github.forkless.coordinator.cli;

import io.github.forkless.common.dataset.ElementType;
import io.github.forkless.coordinator.generate.Sizes;
import io.github.forkless.worker.Chaos;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** How option values are read from text. */
final class Converters {

    /** {@code int32}. */
    static final class Type implements ITypeConverter<ElementType> {
        @Override
        public ElementType convert(String value) {
            return ElementType.byLabel(value)
                    .orElseThrow(() -> new TypeConversionException(
                            "'" + value + "' is not an element type; it is one of " + ElementType.labels()));
        }
    }

    /** {@code 128M}. */
    static final class Count implements ITypeConverter<Long> {
        @Override
        public Long convert(String value) {
            try {
                return Sizes.parseCount(value);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }

    /** {@code 30s}, {@code 500ms} or {@code 2m}. */
    static final class Time implements ITypeConverter<Duration> {
        private static final Pattern TIME = Pattern.compile("([0-9]{1,12})(ms|s|m|h)");

        @Override
        public Duration convert(String value) {
            Matcher time = TIME.matcher(value);
            if (!time.matches()) {
                throw new TypeConversionException(
                        "'" + value + "' is not a time; it is a whole number followed by ms, s, m or h");
            }
            long amount = Long.parseLong(time.group(1));
            return switch (time.group(2)) {
                case "ms" -> Duration.ofMillis(amount);
                case "s" -> Duration.ofSeconds(amount);
                case "m" -> Duration.ofMinutes(amount);
                default -> Duration.ofHours(amount);
            };
        }
    }

    /** {@code seed=7,kill=0.1,stall=0.02,garbage=0.02}. */
    static final class Harm implements ITypeConverter<Chaos> {
        @Override
        public Chaos convert(String value) {
            try {
                return Chaos.parse(value);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException("'" + value + "' is no chaos: " + e.getMessage());
            }
        }
    }

    private Converters() {}
}
