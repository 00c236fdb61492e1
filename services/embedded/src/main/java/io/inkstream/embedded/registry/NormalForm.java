package io.inkstream.embedded.registry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.avro.Schema;

/**
 * The text of a schema in which nothing is left to the writer's taste: attributes and aliases are in order of name. Avro's own text
 * has the attributes that Avro defines in a fixed order already, and others in the order in which they were given.
 */
final class NormalForm {

    private static final ObjectMapper JSON = new ObjectMapper();

    private NormalForm() {}

    static String of(Schema schema) {
        try {
            return ordered("", JSON.readTree(schema.toString())).toString();
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Avro has written a schema that is not JSON: " + schema, e);
        }
    }

    private static JsonNode ordered(String attribute, JsonNode node) {
        if (node.isObject()) {
            TreeMap<String, JsonNode> attributes = new TreeMap<>();
            node.properties().forEach(each -> attributes.put(each.getKey(), ordered(each.getKey(), each.getValue())));
            ObjectNode object = JSON.createObjectNode();
            attributes.forEach(object::set);
            return object;
        }
        if (node.isArray()) {
            ArrayNode array = JSON.createArrayNode();
            if (attribute.equals("aliases")) {
                TreeSet<String> aliases = new TreeSet<>();
                node.forEach(alias -> aliases.add(alias.asText()));
                aliases.forEach(array::add);
                return array;
            }
            node.forEach(element -> array.add(ordered("", element)));
            return array;
        }
        return node;
    }
}
