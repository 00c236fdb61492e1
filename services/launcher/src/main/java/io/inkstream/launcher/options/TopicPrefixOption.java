package io.inkstream.launcher.options;

import io.inkstream.corpuslog.topics.TopicNames;
import picocli.CommandLine.Option;

/** The prefix of topic names. */
public final class TopicPrefixOption {

    @Option(
            names = "--topic-prefix",
            paramLabel = "PREFIX",
            defaultValue = TopicNames.DEFAULT_PREFIX,
            description = "Prefix of the names of topics and consumer groups. Default: ${DEFAULT-VALUE}.")
    private String prefix;

    public TopicNames topics() {
        return new TopicNames(prefix);
    }
}
