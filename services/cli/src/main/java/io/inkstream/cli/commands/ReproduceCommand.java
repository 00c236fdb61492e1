package io.inkstream.cli.commands;

import io.inkstream.cli.output.Formatting;
import io.inkstream.cli.output.MissedPresets;
import io.inkstream.cli.output.OutcomeReport;
import io.inkstream.cli.output.OutcomeTable;
import io.inkstream.cli.output.PresetList;
import io.inkstream.cli.output.PresetPictures;
import io.inkstream.cli.output.ProgressBar;
import io.inkstream.cli.output.Screen;
import io.inkstream.cli.output.SettingsInWords;
import io.inkstream.cli.output.TrainingDisplay;
import io.inkstream.cli.stack.EmbeddedStack;
import io.inkstream.client.files.OutputFile;
import io.inkstream.corpuslog.topics.TopicNames;
import io.inkstream.launcher.commandline.Interruption;
import io.inkstream.launcher.commandline.OptionChecks;
import io.inkstream.launcher.commandline.RootCommand;
import io.inkstream.launcher.options.ServiceOptions;
import io.inkstream.launcher.services.ServiceSettings;
import io.inkstream.lessons.presets.Book;
import io.inkstream.lessons.presets.BookFile;
import io.inkstream.lessons.presets.Expectation;
import io.inkstream.lessons.presets.Outcome;
import io.inkstream.lessons.presets.Preset;
import io.inkstream.lessons.presets.Presets;
import io.inkstream.lessons.presets.Reproduction;
import io.inkstream.lessons.presets.SeedRun;
import io.inkstream.lessons.presets.Verdict;
import io.inkstream.platform.InkstreamException;
import io.inkstream.platform.config.KafkaEnvironment;
import io.inkstream.platform.files.TemporaryFolder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Published results, run through the whole pipeline in this process and compared with what was published. */
@Command(
        name = "reproduce",
        description = {
            "Reproduce published results with the whole pipeline, and compare.",
            "Exits with 1 if a preset does not meet its requirement."
        })
public final class ReproduceCommand implements Callable<Integer> {

    private static final String ALL = "all";
    private static final int FEW_SEEDS = 10;

    @Spec
    private CommandSpec command;

    @Parameters(arity = "0..1", paramLabel = "PRESET", description = "The preset, or 'all'; --list lists them.")
    private @Nullable String name;

    @Option(names = "--list", fallbackValue = "true", description = "List the presets and exit.")
    private boolean list;

    @Option(
            names = "--book",
            paramLabel = "FILE",
            description = "The book that the preset reads, whatever its file name.")
    private @Nullable Path book;

    @Option(
            names = "--books",
            paramLabel = "DIR",
            defaultValue = ".",
            description =
                    "Folder with time_machine.txt, war_of_the_worlds.txt and tang_poems.txt. Default: the current folder.")
    private Path books;

    @Option(
            names = "--seeds",
            paramLabel = "N",
            description =
                    "Train each preset with the seeds 1 to N. Default: 3, or 100 for presets whose figure is the share of seeds with the right answer, which are not judged with fewer.")
    private @Nullable Integer seeds;

    @Option(
            names = "--epochs",
            paramLabel = "N",
            description = "Epochs instead of each preset's own, for a quick try: nothing is judged then.")
    private @Nullable Integer epochs;

    @Option(names = "--report", paramLabel = "FILE.json", description = "Write the outcome to a JSON file.")
    private @Nullable Path report;

    @Option(
            names = "--plot",
            paramLabel = "DIR",
            description =
                    "Plot the perplexity of each preset over its epochs into this folder, with one line per seed.")
    private @Nullable Path pictures;

    @Mixin
    private ServiceOptions services;

    @Override
    public Integer call() throws InterruptedException {
        Screen screen = Screen.of(command);
        if (list) {
            PresetList.lines(Presets.all()).forEach(screen.out()::println);
            return ExitCode.OK;
        }
        List<Preset> presets = chosen();
        ServiceSettings settings = services.settings();
        if (report != null) {
            new OutputFile(report).requireWritable();
        }
        Optional<PresetPictures> drawing = Optional.ofNullable(pictures).map(PresetPictures::into);
        PresetBooks presetBooks = PresetBooks.of(presets, this::find);
        presetBooks.remarks().forEach(screen.err()::println);

        TopicNames topics = new TopicNames(TopicNames.DEFAULT_PREFIX);
        List<Outcome> outcomes = new ArrayList<>();
        try (TemporaryFolder folder = TemporaryFolder.create("inkstream-");
                EmbeddedStack stack = EmbeddedStack.onFreePorts(
                        folder.path(),
                        KafkaEnvironment.properties(RootCommand.of(command).environment()),
                        topics,
                        settings)) {
            screen.out().println("Starting Kafka, a schema registry, ingest, trainer and generator in this process …");
            stack.start();
            Reproduction reproduction = new Reproduction(
                    stack.connection(),
                    topics,
                    epochs == null ? OptionalInt.empty() : OptionalInt.of(epochs),
                    stack::requireLive);
            for (Preset preset : presets) {
                Outcome outcome = reproduce(screen, reproduction, preset, presetBooks);
                outcomes.add(outcome);
                drawing.ifPresent(into -> into.draw(stack.connection(), topics, outcome));
                if (report != null) {
                    // After each preset: all of them can take an hour.
                    new OutcomeReport(outcomes, presetBooks.books()).write(report);
                }
            }
        }
        return conclude(screen, outcomes);
    }

