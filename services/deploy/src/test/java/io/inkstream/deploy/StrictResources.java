package io.inkstream.deploy;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Reads resources as an API server does that validates strictly: no property that its kind does not have. */
final class StrictResources {

    /** Strimzi's by their names: they have annotations that are in no public repository, which the compiler would miss. */
    private static final Map<String, Class<?>> KINDS = Map.of(
            "v1/Service", Service.class,
            "v1/ServiceAccount", ServiceAccount.class,
            "apps/v1/Deployment", Deployment.class,
            "apps/v1/StatefulSet", StatefulSet.class,
            "policy/v1/PodDisruptionBudget", PodDisruptionBudget.class,
            "kafka.strimzi.io/v1/KafkaTopic", named("io.strimzi.api.kafka.model.topic.KafkaTopic"),
            "kafka.strimzi.io/v1/KafkaUser", named("io.strimzi.api.kafka.model.user.KafkaUser"));

    /**
     * Kinds for which no library has classes: the properties of theirs that the chart uses, by
     * https://keda.sh/docs/2.18/reference/scaledobject-spec and https://prometheus-operator.dev/docs/api-reference/api.
     */
    private static final Map<String, Set<String>> PROPERTIES = Map.of(
            "keda.sh/v1alpha1/ScaledObject",
            Set.of(
                    "scaleTargetRef.apiVersion",
                    "scaleTargetRef.kind",
                    "scaleTargetRef.name",
                    "pollingInterval",
                    "cooldownPeriod",
                    "minReplicaCount",
                    "maxReplicaCount",
                    "triggers.type",
                    "triggers.metadata.serverAddress",
                    "triggers.metadata.query",
                    "triggers.metadata.threshold",
                    "triggers.metadata.ignoreNullValues"),
            "monitoring.coreos.com/v1/PodMonitor",
            Set.of(
                    "jobLabel",
                    "selector.matchLabels.app.kubernetes.io/name",
                    "selector.matchLabels.app.kubernetes.io/instance",
                    "podMetricsEndpoints.port",
                    "podMetricsEndpoints.path",
                    "podMetricsEndpoints.interval"));

    /** The models keep properties that they do not know, and would let them pass; without that, Jackson rejects them. */
    private static final ObjectMapper STRICT = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .annotationIntrospector(new JacksonAnnotationIntrospector() {
                @Override
                public Boolean hasAnySetter(Annotated member) {
                    return false;
                }
            })
            .build();

    private StrictResources() {}

    /**
     * Reads a resource.
     *
     * @throws JsonMappingException if it has a property that its kind does not have, or one of another type
     * @throws AssertionError if its kind is unknown here
     */
    static void check(ObjectNode resource) throws Exception {
        String kind =
                resource.get("apiVersion").asText() + "/" + resource.get("kind").asText();
        if (PROPERTIES.containsKey(kind)) {
            Set<String> found = new TreeSet<>();
            collect("", resource.get("spec"), found);
            if (!found.equals(new TreeSet<>(PROPERTIES.get(kind)))) {
                throw new AssertionError("%s has the properties %s".formatted(kind, found));
            }
            return;
        }
        Class<?> type = KINDS.get(kind);
        if (type == null) {
            throw new AssertionError("No strict model of " + kind);
        }
        STRICT.treeToValue(resource, type);
    }

    private static Class<?> named(String name) {
        try {
            return Class.forName(name);
        } catch (ClassNotFoundException e) {
            throw new LinkageError(name, e);
        }
    }

    private static void collect(String path, JsonNode node, Set<String> found) {
        if (node.isObject()) {
            node.properties()
                    .forEach(property -> collect(
                            path.isEmpty() ? property.getKey() : path + "." + property.getKey(),
                            property.getValue(),
                            found));
        } else if (node.isArray()) {
            node.forEach(element -> collect(path, element, found));
        } else {
            found.add(path);
        }
    }
}
