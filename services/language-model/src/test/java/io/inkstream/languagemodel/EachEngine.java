package io.inkstream.languagemodel;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A class of tests that runs once with each engine; the engine is a field with {@link
 * org.junit.jupiter.params.Parameter @Parameter}.
 */
@ParameterizedClass(name = "{0}")
@MethodSource("io.inkstream.languagemodel.EnginesUnderTest#kinds")
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
public @interface EachEngine {}
