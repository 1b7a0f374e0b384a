package io.github.forkless.testing;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** A test that takes long for what it finds: it is skipped, and says so, unless tests are to be {@link Thorough}. */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@EnabledIfSystemProperty(
        named = Thorough.PROPERTY,
        matches = "true|whole",
        disabledReason = "takes long; -D" + Thorough.PROPERTY + " has it run")
public @interface LongTest {}
