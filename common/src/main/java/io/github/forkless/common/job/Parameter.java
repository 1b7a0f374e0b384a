package io.github.forkless.common.job;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Describes a parameter of a job that is a record. Optional: a record component without it is a parameter too.
 *
 * <p>A component can be an {@code int}, {@code long}, {@code double}, {@code boolean}, {@link String},
 * {@link java.math.BigDecimal}, an enum, or the boxed form of one of the first four. A {@code Shared<Block>} is a further dataset.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Parameter {

    /** What the parameter means, in a few words, with its unit. */
    String value() default "";

    /**
     * The value used where none is given, as it would be typed. Without one, a parameter of a primitive type must be
     * given, and one of another type is {@code null}.
     */
    String defaultValue() default NONE;

    /** Stands for "there is no default". */
    String NONE = "\0";
}
