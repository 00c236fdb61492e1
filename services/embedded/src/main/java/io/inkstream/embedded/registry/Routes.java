package io.inkstream.embedded.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;

/**
 * The requests that the registry serves, and its responses. Paths, fields and error codes are those of the
 * Schema Registry API reference at https://docs.confluent.io/platform/current/schema-registry/develop/api.html.
 */
final class Routes {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Registry registry;
    private final List<Route> routes;

    Routes(Registry registry) {
        this.registry = registry;
        routes = List.of(
                new Route("GET", "", (call, at) -> "{}"),
                new Route("GET", "subjects", this::subjects),
                new Route("POST", "subjects/*", this::lookUp),
                new Route("DELETE", "subjects/*", this::deleteSubject),
                new Route("GET", "subjects/*/versions", this::versions),
                new Route("POST", "subjects/*/versions", this::register),
                new Route("GET", "subjects/*/versions/*", this::version),
                new Route("DELETE", "subjects/*/versions/*", this::deleteVersion),
                new Route("GET", "subjects/*/versions/*/schema", this::versionText),
                new Route("GET", "schemas", this::schemas),
                new Route("GET", "schemas/types", (call, at) -> array(List.of(StoredSchema.AVRO))),
                new Route("GET", "schemas/ids/*", this::schema),
                new Route("GET", "schemas/ids/*/schema", this::schemaText),
                new Route("GET", "schemas/ids/*/subjects", this::subjectsOfSchema),
                new Route("GET", "schemas/ids/*/versions", this::versionsOfSchema),
                new Route("GET", "config", (call, at) -> level(registry.level())),
                new Route("PUT", "config", (call, at) -> setLevel(call, Optional.empty())),
                new Route("DELETE", "config", (call, at) -> level(registry.clearLevel())),
                new Route("GET", "config/*", this::subjectLevel),
                new Route("PUT", "config/*", (call, at) -> setLevel(call, Optional.of(at.get(0)))),
                new Route("DELETE", "config/*", (call, at) -> level(registry.clearLevel(at.get(0)))),
                new Route("POST", "compatibility/subjects/*/versions", this::compareWithAll),
                new Route("POST", "compatibility/subjects/*/versions/*", this::compareWithOne),
                new Route("GET", "mode", (call, at) -> mode(registry.mode())),
                new Route("PUT", "mode", (call, at) -> setMode(call, Optional.empty())),
                new Route("GET", "mode/*", this::subjectMode),
                new Route("PUT", "mode/*", (call, at) -> setMode(call, Optional.of(at.get(0)))),
                new Route("DELETE", "mode/*", (call, at) -> mode(registry.clearMode(at.get(0)))));
    }

    /**
     * The response to a request, as text.
     *
     * @throws RegistryError if it is rejected
     */
    String answer(Call call) {
        boolean pathKnown = false;
        for (Route route : routes) {
            Optional<List<String>> at = route.match(call.path());
            if (at.isPresent()) {
                if (route.method().equals(call.method())) {
                    return route.answer().apply(call, at.get());
                }
                pathKnown = true;
            }
        }
        throw pathKnown
                ? new RegistryError(405, 405, "HTTP 405 Method Not Allowed")
                : new RegistryError(404, 404, "HTTP 404 Not Found");
    }

    private String subjects(Call call, List<String> at) {
        String prefix = call.query().getOrDefault("subjectPrefix", "");
        return array(registry.subjects(call.flag("deleted")).stream()
                .filter(subject -> subject.startsWith(prefix))
                .toList());
    }

    private String lookUp(Call call, List<String> at) {
        return described(registry.lookUp(at.get(0), offered(call), call.flag("deleted")));
    }

    private String deleteSubject(Call call, List<String> at) {
        return array(registry.deleteSubject(at.get(0), call.flag("permanent")));
    }

    private String versions(Call call, List<String> at) {
        return array(registry.versions(at.get(0), call.flag("deleted")).stream()
                .map(StoredSchema::version)
                .toList());
    }

    private String register(Call call, List<String> at) {
        int id = registry.register(at.get(0), offered(call));
        return JSON.createObjectNode().put("id", id).toString();
    }

    private String version(Call call, List<String> at) {
        return described(chosen(call, at));
    }

    private String versionText(Call call, List<String> at) {
        return chosen(call, at).text();
    }

    private StoredSchema chosen(Call call, List<String> at) {
        return registry.version(at.get(0), VersionChoice.parse(at.get(1)), call.flag("deleted"));
    }

