package io.inkstream.cli.commands;

import io.inkstream.cli.options.ClientOptions;
import io.inkstream.cli.options.CorpusOption;
import io.inkstream.cli.options.JsonOption;
import io.inkstream.cli.output.CompletionText;
import io.inkstream.cli.output.JsonOutput;
import io.inkstream.cli.output.Screen;
import io.inkstream.cli.output.Words;
import io.inkstream.client.CompletionClient;
import io.inkstream.client.InkstreamClient;
import io.inkstream.corpuslog.topics.TopicNames;
import io.inkstream.launcher.commandline.Values;
import io.inkstream.platform.InkstreamException;
import io.inkstream.schemas.Completion;
import io.inkstream.schemas.PrefixRequest;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Asks the generator to go on from a prefix. */
@Command(
        name = "complete",
        description =
                "Complete a prefix with the newest model of a corpus. The text goes to stdout, where it came from to stderr.")
public final class CompleteCommand implements Callable<Integer> {

    private static final Duration REPLY_TIMEOUT = Duration.ofSeconds(30);

    @Spec
    private CommandSpec command;

    @Mixin
    private CorpusOption corpus;

    @Parameters(paramLabel = "PREFIX", description = "The text to go on from.")
    private String prefix;

    @Option(
            names = "--max-tokens",
            paramLabel = "N",
            defaultValue = "50",
            description = "Most tokens to generate. Default: ${DEFAULT-VALUE}.")
    private int maxTokens;

    @Option(
            names = "--temperature",
            paramLabel = "X",
            description =
                    "0: greedy, the most probable token each time; above: tokens are drawn, the more freely the higher. "
                            + "Default: 0.")
    private Double temperature;

    @Option(
            names = "--power",
            paramLabel = "X",
            description =
                    "Draw from the probabilities raised to this power, which is a temperature of 1/X: above 1 the probable "
                            + "tokens gain, below 1 the rare ones.")
    private Double power;

    @Option(
            names = "--top-k",
            paramLabel = "N",
            defaultValue = "0",
            description = "Draw from the N most probable tokens only; 0: from all. Default: ${DEFAULT-VALUE}.")
    private int topK;

    @Option(
            names = "--top-p",
            paramLabel = "X",
            defaultValue = "1",
            description =
                    "Draw from the fewest tokens with this probability together; 1: from all. Default: ${DEFAULT-VALUE}.")
    private double topP;

    @Option(names = "--stop", paramLabel = "TEXT", description = "End before this text; can be given more than once.")
    private List<String> stop;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description =
                    "Seed of the drawing: the same seed and checkpoint give the same text. Default: the generator chooses.")
    private Long seed;

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
        new Values(command)
                .atLeast("--max-tokens", 1, maxTokens)
                .require(
                        temperature == null || power == null,
                        "--power %s is --temperature %s: give one of them",
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
                                Words.count(completion.getTokens(), "token"),
                                CompletionText.origin(completion.getCheckpoint(), topics),
                                drawn));
    }
}
