package io.inkstream.launcher.options;

import io.inkstream.corpuslog.topics.Permissions;
import io.inkstream.corpuslog.topics.TopicNames;
import io.inkstream.launcher.commandline.FailureExplanation;
import io.inkstream.launcher.commandline.RootCommand;
import io.inkstream.platform.InkstreamException;
import io.inkstream.platform.access.AccessFailures;
import io.inkstream.platform.cluster.Cluster;
import io.inkstream.platform.config.Connection;
import io.inkstream.platform.config.KafkaEnvironment;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** How to reach Kafka and the schema registry. */
public class ConnectionOptions implements FailureExplanation {

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = "--bootstrap-servers",
            paramLabel = "HOST:PORT[,…]",
            defaultValue = "localhost:9092",
            description = "The Kafka brokers to connect to. Default: ${DEFAULT-VALUE}.")
    private String bootstrapServers;

    @Option(
            names = "--schema-registry",
            paramLabel = "URL",
            defaultValue = "http://localhost:8081",
            description = "URL of the schema registry. Default: ${DEFAULT-VALUE}.")
    private String schemaRegistry;

    @Option(
            names = "--serde-class",
            paramLabel = "CLASS",
            defaultValue = Connection.DEFAULT_SERDE_CLASS,
            description = "Serde class for Avro values. Default: Inkstream's own.")
    private String serdeClass;

    @Mixin
    private TopicPrefixOption topicPrefix;

    /** The connection, whether a broker answers or not. */
    public Connection connection() {
        return new Connection(
                bootstrapServers,
                schemaRegistry,
                serdeClass,
                KafkaEnvironment.properties(RootCommand.of(command).environment()));
    }

    @Override
    public Optional<InkstreamException> explain(Exception failure) {
        return AccessFailures.denied(failure)
                ? new AccessFailures(connection(), Permissions.of(topics(), Permissions.USER, Permissions.OPERATOR))
                        .explain(failure)
                : Optional.empty();
    }

    /** The connection, once a broker has answered. */
    public Connection reachableConnection() {
        Connection connection = connection();
        Cluster.requireReachable(connection);
        return connection;
    }

    public TopicNames topics() {
        return topicPrefix.topics();
    }
}
