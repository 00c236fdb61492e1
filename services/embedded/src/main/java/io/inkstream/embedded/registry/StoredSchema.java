package io.inkstream.embedded.registry;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.NameValidator;
import org.apache.avro.Schema;

/**
 * A version of a subject.
 *
 * @param subject the name that it is registered under
 * @param version its number under that subject, from 1
 * @param id its number in the registry; the same text has the same id under every subject
 * @param type AVRO; JSON or PROTOBUF if another registry has stored it
 * @param text the schema
 * @param deleted whether it is deleted, so that only its id still finds it
 * @param further fields that another registry has written to the log, kept unchanged
 */
record StoredSchema(
        String subject, int version, int id, String type, String text, boolean deleted, Map<String, JsonNode> further) {

    static final String AVRO = "AVRO";

    StoredSchema {
        Objects.requireNonNull(subject, "subject");
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(text, "text");
        further = Map.copyOf(further);
    }

    /** The same, deleted or not. */
    StoredSchema withDeleted(boolean isDeleted) {
        return new StoredSchema(subject, version, id, type, text, isDeleted, further);
    }

    /**
     * The schema, parsed; empty if it is not Avro, or refers to schemas elsewhere. It was checked when it was
     * registered, by this registry or another: names and defaults are not checked again.
     */
    Optional<Schema> avro() {
        if (!type.equals(AVRO)) {
            return Optional.empty();
        }
        try {
            return Optional.of(new Schema.Parser(NameValidator.NO_VALIDATION)
                    .setValidateDefaults(false)
                    .parse(text));
        } catch (AvroRuntimeException e) {
            // Only another registry can have stored such a schema: one with references, which this one does not follow.
            return Optional.empty();
        }
    }

    /** Whether this is the offered schema, apart from white space, and from the order of attributes if that one is normalized. */
    boolean holds(OfferedSchema offered) {
        return type.equals(AVRO)
                && (text.equals(offered.text())
                        || avro().map(schema -> offered.normalized() ? NormalForm.of(schema) : schema.toString())
                                .filter(offered.text()::equals)
                                .isPresent());
    }
}
