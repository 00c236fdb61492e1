package io.inkstream.platform.registry;

import java.util.Objects;
import org.apache.avro.Schema;

/**
 * A schema as the registry knows it.
 *
 * @param subject the name that it is registered under
 * @param version its number under that subject, from 1
 * @param id its number in the registry, which the header of every record has
 * @param schema the schema
 */
public record RegisteredSchema(String subject, int version, int id, Schema schema) {

    public RegisteredSchema {
        Objects.requireNonNull(subject, "subject");
        Objects.requireNonNull(schema, "schema");
    }
}
