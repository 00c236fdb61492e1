package io.inkstream.embedded.registry;

import com.fasterxml.jackson.databind.JsonNode;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;

/**
 * A schema that someone wants to register, look up or compare.
 *
 * @param schema the schema, parsed
 * @param text the schema in the form in which it is kept: as Avro writes it, without white space, or its {@link NormalForm}
 * @param normalized whether the text is the normal form, and is to be compared with normal forms
 */
record OfferedSchema(Schema schema, String text, boolean normalized) {

    /**
     * Takes the body of a request apart.
     *
     * @param normalize whether the request says that the schema is to be normalized
     * @throws RegistryError 42201 if it holds no valid Avro schema, or what this registry does not support
     */
    static OfferedSchema parse(JsonNode body, boolean normalize) {
        String type = body.path("schemaType").asText(StoredSchema.AVRO);
        if (!type.equals(StoredSchema.AVRO)) {
            throw RegistryError.invalidSchema(
                    "Schema type %s is not supported: this registry takes AVRO only.".formatted(type));
        }
        if (!body.path("references").isEmpty()) {
            throw RegistryError.invalidSchema(
                    "Schema references are not supported: put the referenced types into the schema itself.");
        }
        if (body.path("id").asInt(-1) > 0) {
            throw RegistryError.notPermitted("An id of one's own can be given in mode IMPORT only; leave the id out.");
        }
        JsonNode text = body.path("schema");
        if (!text.isTextual() || text.textValue().isBlank()) {
            throw RegistryError.invalidSchema("The request has no schema: give it as text in the field 'schema'.");
        }
        OfferedSchema offered = parse(text.textValue());
        return normalize ? new OfferedSchema(offered.schema(), NormalForm.of(offered.schema()), true) : offered;
    }

    /**
     * Parses a schema.
     *
     * @throws RegistryError 42201 if it is not valid
     */
    static OfferedSchema parse(String text) {
        try {
            Schema schema = new Schema.Parser().parse(text);
            return new OfferedSchema(schema, schema.toString(), false);
        } catch (AvroRuntimeException e) {
            throw RegistryError.invalidSchema("Not a valid Avro schema: " + e.getMessage());
        }
    }
}
