package io.inkstream.cli.commands;

import io.inkstream.cli.options.ClientOptions;
import io.inkstream.cli.options.CorpusOption;
import io.inkstream.cli.options.EpochChoice;
import io.inkstream.cli.options.FixedReading;
import io.inkstream.cli.options.JsonOption;
import io.inkstream.cli.options.TrainingOptions;
import io.inkstream.cli.output.Formatting;
import io.inkstream.cli.output.JsonOutput;
import io.inkstream.cli.output.SchemaChoices;
import io.inkstream.cli.output.Screen;
import io.inkstream.client.Corpora;
import io.inkstream.client.CorpusState;
import io.inkstream.client.InkstreamClient;
import io.inkstream.corpuslog.specs.SpecConversion;
import io.inkstream.corpuslog.topics.Topic;
import io.inkstream.corpuslog.topics.TopicProvisioner;
import io.inkstream.languagemodel.settings.SamplingSettings;
import io.inkstream.languagemodel.text.Reading;
import io.inkstream.launcher.commandline.OptionChecks;
import io.inkstream.launcher.options.PartitionsOption;
import io.inkstream.schemas.CorpusSpec;
import io.inkstream.schemas.TokenBlock;
import io.inkstream.schemas.TrainingSpec;
import java.util.EnumSet;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Publishes how a corpus is trained. */
@Command(
        name = "train",
        description = {
            "Publish the training settings of a corpus; the trainer starts as soon as it reads them.",
            "They do not change how the text is read: 'inkstream produce' sets that with the first text."
        })
public final class TrainCommand implements Callable<Integer> {

    @Spec
    private CommandSpec command;

    @Mixin
    private CorpusOption corpus;

    @Mixin
    private TrainingOptions training;

    @Option(
            names = "--max-tokens",
            paramLabel = "N",
            defaultValue = "0",
            description = "Use only the first N tokens; 0: all. Default: ${DEFAULT-VALUE}.")
    private long maxTokens;

    @Mixin
    private JsonOption json;

    @Mixin
    private ClientOptions clientOptions;

    @Mixin
    private PartitionsOption partitions;

    @Override
    public Integer call() {
        String name = corpus.corpus();
        training.check();
        new OptionChecks(command).atLeast("--max-tokens", 0, maxTokens);
        int partitionCount = partitions.partitions();
        InkstreamClient client = clientOptions.client();
        TopicProvisioner.ensure(
                client.connection(), client.topics(), partitionCount, EnumSet.of(Topic.CORPORA, Topic.TOKENS));

        Corpora corpora = client.corpora();
        Optional<TokenBlock> lastBlock = corpora.lastBlock(name);
        long known = lastBlock.map(CorpusState::tokensUpTo).orElse(0L);
        long used = maxTokens > 0 && known > 0 ? Math.min(maxTokens, known) : known;
        EpochChoice epochs = training.epochs(used);
        Reading reading = FixedReading.of(corpora.spec(name), lastBlock);
        CorpusSpec spec = CorpusSpec.newBuilder(SpecConversion.spec(reading))
                .setTraining(training.spec(epochs.epochs(), maxTokens))
                .build();
        client.specs().publish(name, spec);
        print(name, reading, spec, used, epochs);
        return 0;
    }

    private void print(String name, Reading reading, CorpusSpec spec, long used, EpochChoice epochs) {
        Screen screen = Screen.of(command);
        if (json.json()) {
            screen.out()
                    .println(JsonOutput.pretty(
                            JsonOutput.object().put("corpus", name).set("spec", JsonOutput.of(spec))));
            return;
        }
        TrainingSpec published = spec.getTraining();
        screen.out()
                .println("Corpus '%s' will be trained: %s, %s of %d hidden units, %s, read as %s."
                        .formatted(
                                name,
                                SchemaChoices.word(published.getCell()),
                                Formatting.count(published.getLayers(), "layer"),
                                published.getHidden(),
                                epochs.inWords(),
                                FixedReading.inWords(reading)));
        SamplingSettings sampling = training.settings(maxTokens).sampling();
        if (sampling.gradientWindows() > 1) {
            screen.out()
                    .println("Gradients flow back through %d windows: each step computes %d windows instead of one."
                            .formatted(sampling.gradientWindows(), sampling.gradientWindows()));
        }
        if (used == 0) {
            screen.out().println("It has no tokens yet: training starts once 'inkstream produce' has added text.");
        } else if (sampling.online()) {
            screen.out()
                    .println("It has %s so far; they are taken %s at a time. 'inkstream watch' shows its progress."
                            .formatted(Formatting.count(used, "token"), Formatting.count(sampling.stretch())));
        } else if (!sampling.enough(used)) {
            screen.out()
                    .println("It has %s so far: training starts once there are %s."
                            .formatted(Formatting.count(used, "token"), Formatting.count(sampling.fewestUsable())));
        } else {
            screen.out()
                    .println("An epoch covers %s%s; 'inkstream watch' shows its progress."
                            .formatted(
                                    Formatting.count(sampling.trained(used), "token"),
                                    sampling.heldOut(used) == 0
                                            ? ""
                                            : ", and the %s after them are held out"
                                                    .formatted(Formatting.count(sampling.heldOut(used)))));
        }
    }
}
