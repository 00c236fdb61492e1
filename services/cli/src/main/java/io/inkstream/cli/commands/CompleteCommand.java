package io.inkstream.cli.commands;

import io.inkstream.cli.options.ClientOptions;
import io.inkstream.cli.options.CorpusOption;
import io.inkstream.cli.options.JsonOption;
import io.inkstream.cli.output.CompletionText;
import io.inkstream.cli.output.Formatting;
import io.inkstream.cli.output.JsonOutput;
import io.inkstream.cli.output.Screen;
import io.inkstream.client.CompletionClient;
import io.inkstream.client.InkstreamClient;
import io.inkstream.corpuslog.topics.TopicNames;
import io.inkstream.launcher.commandline.OptionChecks;
import io.inkstream.platform.InkstreamException;
import io.inkstream.schemas.Completion;
import io.inkstream.schemas.PrefixRequest;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Asks the generator for a completion. */
@Command(
        name = "complete",
        description =
                "Complete a prefix with the newest model of a corpus. Prints the text to stdout and its origin to stderr.")
public final class CompleteCommand implements Callable<Integer> {

    private static final Duration REPLY_TIMEOUT = Duration.ofSeconds(30);

    @Spec
    private CommandSpec command;

    @Mixin
    private CorpusOption corpus;

    @Parameters(paramLabel = "PREFIX", description = "The text to complete.")
    private String prefix;

    @Option(
            names = "--max-tokens",
            paramLabel = "N",
            defaultValue = "50",
            description = "Maximum number of tokens to generate. Default: ${DEFAULT-VALUE}.")
    private int maxTokens;

    @Option(
            names = "--temperature",
            paramLabel = "X",
            description =
                    "0: greedy, the most probable token each time; above 0: tokens are sampled, with more variety at higher "
                            + "values. Default: 0.")
    private @Nullable Double temperature;

    @Option(
            names = "--power",
            paramLabel = "X",
            description =
                    "Sample from the probabilities raised to this power, which is a temperature of 1/X: above 1 favours probable "
                            + "tokens, below 1 rare ones.")
    private @Nullable Double power;

    @Option(
            names = "--top-k",
            paramLabel = "N",
            defaultValue = "0",
            description = "Sample from the N most probable tokens only; 0: from all. Default: ${DEFAULT-VALUE}.")
    private int topK;

    @Option(
            names = "--top-p",
            paramLabel = "X",
            defaultValue = "1",
            description =
                    "Sample from the smallest set of tokens with this total probability; 1: from all. Default: ${DEFAULT-VALUE}.")
    private double topP;

    @Option(names = "--stop", paramLabel = "TEXT", description = "Stop before this text; can be repeated.")
    private @Nullable List<String> stop;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description =
                    "Seed for sampling: the same seed and checkpoint give the same text. Default: chosen by the generator.")
    private @Nullable Long seed;

    @Option(
            names = "--wait",
            paramLabel = "SECONDS",
            defaultValue = "0",
            description = "How long to wait for the corpus's first checkpoint. Default: ${DEFAULT-VALUE}.")
    private int wait;

    @Mixin
    private JsonOption json;

    @Mixin
    private ClientOptions clientOptions;

    @Override
    public Integer call() throws InterruptedException {
        PrefixRequest request = request();
        InkstreamClient client = clientOptions.client();
        long deadline = System.nanoTime() + Duration.ofSeconds(wait).toNanos();
        if (wait > 0) {
            awaitFirstCheckpoint(client, request.getCorpus());
        }
        try (CompletionClient completions = client.completions()) {
            Duration left = Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
            print(completions.completeOrThrow(request, REPLY_TIMEOUT, left), client.topics());
        }
        return 0;
    }

    private PrefixRequest request() {
        new OptionChecks(command)
                .atLeast("--max-tokens", 1, maxTokens)
                .require(
                        temperature == null || power == null,
                        "--power %s is --temperature %s: use one of them",
                        power,
                        power == null ? null : 1 / power)
                .atLeastZero("--temperature", temperature == null ? 0 : temperature)
                .above("--power", 0, power == null ? 1 : power)
                .atLeast("--top-k", 0, topK)
                .require(topP > 0 && topP <= 1, "--top-p must be above 0 and at most 1, not %s", topP)
                .require(stop == null || !stop.contains(""), "--stop must not be empty")
                .atLeast("--wait", 0, wait);
        return PrefixRequest.newBuilder()
                .setCorpus(corpus.corpus())
                .setPrefix(prefix)
                .setMaxTokens(maxTokens)
                .setTemperature(drawingTemperature())
                .setTopK(topK)
                .setTopP(topP)
                .setStop(stop == null ? List.of() : stop)
                .setSeed(seed)
                .build();
    }

    /** p^α, made to add up to one again, is the softmax of the logits divided by 1/α. */
    private double drawingTemperature() {
        if (power != null) {
            return 1 / power;
        }
        return temperature == null ? 0 : temperature;
    }

    private void awaitFirstCheckpoint(InkstreamClient client, String name) throws InterruptedException {
        if (client.awaitCheckpoint(name, Duration.ofSeconds(wait)).isEmpty()) {
            throw new InkstreamException(
                    "Corpus '%s' has had no checkpoint within %d s: 'inkstream watch' shows how its training goes."
                            .formatted(name, wait));
        }
    }

    private void print(Completion completion, TopicNames topics) {
        Screen screen = Screen.of(command);
        if (json.json()) {
            screen.out().println(JsonOutput.pretty(JsonOutput.of(completion)));
            return;
        }
        screen.out().println(CompletionText.whole(completion));
        screen.out().flush();
        if (completion.getUnknownTokens() > 0) {
            screen.err().println(CompletionText.unknown(completion) + ".");
        }
        String drawn = completion.getSeed() == null ? "" : ", seed %d".formatted(completion.getSeed());
        screen.err()
                .println("%s by %s%s."
                        .formatted(
                                Formatting.count(completion.getTokens(), "token"),
                                CompletionText.origin(completion.getCheckpoint(), topics),
                                drawn));
    }
}
