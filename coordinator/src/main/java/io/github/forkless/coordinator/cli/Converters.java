package io.github.forkless.coordinator.cli;

import io.github.forkless.common.dataset.ElementType;
import io.github.forkless.coordinator.generate.Sizes;
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

    private Converters() {}
}
