package io.inkstream.systemtests.security;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

/** What {@code acls.sh} grants, by the commands that it prints. */
final class Grants {

    private Grants() {}

    /** The access control entries for topics with a prefix. */
    static List<AclBinding> of(String topicPrefix) {
        return Script.run(
                        Credentials.ROOT.resolve("services/deploy/security/acls.sh"),
                        "--print",
                        "--topic-prefix",
                        topicPrefix)
                .stream()
                .flatMap(command -> bindings(command).stream())
                .toList();
    }

    /** What a command of {@code kafka-acls.sh} adds. */
    private static Collection<AclBinding> bindings(String command) {
        List<String> words = Arrays.asList(command.split(" ", -1));
        PatternType pattern = PatternType.fromString(
                values(words, "--resource-pattern-type").get(0).toUpperCase(Locale.ROOT));
        String principal = values(words, "--allow-principal").get(0);
        List<AclBinding> bindings = new ArrayList<>();
        Stream.of(ResourceType.TOPIC, ResourceType.GROUP, ResourceType.TRANSACTIONAL_ID)
                .forEach(type -> values(
                                words,
                                "--" + type.name().toLowerCase(Locale.ROOT).replace('_', '-'))
                        .forEach(name -> values(words, "--operation")
                                .forEach(operation -> bindings.add(new AclBinding(
                                        new ResourcePattern(type, name, pattern),
                                        new AccessControlEntry(
                                                principal, "*", operation(operation), AclPermissionType.ALLOW))))));
        return bindings;
    }

    private static AclOperation operation(String name) {
        return AclOperation.fromString(name.replaceAll("(?<=[a-z])(?=[A-Z])", "_"));
    }

    private static List<String> values(List<String> words, String option) {
        List<String> values = new ArrayList<>();
        for (int i = 0; i < words.size() - 1; i++) {
            if (words.get(i).equals(option)) {
                values.add(words.get(i + 1));
            }
        }
        return values;
    }
}
