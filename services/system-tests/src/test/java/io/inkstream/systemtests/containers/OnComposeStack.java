package io.inkstream.systemtests.containers;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;

/** Tests that get a {@link ComposeProject}, which all of them share; skipped where there is no Docker engine. */
@Tag("containers")
@ExtendWith(ComposeStackExtension.class)
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@interface OnComposeStack {}
