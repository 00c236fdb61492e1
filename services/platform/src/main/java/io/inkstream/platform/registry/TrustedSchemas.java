package io.inkstream.platform.registry;

import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.avro.specific.AvroGenerated;
import org.apache.avro.util.ClassSecurityValidator;

/**
 * Makes Avro trust the generated classes. Since 1.12.2 Avro loads no class that a schema names, not even for an enum's
 * default value, unless it is trusted.
 */
public final class TrustedSchemas {

    private static final AtomicBoolean TRUSTED = new AtomicBoolean();

    private TrustedSchemas() {}

    /**
     * Adds the generated classes to those that are trusted already. {@link RecordSerdes} does so; only a program that builds
     * records before it makes a serde needs to call it.
     */
    public static void trust() {
        if (TRUSTED.compareAndSet(false, true)) {
            ClassSecurityValidator.setGlobal(ClassSecurityValidator.composite(
                    ClassSecurityValidator.getGlobal(), type -> type.isAnnotationPresent(AvroGenerated.class)));
        }
    }
}
