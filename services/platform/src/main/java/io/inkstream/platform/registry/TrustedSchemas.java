package io.inkstream.platform.registry;

import org.apache.avro.specific.AvroGenerated;
import org.apache.avro.util.ClassSecurityValidator;

/**
 * Makes Avro trust the generated classes. Since 1.12.2 Avro loads no class that a schema names, not even for an enum's
 * default value, unless it is trusted.
 */
final class TrustedSchemas {

    private TrustedSchemas() {}

    /** Adds the generated classes to those that are trusted already. */
    static void trust() {
        ClassSecurityValidator.setGlobal(ClassSecurityValidator.composite(
                ClassSecurityValidator.getGlobal(), type -> type.isAnnotationPresent(AvroGenerated.class)));
    }
}
