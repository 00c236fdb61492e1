package io.inkstream.cli.commands;

import io.inkstream.cli.options.ClientOptions;
import io.inkstream.cli.options.CorpusOption;
import io.inkstream.cli.options.JsonOption;
import io.inkstream.cli.output.Formatting;
import io.inkstream.cli.output.JsonOutput;
import io.inkstream.cli.output.SchemaChoices;
import io.inkstream.cli.output.Screen;
import io.inkstream.client.InkstreamClient;
import io.inkstream.client.operations.ModelPublication;
import io.inkstream.corpuslog.specs.SpecConversion;
import io.inkstream.corpuslog.topics.Topic;
import io.inkstream.corpuslog.topics.TopicProvisioner;
import io.inkstream.languagemodel.checkpoint.Checkpoint;
import io.inkstream.languagemodel.checkpoint.ModelFile;
import io.inkstream.languagemodel.checkpoint.Sha256;
import io.inkstream.launcher.options.PartitionsOption;
import io.inkstream.platform.InkstreamException;
import io.inkstream.schemas.CheckpointManifest;
import io.inkstream.schemas.CorpusSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Publishes a model from a file. */
@Command(
        name = "import",
        description = {
            "Publish a model that was trained elsewhere, with PyTorch for instance, so that it is served.",
            "The file is a safetensors file with the names of PyTorch's modules (rnn, linear and, if there is one, embedding); "
                    + "its metadata has 'vocabulary', a JSON list of the tokens with the ids 1, 2, …, and 'tokenizer'; "
                    + "'normalizer', 'nfc' and 'reserved_tokens', a JSON list, if they are not verbatim, false and none. "
                    + "'inkstream export' writes such files."
        })
public final class ImportCommand implements Callable<Integer> {

    @Spec
    private CommandSpec command;

    @Mixin
    private CorpusOption corpus;

    @Parameters(paramLabel = "FILE.safetensors", description = "The model.")
    private Path file;

    @Mixin
    private JsonOption json;

    @Mixin
    private ClientOptions clientOptions;

    @Mixin
    private PartitionsOption partitions;

    @Override
    public Integer call() {
        String name = corpus.corpus();
        byte[] bytes = bytes();
        Checkpoint model = model(bytes);
        String origin = "%s, sha256 %s".formatted(file.getFileName(), Sha256.of(bytes));
        CorpusSpec spec = SpecConversion.spec(model.reading());
        int partitionCount = partitions.partitions();
        InkstreamClient client = clientOptions.client();
        TopicProvisioner.ensure(
                client.connection(),
                client.topics(),
                partitionCount,
                EnumSet.of(Topic.CORPORA, Topic.TOKENS, Topic.CHECKPOINTS, Topic.MODELS, Topic.HISTORY));
        ModelPublication publication = new ModelPublication(client.connection(), client.topics());
        print(name, model, publication.publish(name, model, spec, origin));
        return 0;
    }

    private byte[] bytes() {
        if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
            throw new InkstreamException("File %s does not exist or cannot be read: check the path.".formatted(file));
        }
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new InkstreamException("%s cannot be read: %s.".formatted(file, e.getMessage()), e);
        }
    }

    private Checkpoint model(byte[] bytes) {
        try {
            return ModelFile.read(bytes);
        } catch (IllegalArgumentException e) {
            throw new InkstreamException("%s cannot be imported. %s.".formatted(file, e.getMessage()), e);
        }
    }

    private void print(String name, Checkpoint model, CheckpointManifest manifest) {
        Screen screen = Screen.of(command);
        if (json.json()) {
            screen.out().println(JsonOutput.pretty(JsonOutput.of(manifest)));
            return;
        }
        screen.out()
                .println("Published %s, %s of %d hidden units, for a vocabulary of %s, as checkpoint %s of '%s'."
                        .formatted(
                                SchemaChoices.word(
                                        SpecConversion.kind(model.shape().cell())),
                                Formatting.count(model.shape().layers(), "layer"),
                                model.shape().hidden(),
                                Formatting.count(model.vocabulary().size()),
                                Formatting.shortSha(manifest.getSha256()),
                                name));
        screen.out().println("Try it: inkstream complete --corpus %s \"…\"".formatted(name));
    }
}