    private String deleteVersion(Call call, List<String> at) {
        return Integer.toString(
                registry.deleteVersion(at.get(0), VersionChoice.parse(at.get(1)), call.flag("permanent")));
    }

    private String schemas(Call call, List<String> at) {
        ArrayNode schemas = JSON.createArrayNode();
        registry.all(call.query().getOrDefault("subjectPrefix", ""), call.flag("deleted"), call.flag("latestOnly"))
                .forEach(schema -> schemas.add(node(schema)));
        return schemas.toString();
    }

    private String schema(Call call, List<String> at) {
        StoredSchema schema = withId(at.get(0)).get(0);
        return withText(JSON.createObjectNode(), schema).toString();
    }

    private String schemaText(Call call, List<String> at) {
        return withId(at.get(0)).get(0).text();
    }

    private String subjectsOfSchema(Call call, List<String> at) {
        return array(withId(at.get(0)).stream()
                .filter(schema -> !schema.deleted() || call.flag("deleted"))
                .map(StoredSchema::subject)
                .distinct()
                .toList());
    }

    private String versionsOfSchema(Call call, List<String> at) {
        ArrayNode versions = JSON.createArrayNode();
        withId(at.get(0)).stream()
                .filter(schema -> !schema.deleted() || call.flag("deleted"))
                .forEach(schema ->
                        versions.addObject().put("subject", schema.subject()).put("version", schema.version()));
        return versions.toString();
    }

    private List<StoredSchema> withId(String text) {
        try {
            return registry.withId(Integer.parseInt(text));
        } catch (NumberFormatException e) {
            throw new RegistryError(404, 404, "'%s' is not a schema id: ids are numbers.".formatted(text));
        }
    }

    private String subjectLevel(Call call, List<String> at) {
        String subject = at.get(0);
        return level(call.flag("defaultToGlobal") ? registry.effectiveLevel(subject) : registry.level(subject));
    }

    private String setLevel(Call call, Optional<String> subject) {
        CompatibilityLevel level = CompatibilityLevel.named(
                        call.body().path("compatibility").asText())
                .orElseThrow(RegistryError::invalidLevel);
        registry.setLevel(subject, level);
        return JSON.createObjectNode().put("compatibility", level.name()).toString();
    }

    private String compareWithAll(Call call, List<String> at) {
        return verdict(call, registry.faults(at.get(0), offered(call)));
    }

    private String compareWithOne(Call call, List<String> at) {
        VersionChoice version = VersionChoice.parse(at.get(1));
        return verdict(call, registry.faults(at.get(0), version, offered(call)));
    }

    private static OfferedSchema offered(Call call) {
        return OfferedSchema.parse(call.body(), call.flag("normalize"));
    }

    private static String verdict(Call call, List<String> faults) {
        ObjectNode verdict = JSON.createObjectNode().put("is_compatible", faults.isEmpty());
        if (call.flag("verbose")) {
            verdict.set("messages", JSON.valueToTree(faults));
        }
        return verdict.toString();
    }

    private String subjectMode(Call call, List<String> at) {
        String subject = at.get(0);
        return mode(call.flag("defaultToGlobal") ? registry.effectiveMode(subject) : registry.mode(subject));
    }

    private String setMode(Call call, Optional<String> subject) {
        Mode mode = Mode.named(call.body().path("mode").asText()).orElseThrow(RegistryError::invalidMode);
        registry.setMode(subject, mode);
        return mode(mode);
    }

    private static String mode(Mode mode) {
        return JSON.createObjectNode().put("mode", mode.name()).toString();
    }

    private static String level(CompatibilityLevel level) {
        return JSON.createObjectNode().put("compatibilityLevel", level.name()).toString();
    }

    private static String described(StoredSchema schema) {
        return node(schema).toString();
    }

    private static ObjectNode node(StoredSchema schema) {
        ObjectNode description = JSON.createObjectNode()
                .put("subject", schema.subject())
                .put("version", schema.version())
                .put("id", schema.id());
        return withText(description, schema);
    }

    private static ObjectNode withText(ObjectNode node, StoredSchema schema) {
        if (!schema.type().equals(StoredSchema.AVRO)) {
            node.put("schemaType", schema.type());
        }
        JsonNode references = schema.further().get("references");
        if (references != null && !references.isEmpty()) {
            node.set("references", references);
        }
        return node.put("schema", schema.text());
    }

    private static String array(List<?> values) {
        return JSON.valueToTree(values).toString();
    }
}
