package io.inkstream.systemtests;

import io.inkstream.systemtests.stacks.EmbeddedKafkaStack;
import io.inkstream.systemtests.stacks.KafkaStack;
import java.nio.file.Path;

/** On the embedded broker and registry. */
class PipelineTest extends PipelineScenario {

    @Override
    KafkaStack startStack(Path folder) {
        return new EmbeddedKafkaStack(folder.resolve("data"));
    }
}
