package io.inkstream.platform.access;

import io.inkstream.platform.InkstreamException;
import io.inkstream.platform.config.Connection;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.TransactionalIdAuthorizationException;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

/**
 * Says what was denied to a client, and what to do about it. Kafka's exceptions name a topic or a group, but neither the operation
 * nor the principal: the operation is found by asking the brokers which of the client's permissions are missing.
 */
public final class AccessFailures {

    private final Connection connection;
    private final List<Permission> needed;

    /**
     * The failures of one client.
     *
     * @param needed what it needs to be permitted
     */
    public AccessFailures(Connection connection, Collection<Permission> needed) {
        this.connection = connection;
        this.needed = List.copyOf(needed);
    }

    /** True when something in the chain of causes says that access was denied, which waiting does not change. */
    public static boolean denied(Throwable failure) {
        return causes(failure)
                .anyMatch(cause -> cause instanceof AuthenticationException
                        || cause instanceof AuthorizationException
                        || cause instanceof Denial);
    }

    /**
     * Makes sure of the permissions that are needed in any case, as far as the brokers say.
     *
     * @throws InkstreamException if some are missing: all of them, in a sentence
     */
    public void requirePermissions() {
        List<Permission> missing = PermissionCheck.missing(
                connection,
                needed.stream().filter(permission -> !permission.optional()).toList());
        if (!missing.isEmpty()) {
            throw new AccessDeniedException(sentence(missing), null);
        }
    }

    /** What was denied, as an exception whose message says it all; empty if the failure is another one. */
    public Optional<InkstreamException> explain(Throwable failure) {
        return first(failure, Denial.class)
                .map(Denial::sentence)
                .or(() -> first(failure, AuthenticationException.class)
                        .map(e -> new AuthenticationFailure(connection).sentence(e)))
                .or(() -> first(failure, AuthorizationException.class).map(this::permission))
                .map(sentence -> new AccessDeniedException(sentence, failure));
    }

    /** A request was denied of which the operation is known. */
    public InkstreamException denied(AclOperation operation, String topic, AuthorizationException failure) {
        Permission permission = new Permission(
                Set.of(operation), new ResourcePattern(ResourceType.TOPIC, topic, PatternType.LITERAL), false, "");
        return new AccessDeniedException(sentence(List.of(permission)), failure);
    }

    private String permission(AuthorizationException e) {
        Predicate<Permission> concerned = concerned(e);
        List<Permission> missing = PermissionCheck.missing(
                connection, needed.stream().filter(concerned).toList());
        // The brokers do not say it of transactional ids, nor of groups that do not exist: then it is what is needed
        // there.
        boolean unsaid = missing.isEmpty() && !(e instanceof TopicAuthorizationException);
        List<Permission> denied = unsaid ? needed.stream().filter(concerned).toList() : missing;
        return denied.isEmpty()
                ? sentence("a request (%s)".formatted(withoutFullStop(String.valueOf(e.getMessage()))))
                : sentence(denied);
    }

    /** Which permissions a failure may be about. */
    private static Predicate<Permission> concerned(AuthorizationException failure) {
        if (failure instanceof TopicAuthorizationException topics
                && !topics.unauthorizedTopics().isEmpty()) {
            return permission -> is(permission, ResourceType.TOPIC)
                    && topics.unauthorizedTopics().stream().anyMatch(permission::covers);
        }
        if (failure instanceof TopicAuthorizationException) {
            return permission -> is(permission, ResourceType.TOPIC);
        }
        if (failure instanceof GroupAuthorizationException) {
            return permission -> is(permission, ResourceType.GROUP);
        }
        if (failure instanceof TransactionalIdAuthorizationException) {
            return permission -> is(permission, ResourceType.TRANSACTIONAL_ID);
        }
        return permission -> is(permission, ResourceType.CLUSTER);
    }

    private static boolean is(Permission permission, ResourceType type) {
        return permission.resource().resourceType() == type;
    }

    private String sentence(List<Permission> missing) {
        return sentence(missing.stream().map(Permission::toString).distinct().collect(Collectors.joining(", and ")));
    }

    private String sentence(String what) {
        return "Kafka at %s denies %s %s: grant it with kafka-acls.sh (docs/operations.md, Permissions)."
                .formatted(connection.bootstrapServers(), Identity.of(connection), what);
    }

    private static String withoutFullStop(String message) {
        return message.endsWith(".") ? message.substring(0, message.length() - 1) : message;
    }

    private static <T> Optional<T> first(Throwable failure, Class<T> type) {
        return causes(failure).filter(type::isInstance).map(type::cast).findFirst();
    }

    private static Stream<Throwable> causes(Throwable failure) {
        return Stream.iterate(failure, Objects::nonNull, Throwable::getCause);
    }
}
