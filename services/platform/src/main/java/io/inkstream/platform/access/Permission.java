package io.inkstream.platform.access;

import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;

/**
 * What a client needs to be permitted on a resource.
 *
 * @param operations in Kafka's terms
 * @param resource a topic, a group or a transactional id; or, with the pattern type {@code PREFIXED}, all that begin with a name
 * @param optional true when the client works without it, and does something less
 * @param why in a few words
 */
public record Permission(Set<AclOperation> operations, ResourcePattern resource, boolean optional, String why) {

    public Permission {
        operations = Set.copyOf(operations);
    }

    /** True for the resource itself, and for one that its prefix covers. */
    boolean covers(String name) {
        return resource.patternType() == PatternType.PREFIXED
                ? name.startsWith(resource.name())
                : name.equals(resource.name());
    }

    /** The same for some of the operations. */
    Permission of(Set<AclOperation> some) {
        return new Permission(some, resource, optional, why);
    }

    /** For instance {@code Read, Write on topic inkstream.text}. */
    @Override
    public String toString() {
        String names = operations.stream().sorted().map(Permission::name).collect(Collectors.joining(", "));
        String type =
                switch (resource.resourceType()) {
                    case TRANSACTIONAL_ID -> "transactional id";
                    default -> resource.resourceType().name().toLowerCase(Locale.ROOT);
                };
        return "%s on %s %s%s"
                .formatted(names, type, resource.name(), resource.patternType() == PatternType.PREFIXED ? "*" : "");
    }

    /** As {@code kafka-acls.sh} writes it. */
    private static String name(AclOperation operation) {
        StringBuilder name = new StringBuilder();
        for (String word : operation.name().split("_", -1)) {
            name.append(word.charAt(0)).append(word.substring(1).toLowerCase(Locale.ROOT));
        }
        return name.toString();
    }
}
