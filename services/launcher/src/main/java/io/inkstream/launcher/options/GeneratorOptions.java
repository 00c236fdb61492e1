package io.inkstream.launcher.options;

import io.inkstream.generator.GeneratorSettings;
import io.inkstream.generator.requests.RequestLimits;
import io.inkstream.languagemodel.decoding.DecodingOptions;
import io.inkstream.launcher.commandline.Values;
import io.inkstream.launcher.services.ServiceSettings;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What requests may ask of the generator. */
public final class GeneratorOptions {

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = "--reply-topics",
            paramLabel = "TOPIC[,…]",
            split = ",",
            description =
                    "Topics beside the completion topics that a request may name for its answer; TOPIC* are all whose names begin so. "
                            + "Never internal or compacted topics. Default: PREFIX.replies* and PREFIX.prefixes.reply.")
    private List<String> replyTopics;

    @Option(
            names = "--max-prefix",
            paramLabel = "N",
            defaultValue = "16384",
            description = "The longest prefix that the generator completes, in characters. Default: ${DEFAULT-VALUE}.")
    private int maxPrefix;

    @Option(
            names = "--max-completion-tokens",
            paramLabel = "N",
            defaultValue = "10000",
            description = "The most tokens that a request may ask for, up to 100000. Default: ${DEFAULT-VALUE}.")
    private int maxCompletionTokens;

    @Option(
            names = "--models-memory",
            paramLabel = "SIZE",
            description =
                    "What the generator's models may take of the heap together, for instance 512MB; those that were asked for longest ago "
                            + "are let go, and loaded again on demand. Default: half of the heap.")
    private String modelsMemory;

    /** The settings with these limits, checked. */
    public ServiceSettings of(ServiceSettings settings) {
        new Values(command)
                .atLeast("--max-prefix", 1, maxPrefix)
                .require(
                        maxCompletionTokens >= 1 && maxCompletionTokens <= DecodingOptions.MAX_TOKENS,
                        "--max-completion-tokens must be 1 to %d, not %d",
                        DecodingOptions.MAX_TOKENS,
                        maxCompletionTokens)
                .require(
                        replyTopics == null || replyTopics.stream().allMatch(GeneratorSettings::isReplyTopic),
                        "--reply-topics must be names of topics, or beginnings of names with an asterisk after them, not '%s'",
                        replyTopics == null ? "" : String.join(",", replyTopics))
                .require(
                        modelsMemory == null || MemorySize.parse(modelsMemory).isPresent(),
                        "--models-memory must be a size such as 512MB or 2GB, not '%s'",
                        modelsMemory);
        return settings.withGenerator(new GeneratorSettings(
                settings.partitions(),
                settings.generator().batch(),
                new RequestLimits(maxPrefix, maxCompletionTokens),
                replyTopics == null ? List.of() : replyTopics,
                MemorySize.parse(modelsMemory).orElse(settings.generator().modelsMemory())));
    }
}
