package io.inkstream.cli.commands;

import io.inkstream.cli.options.EnoughTokens;
import io.inkstream.cli.options.EpochChoice;
import io.inkstream.cli.options.ReadingOptions;
import io.inkstream.cli.options.TrainingOptions;
import io.inkstream.cli.output.CompletionText;
import io.inkstream.cli.output.DemoReport;
import io.inkstream.cli.output.Formatting;
import io.inkstream.cli.output.SchemaChoices;
import io.inkstream.cli.output.Screen;
import io.inkstream.cli.stack.EmbeddedStack;
import io.inkstream.client.CorpusRun;
import io.inkstream.client.CorpusState;
import io.inkstream.client.files.OutputFile;
import io.inkstream.corpuslog.topics.TopicNames;
import io.inkstream.languagemodel.settings.SamplingSettings;
import io.inkstream.launcher.commandline.CommandDefaults;
import io.inkstream.launcher.commandline.OptionChecks;
import io.inkstream.launcher.commandline.RootCommand;
import io.inkstream.launcher.options.ServiceOptions;
import io.inkstream.launcher.services.ServiceSettings;
import io.inkstream.platform.config.KafkaEnvironment;
import io.inkstream.platform.files.TemporaryFolder;
import io.inkstream.schemas.CheckpointManifest;
import io.inkstream.schemas.Completion;
import io.inkstream.schemas.TokenBlock;
import io.inkstream.schemas.TrainingSpec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The whole pipeline on one text, in this process and a temporary folder. */
@Command(
        name = "demo",
        description = "Start an embedded Kafka, read a text, train a network on it and complete prefixes.")
public final class DemoCommand implements Callable<Integer>, CommandDefaults {

    /** With these, what the model writes is readable after half a minute on two cores. */
    private static final Map<String, String> DEFAULTS =
            Map.of("--cell", "gru", "--init", "keras", "--optimizer", "adam");

    @Spec
    private CommandSpec command;

    @Parameters(
            arity = "0..1",
            paramLabel = "FILE",
            description = "A text in UTF-8. Without it, a short story that comes with Inkstream.")
    private @Nullable Path file;

    @Mixin
    private TrainingOptions training;

    @Option(
            names = "--max-tokens",
            paramLabel = "N",
            defaultValue = "20000",
            description = "Use only the first N tokens; 0: all. Default: ${DEFAULT-VALUE}.")
    private long maxTokens;

    @Mixin
    private ReadingOptions reading;

    @Option(
            names = "--prefix",
            paramLabel = "TEXT",
            description = "A prefix to complete; can be given more than once. Default: two that suit the text.")
    private @Nullable List<String> prefixes;

    @Option(names = "--report", paramLabel = "FILE.json", description = "Write the outcome to a file, as JSON.")
    private @Nullable Path report;

    @Mixin
    private ServiceOptions services;

    @Override
    public Map<String, String> defaults() {
        return DEFAULTS;
    }

    @Override
    public Integer call() throws InterruptedException {
        long began = System.nanoTime();
        training.check();
        reading.check();
        new OptionChecks(command).atLeast("--max-tokens", 0, maxTokens);
        ServiceSettings settings = services.settings();
        if (report != null) {
            new OutputFile(report).requireWritable();
        }
        DemoText text = file == null ? DemoText.builtIn() : DemoText.of(file);
        long characters = text.source().check();
        Screen screen = Screen.of(command);
        screen.out()
                .println("Inkstream will learn from '%s' (%s)."
                        .formatted(text.title(), Formatting.count(characters, "character")));
        reading.remark().ifPresent(screen.out()::println);

        TopicNames topics = new TopicNames(TopicNames.DEFAULT_PREFIX);
        try (TemporaryFolder folder = TemporaryFolder.create("inkstream-");
                EmbeddedStack stack = EmbeddedStack.onFreePorts(
                        folder.path(),
                        KafkaEnvironment.properties(RootCommand.of(command).environment()),
                        topics,
                        settings)) {
            screen.out().print("Starting Kafka, a schema registry, ingest, trainer and generator in this process … ");
            screen.out().flush();
            stack.start();
            screen.out().println("ready after %.1f s.".formatted(secondsSince(began)));
            run(stack, screen, text, topics, began);
        }
        return 0;
    }

    private void run(EmbeddedStack stack, Screen screen, DemoText text, TopicNames topics, long began) {
        Demo demo = demo(stack, screen, topics, text.corpus());
        TokenBlock last = demo.ingest(text);
        long all = CorpusState.tokensUpTo(last);
        SamplingSettings sampling = training.settings(maxTokens).sampling();
        long tokens = sampling.usable(all);
        EnoughTokens.require("'%s'".formatted(text.title()), tokens, sampling);
        EpochChoice epochs = training.demoEpochs(tokens);
        TrainingSpec spec = training.spec(epochs.epochs(), maxTokens);
        screen.out().println(plan(spec, all, sampling, epochs));

        GradientComparison comparison = null;
        if (sampling.gradientWindows() > 1) {
            Demo detached = demo(stack, screen, topics, text.corpus() + "-detached");
            comparison = GradientComparison.begin(screen, detached, text, spec);
        }
        CorpusRun.Learned learned = demo.train(spec);
        if (comparison != null) {
            comparison.print(screen, learned);
        }
        CheckpointManifest manifest = learned.manifest();

        List<String> asked = prefixes == null ? text.prefixes(reading.spec().getNormalizer()) : prefixes;
        List<Completion> completions = demo.complete(asked, manifest, training.seed());
        double seconds = secondsSince(began);
        CompletionText.printAll(screen, completions, topics);
        if (report != null) {
            new DemoReport(text.corpus(), tokens, manifest, learned.tokensPerSecond(), seconds, completions)
                    .write(report);
            screen.out().println("The report is in %s.".formatted(report));
        }
    }

    private Demo demo(EmbeddedStack stack, Screen screen, TopicNames topics, String corpus) {
        CorpusRun run = new CorpusRun(stack.connection(), topics, corpus, stack::requireLive);
        return new Demo(screen, stack.connection(), topics, run, reading.spec());
    }

    private static String plan(TrainingSpec spec, long all, SamplingSettings sampling, EpochChoice epochs) {
        long tokens = sampling.usable(all);
        return "Training %s, %s%d hidden units, on %s%s%s:"
                .formatted(
                        SchemaChoices.word(spec.getCell()),
                        spec.getLayers() == 1 ? "" : "%s of ".formatted(Formatting.count(spec.getLayers(), "layer")),
                        spec.getHidden(),
                        tokens < all
                                ? "the first %s (--max-tokens 0 takes all)".formatted(Formatting.count(tokens, "token"))
                                : "all %s".formatted(Formatting.count(tokens, "token")),
                        sampling.heldOut(all) == 0
                                ? ""
                                : ", the last %s of them held out,".formatted(Formatting.count(sampling.heldOut(all))),
                        sampling.online() ? ", each of them once" : " for " + epochs.inWords());
    }

    private static double secondsSince(long began) {
        return Duration.ofNanos(System.nanoTime() - began).toMillis() / 1000.0;
    }
}
