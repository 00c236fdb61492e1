package io.inkstream.cli.output;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.inkstream.client.files.OutputFile;
import io.inkstream.schemas.CheckpointManifest;
import io.inkstream.schemas.Completion;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * The outcome of a demo, for programs.
 *
 * @param corpus the corpus
 * @param tokens tokens used for training
 * @param manifest the last checkpoint
 * @param tokensPerSecond average speed of the training
 * @param seconds from the start of the demo to its last completion
 * @param completions what the model wrote
 */
public record DemoReport(
        String corpus,
        long tokens,
        CheckpointManifest manifest,
        double tokensPerSecond,
        double seconds,
        List<Completion> completions) {

    public DemoReport {
        completions = List.copyOf(completions);
    }

    /** As JSON. */
    ObjectNode json() {
        ObjectNode report = JsonOutput.object();
        report.put("corpus", corpus);
        report.put("tokens", tokens);
        report.put("vocabulary", manifest.getVocabularySize());
        report.put("cell", SchemaChoices.word(manifest.getSpec().getTraining().getCell()));
        report.put("hidden", manifest.getSpec().getTraining().getHidden());
        report.put("epochs", manifest.getEpoch());
        report.put("perplexity", manifest.getPerplexity());
        if (manifest.getValidationPerplexity() != null) {
            report.put("validationPerplexity", manifest.getValidationPerplexity());
        }
        report.put("tokensPerSecond", rounded(tokensPerSecond));
        report.put("engine", manifest.getEngine());
        report.put("device", manifest.getDevice());
        report.put("seconds", rounded(seconds));
        report.putObject("checkpoint").put("sha256", manifest.getSha256()).put("step", manifest.getStep());
        ArrayNode array = report.putArray("completions");
        completions.forEach(completion -> array.addObject()
                .put("prefix", completion.getPrefix())
                .put("text", completion.getText())
                .put("temperature", completion.getTemperature()));
        return report;
    }

    /** Writes it to a file. */
    public void write(Path file) {
        new OutputFile(file).write(JsonOutput.pretty(json()) + "\n");
    }

    private static double rounded(double value) {
        return Double.parseDouble(String.format(Locale.ROOT, "%.1f", value));
    }
}
