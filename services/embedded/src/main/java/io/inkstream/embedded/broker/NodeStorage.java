package io.inkstream.embedded.broker;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.metadata.bootstrap.BootstrapDirectory;
import org.apache.kafka.metadata.bootstrap.BootstrapMetadata;
import org.apache.kafka.metadata.properties.MetaPropertiesEnsemble;
import org.apache.kafka.metadata.properties.MetaPropertiesEnsemble.VerificationFlag;
import org.apache.kafka.metadata.storage.Formatter;

/**
 * What {@code kafka-storage.sh format} leaves in a node's folder.
 *
 * @param identity the cluster id, node id and folder id
 * @param bootstrap the features that the cluster began with
 */
record NodeStorage(MetaPropertiesEnsemble identity, BootstrapMetadata bootstrap) {

    /** Formats the folder if it is new, and reads it. */
    static NodeStorage open(Path logs) throws Exception {
        String folder = logs.toString();
        // Written last by the formatter: without it the folder is new, or only partly formatted.
        if (!Files.exists(logs.resolve(MetaPropertiesEnsemble.META_PROPERTIES_NAME))) {
            Files.createDirectories(logs);
            new Formatter()
                    .setPrintStream(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
                    .setClusterId(Uuid.randomUuid().toString())
                    .setNodeId(NodeProperties.NODE_ID)
                    .setControllerListenerName(NodeProperties.CONTROLLER_LISTENER)
                    .addDirectory(folder)
                    .setMetadataLogDirectory(folder)
                    .run();
        }
        MetaPropertiesEnsemble identity = new MetaPropertiesEnsemble.Loader()
                .addMetadataLogDir(folder)
                .addLogDirs(List.of(folder))
                .load();
        identity.verify(
                Optional.empty(),
                OptionalInt.of(NodeProperties.NODE_ID),
                EnumSet.of(VerificationFlag.REQUIRE_AT_LEAST_ONE_VALID, VerificationFlag.REQUIRE_METADATA_LOG_DIR));
        return new NodeStorage(identity, new BootstrapDirectory(folder).read());
    }

    String clusterId() {
        return identity.clusterId().orElseThrow();
    }
}
