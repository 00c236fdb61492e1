package io.inkstream.platform.registry;

import org.apache.avro.specific.AvroGenerated;
import org.apache.avro.util.ClassSecurityValidator;

/**
 * Tells Avro that the generated classes may be named by schemas. Since 1.12.2 Avro loads no class for a schema, not
 * even for an enum's default value, unless it is trusted.
 */
final class TrustedSchemas {

    private TrustedSchemas() {}

    /** Adds the generated classes to those that are trusted already. */
    static void trust() {
        ClassSecurityValidator.setGlobal(ClassSecurityValidator.composite(
                ClassSecurityValidator.getGlobal(), type -> type.isAnnotationPresent(AvroGenerated.class)));
    }
}