    private List<Preset> chosen() {
        OptionChecks options = new OptionChecks(command)
                .require(name != null, "Name a preset or 'all', or use --list")
                .atLeast("--seeds", 1, seeds)
                .atLeast("--epochs", 1, epochs);
        if (ALL.equals(name)) {
            options.require(book == null, "--book is for a single preset; for all, name their folder with --books");
            return Presets.all();
        }
        Optional<Preset> preset = Optional.ofNullable(name).flatMap(Presets::named);
        options.require(preset.isPresent(), "There is no preset '%s': 'inkstream reproduce --list' lists them", name);
        options.require(
                book == null || preset.orElseThrow().text() instanceof Book,
                "Preset %s has its own text: omit --book",
                name);
        return List.of(preset.orElseThrow());
    }

    private BookFile find(Book wanted) {
        return book == null ? BookFile.in(books, wanted) : BookFile.of(wanted, book);
    }

    private Outcome reproduce(Screen screen, Reproduction reproduction, Preset preset, PresetBooks presetBooks) {
        screen.out().println("%s: %s".formatted(preset.name(), SettingsInWords.of(reproduction.training(preset, 1))));
        List<SeedRun> runs = new ArrayList<>();
        try {
            int count = seeds == null ? preset.expectation().seeds() : seeds;
            TrainingDisplay display = TrainingDisplay.ofOneLine(screen);
            for (long seed = 1; seed <= count; seed++) {
                if (count <= FEW_SEEDS) {
                    display = TrainingDisplay.ofOneLine(screen); // many share a line where lines can be drawn anew
                }
                SeedRun run = reproduction.run(preset, seed, presetBooks.text(preset.text()), display::show);
                runs.add(run);
                display.end(line(preset, run));
            }
        } catch (InkstreamException e) {
            if (Interruption.isAsked()) {
                throw e;
            }
            // The others may still be run.
            screen.err().println("inkstream: %s did not complete: %s".formatted(preset.name(), e.getMessage()));
            return new Outcome(preset, reproduction.isFaithful(), runs, Optional.of(String.valueOf(e.getMessage())));
        }
        return new Outcome(preset, reproduction.isFaithful(), runs, Optional.empty());
    }

    private static String line(Preset preset, SeedRun run) {
        long speed = Math.round(run.learned().tokensPerSecond());
        return "  seed %d%s  perplexity %s%s  %s"
                .formatted(
                        run.seed(),
                        preset.expectation().kind() == Expectation.Kind.ANSWER ? "  " + run.answer() : "",
                        Formatting.perplexity(run.learned().manifest().getPerplexity()),
                        speed == 0 ? "" : "  %s tokens/s".formatted(Formatting.count(speed)),
                        ProgressBar.roughly(run.took()));
    }

    private int conclude(Screen screen, List<Outcome> outcomes) {
        screen.out().println();
        OutcomeTable.figures(outcomes).forEach(screen.out()::println);
        if (epochs != null) {
            screen.out()
                    .println("Trained for %s instead of each preset's own: nothing is judged."
                            .formatted(Formatting.count(epochs, "epoch")));
        }
        outcomes.stream()
                .filter(outcome -> !outcome.preset().expectation().canJudge(outcome.runs()))
                .filter(outcome -> outcome.faithful() && outcome.verdict() == Verdict.NOT_JUDGED)
                .forEach(outcome -> screen.out()
                        .println("%s is judged with %d seeds or more, as its figure is the share of seeds."
                                .formatted(
                                        outcome.preset().name(),
                                        outcome.preset().expectation().seeds())));
        screen.out().println();
        OutcomeTable.completions(outcomes).forEach(screen.out()::println);
        if (report != null || pictures != null) {
            screen.out().println();
        }
        if (report != null) {
            screen.out().println("The report is in %s.".formatted(report));
        }
        if (pictures != null) {
            screen.out().println("The pictures are in %s.".formatted(pictures));
        }
        Optional<String> misses = MissedPresets.sentence(outcomes);
        misses.ifPresent(sentence -> screen.err().println("inkstream: " + sentence));
        return misses.isEmpty() ? ExitCode.OK : ExitCode.SOFTWARE;
    }
}
