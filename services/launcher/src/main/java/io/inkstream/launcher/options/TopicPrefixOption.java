package io.inkstream.launcher.options;

import io.inkstream.corpuslog.topics.TopicNames;
import picocli.CommandLine.Option;

/** What the topics are called. */
public final class TopicPrefixOption {

    @Option(
            names = "--topic-prefix",
            paramLabel = "PREFIX",
            defaultValue = TopicNames.DEFAULT_PREFIX,
            description = "What the names of topics and consumer groups begin with. Default: ${DEFAULT-VALUE}.")
    private String prefix;

    public TopicNames topics() {
        return new TopicNames(prefix);
    }
}
