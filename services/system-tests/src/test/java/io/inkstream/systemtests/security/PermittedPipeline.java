package io.inkstream.systemtests.security;

import io.inkstream.corpuslog.topics.TopicNames;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;

/** A pipeline on topics of its own, with the permissions that are listed and no others. */
final class PermittedPipeline implements AutoCloseable {

    private static final AtomicInteger PREFIXES = new AtomicInteger();

    private final SecuredCluster cluster;
    private final TopicNames topics = new TopicNames("permissions-" + PREFIXES.incrementAndGet());
    private final List<AclBinding> grants = Grants.of(topics.prefix());
    private final SecuredPipeline pipeline;

    PermittedPipeline(SecuredCluster cluster) {
        this.cluster = cluster;
        this.pipeline = new SecuredPipeline(cluster, topics);
        cluster.permit(grants);
    }

    TopicNames topics() {
        return topics;
    }

    /** What is permitted. */
    List<AclBinding> grants() {
        return grants;
    }

    SecuredPipeline services() {
        return pipeline;
    }

    /** Takes permissions away. */
    void deny(Predicate<AclBinding> which) {
        cluster.deny(grants.stream().filter(which).toList());
    }

    /** An operation as the services' messages name it. */
    static String name(AclOperation operation) {
        return switch (operation) {
            case DESCRIBE_CONFIGS -> "DescribeConfigs";
            default ->
                operation.name().charAt(0) + operation.name().substring(1).toLowerCase(Locale.ROOT);
        };
    }

    /** Ends what runs, and takes away what was permitted, except to the registry, which all tests use. */
    @Override
    public void close() {
        pipeline.close();
        deny(grant -> !grant.entry().principal().equals("User:schema-registry"));
    }
}
