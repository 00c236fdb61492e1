package io.inkstream.systemtests;

import io.inkstream.systemtests.stacks.ContainerKafkaStack;
import io.inkstream.systemtests.stacks.DockerEngine;
import io.inkstream.systemtests.stacks.KafkaStack;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;

/** On Apache Kafka and Confluent's schema registry in containers. */
@Tag("containers")
class PipelineOnContainersTest extends PipelineScenario {

    @Override
    KafkaStack startStack(Path folder) {
        DockerEngine.require();
        return new ContainerKafkaStack();
    }
}
