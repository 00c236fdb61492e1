package io.inkstream.standalone.cli;

import io.inkstream.platform.topics.TopicNames;
import picocli.CommandLine.Option;

/** What the topics are called. */
final class TopicPrefixOption {

    @Option(
            names = "--topic-prefix",
            paramLabel = "PREFIX",
            defaultValue = TopicNames.DEFAULT_PREFIX,
            description = "What the names of topics and consumer groups begin with. Default: ${DEFAULT-VALUE}.")
    private String prefix;

    TopicNames topics() {
        return new TopicNames(prefix);
    }
}
