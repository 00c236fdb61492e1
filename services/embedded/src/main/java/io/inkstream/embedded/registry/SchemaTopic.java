package io.inkstream.embedded.registry;

import io.inkstream.platform.InkstreamException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.TopicExistsException;

/** The topic that schemas are kept on: one partition, compacted, so that no schema is ever deleted. */
final class SchemaTopic {

    /** Its name, the default of Confluent's registry. */
    static final String NAME = "_schemas";

    private static final String CLEANUP = "cleanup.policy";
    private static final String COMPACT = "compact";

    private SchemaTopic() {}

    /**
     * Makes sure that it exists and keeps what is written to it.
     *
     * @param kafkaProperties properties for Kafka clients
     * @throws InkstreamException if it would lose schemas, or the cluster cannot be reached
     */
    static void ensure(Map<String, Object> kafkaProperties) {
        Map<String, Object> properties = new HashMap<>(kafkaProperties);
        properties.put("client.id", "inkstream-registry");
        try (Admin admin = Admin.create(properties)) {
            // A topic that was just created is as it should be, and some brokers may not know it yet.
            if (!created(admin)) {
                check(admin);
            }
        } catch (ExecutionException | KafkaException e) {
            Throwable reason = e instanceof ExecutionException && e.getCause() != null ? e.getCause() : e;
            throw new InkstreamException(
                    "The schema registry cannot use topic %s (%s): check that the broker at %s runs and permits it."
                            .formatted(NAME, reason.getMessage(), kafkaProperties.get("bootstrap.servers")),
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InkstreamException("The start of the schema registry was interrupted.", e);
        }
    }

    private static boolean created(Admin admin) throws ExecutionException, InterruptedException {
        if (admin.listTopics(new ListTopicsOptions().listInternal(true))
                .names()
                .get()
                .contains(NAME)) {
            return false;
        }
        NewTopic topic = new NewTopic(NAME, Optional.of(1), Optional.empty())
                .configs(Map.of(CLEANUP, COMPACT, "compression.type", "uncompressed"));
        try {
            admin.createTopics(List.of(topic)).all().get();
            return true;
        } catch (ExecutionException e) {
            // Another process was faster: its topic is checked like any other.
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw e;
            }
            return false;
        }
    }

    private static void check(Admin admin) throws ExecutionException, InterruptedException {
        TopicDescription description = admin.describeTopics(List.of(NAME))
                .allTopicNames()
                .get()
                .values()
                .iterator()
                .next();
        if (description.partitions().size() != 1) {
            throw new InkstreamException(
                    "Topic %s has %d partitions and must have one, or schemas would come back in another order: give the registry a cluster where it has."
                            .formatted(NAME, description.partitions().size()));
        }
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, NAME);
        String policy = admin.describeConfigs(List.of(resource))
                .all()
                .get()
                .values()
                .iterator()
                .next()
                .get(CLEANUP)
                .value();
        if (!policy.equals(COMPACT)) {
            throw new InkstreamException(
                    "Topic %s has %s=%s, which would delete schemas: set it to %s with kafka-configs.sh."
                            .formatted(NAME, CLEANUP, policy, COMPACT));
        }
    }
}
