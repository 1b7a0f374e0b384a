package io.github.forkless.coordinator.generate;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** How the elements of a generated dataset are distributed. Element numbers count from 0. */
public enum Distribution {
    /** Integers: every value of the type is equally likely. Floats: from 0, inclusive, to 1, exclusive. */
    UNIFORM,

    /**
     * The bell curve. Floats: mean 0, standard deviation 1. Integers of b bits: mean 0 ({@code uint8}: 128), standard
     * deviation 2<sup>b-4</sup>, a sixteenth of the type's range ({@code int32}: 268,435,456), rounded to the nearest
     * integer. What is beyond the type would be eight standard deviations away; it is clamped.
     */
    NORMAL,

    /** Element i is i. Integers wrap: of i the low bits are kept. {@code float32} is i rounded to the nearest float. */
    SEQUENCE,

    /** Every element is 1. */
    CONSTANT;

    /** The name people type: {@code uniform}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The distribution that people call {@code label}; empty when there is none. */
    public static Optional<Distribution> byLabel(String label) {
        return Arrays.stream(values())
                .filter(distribution -> distribution.label().equals(label))
                .findFirst();
    }

    /** Every name that {@link #byLabel} knows, for messages: {@code uniform, normal, sequence, constant}. */
    public static String labels() {
        return Arrays.stream(values()).map(Distribution::label).collect(Collectors.joining(", "));
    }
}
