package io.inkstream.platform.access;

import io.inkstream.platform.config.Connection;
import java.time.Duration;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeConsumerGroupsOptions;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.resource.PatternType;
import org.jspecify.annotations.Nullable;

/**
 * Asks the brokers which of the permissions that a client needs it does not have. A broker tells a client what it may do with a
 * resource that it may describe; where it may not even do that, it may do nothing. What cannot be found out counts as permitted: of
 * a topic or a group that does not exist yet, only that it may be described.
 */
public final class PermissionCheck implements AutoCloseable {

    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private final Admin admin;

    private PermissionCheck(Admin admin) {
        this.admin = admin;
    }

    /**
     * Those of the permissions that are missing, each with the missing operations only; none where the brokers do not say.
     *
     * @throws InterruptException if the thread is interrupted
     */
    public static List<Permission> missing(Connection connection, Collection<Permission> needed) {
        Map<String, Object> properties = connection.clientProperties();
        properties.put("default.api.timeout.ms", (int) TIMEOUT.toMillis());
        properties.put("request.timeout.ms", (int) TIMEOUT.toMillis());
        try (PermissionCheck check = new PermissionCheck(Admin.create(properties))) {
            // All at once: brokers that do not answer cost one timeout, and not one for each permission.
            List<Supplier<Permission>> asked = needed.stream().map(check::ask).toList();
            return asked.stream()
                    .map(Supplier::get)
                    .filter(permission -> !permission.operations().isEmpty())
                    .toList();
        } catch (KafkaException e) {
            if (e instanceof InterruptException) {
                throw e;
            }
            return List.of(); // whatever it is, it is not a permission: what is done next says what is wrong
        }
    }

    @Override
    public void close() {
        admin.close(Duration.ZERO);
    }

    /** Sends a question; what is returned waits for the answer, and says what is missing. */
    private Supplier<Permission> ask(Permission permission) {
        // Any name that the prefix covers will do.
        String name =
                permission.resource().name() + (permission.resource().patternType() == PatternType.PREFIXED ? "0" : "");
        Supplier<Answer> reply =
                switch (permission.resource().resourceType()) {
                    case TOPIC ->
                        of(
                                admin.describeTopics(
                                                List.of(name),
                                                new DescribeTopicsOptions().includeAuthorizedOperations(true))
                                        .topicNameValues()
                                        .get(name),
                                description -> description.authorizedOperations());
                    case GROUP ->
                        of(
                                admin.describeConsumerGroups(
                                                List.of(name),
                                                new DescribeConsumerGroupsOptions().includeAuthorizedOperations(true))
                                        .describedGroups()
                                        .get(name),
                                description -> description.authorizedOperations());
                    case TRANSACTIONAL_ID ->
                        of(admin.describeTransactions(List.of(name)).description(name), description -> null);
                    default -> () -> new Answer(false, Optional.empty());
                };
        return () -> permission.of(denied(permission, reply.get()));
    }

    private static Set<AclOperation> denied(Permission permission, Answer answer) {
        if (answer.hidden()) {
            return permission.operations();
        }
        Set<AclOperation> denied = EnumSet.copyOf(permission.operations());
        answer.permitted().ifPresentOrElse(denied::removeAll, denied::clear);
        return denied;
    }

    private static <T> Supplier<Answer> of(@Nullable KafkaFuture<T> future, Permitted<T> permitted) {
        return () -> answer(future, permitted);
    }

    private static <T> Answer answer(@Nullable KafkaFuture<T> future, Permitted<T> permitted) {
        try {
            T description = Objects.requireNonNull(future).get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
            return new Answer(false, Optional.ofNullable(permitted.of(description)));
        } catch (ExecutionException e) {
            return new Answer(e.getCause() instanceof AuthorizationException, Optional.empty());
        } catch (TimeoutException e) {
            return new Answer(false, Optional.empty());
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    /** What a description says of the client's permissions; null where it says nothing. */
    @FunctionalInterface
    private interface Permitted<T> {

        @Nullable
        Set<AclOperation> of(T description);
    }

    /**
     * What the brokers say of a resource.
     *
     * @param hidden the client may not describe it
     * @param permitted what it may do; empty where that is not known
     */
    private record Answer(boolean hidden, Optional<Set<AclOperation>> permitted) {}
}
