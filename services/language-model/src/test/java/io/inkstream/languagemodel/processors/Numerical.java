package io.inkstream.languagemodel.processors;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * What PyTorch computes is tested here: the build's profile {@code full} runs it once for each {@link ProcessorKind}. One that
 * this machine is not is skipped, visibly.
 */
@Tag(Numerical.TAG)
@ExtendWith(OnThisProcessor.class)
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
public @interface Numerical {

    /** What a class of properties says instead, along with the hook {@link OnThisProcessor}. */
    String TAG = "numerical";
}
