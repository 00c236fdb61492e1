package io.inkstream.launcher.options;

import io.inkstream.generator.GeneratorSettings;
import io.inkstream.generator.requests.RequestLimits;
import io.inkstream.languagemodel.decoding.DecodingOptions;
import io.inkstream.launcher.commandline.OptionChecks;
import io.inkstream.launcher.services.ServiceSettings;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Limits on the generator's requests, and its memory. */
public final class GeneratorOptions {

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = "--reply-topics",
            paramLabel = "TOPIC[,…]",
            split = ",",
            description =
                    "Topics besides the completion topics to which a request may ask for its reply; TOPIC* matches all names that start with "
                            + "TOPIC. Internal and compacted topics are never allowed. Default: PREFIX.replies* and PREFIX.prefixes.reply.")
    private @Nullable List<String> replyTopics;

    @Option(
            names = "--max-prefix",
            paramLabel = "N",
            defaultValue = "16384",
            description = "Longest prefix that the generator accepts, in characters. Default: ${DEFAULT-VALUE}.")
    private int maxPrefix;

    @Option(
            names = "--max-completion-tokens",
            paramLabel = "N",
            defaultValue = "10000",
            description = "Most tokens that a request may ask for, at most 100000. Default: ${DEFAULT-VALUE}.")
    private int maxCompletionTokens;

    @Option(
            names = "--models-memory",
            paramLabel = "SIZE",
            description =
                    "Heap memory for the generator's models, for example 512MB; the least recently used ones are unloaded, and loaded again "
                            + "on demand. Default: half of the heap.")
    private @Nullable String modelsMemory;

    /** The settings with these limits, checked. */
    public ServiceSettings of(ServiceSettings settings) {
        new OptionChecks(command)
                .atLeast("--max-prefix", 1, maxPrefix)
                .require(
                        maxCompletionTokens >= 1 && maxCompletionTokens <= DecodingOptions.MAX_TOKENS,
                        "--max-completion-tokens must be 1 to %d, not %d",
                        DecodingOptions.MAX_TOKENS,
                        maxCompletionTokens)
                .require(
                        replyTopics == null || replyTopics.stream().allMatch(GeneratorSettings::isReplyTopic),
                        "--reply-topics must be topic names, or prefixes of names followed by an asterisk, not '%s'",
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
