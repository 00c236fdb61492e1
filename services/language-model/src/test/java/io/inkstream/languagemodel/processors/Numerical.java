package io.inkstream.languagemodel.processors;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A test of numerical results of PyTorch: the build's profile {@code full} runs it once for each {@link ProcessorKind}. Kinds
 * that this machine does not support are skipped, visibly.
 */
@Tag(Numerical.TAG)
@ExtendWith(OnThisProcessor.class)
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
public @interface Numerical {

    /** The tag for classes of properties, which also need the hook {@link OnThisProcessor}. */
    String TAG = "numerical";
}
