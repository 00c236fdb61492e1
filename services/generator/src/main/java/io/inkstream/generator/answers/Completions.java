package io.inkstream.generator.answers;

import io.inkstream.generator.models.LoadedModel;
import io.inkstream.generator.requests.Truncation;
import io.inkstream.languagemodel.decoding.Generation;
import io.inkstream.languagemodel.decoding.GenerationState;
import io.inkstream.schemas.CheckpointManifest;
import io.inkstream.schemas.CheckpointReference;
import io.inkstream.schemas.Completion;
import io.inkstream.schemas.FinishReason;
import java.util.Optional;

/** Creates completions. */
public final class Completions {

    private Completions() {}

    /**
     * The completion of a request that has ended.
     *
     * @param milliseconds since the request was read
     */
    public static Completion of(LoadedModel model, Generation generation, double milliseconds) {
        double temperature = generation.options().temperature();
        if (generation.state() == GenerationState.TOO_LONG) {
            return error(
                    Optional.of(model.corpus()),
                    generation.prefix(),
                    temperature,
                    "The answer has more than %d characters and does not fit into a record: request fewer tokens."
                            .formatted(Generation.MAX_TEXT_LENGTH),
                    milliseconds);
        }
        if (generation.state() == GenerationState.DIVERGED) {
            return error(
                    Optional.of(model.corpus()),
                    generation.prefix(),
                    temperature,
                    "The model of corpus '%s' (checkpoint %s) computes values that are not finite: its training has diverged; train it with a lower learning rate."
                            .formatted(model.corpus(), model.manifest().getSha256()),
                    milliseconds);
        }
        return new Completion(
                model.corpus(),
                generation.prefix(),
                generation.text(),
                generation.tokens(),
                generation.unknownTokens(),
                generation.state() == GenerationState.STOP ? FinishReason.STOP : FinishReason.LENGTH,
                null,
                temperature,
                temperature == 0 ? null : generation.options().seed(),
                reference(model.manifest()),
                milliseconds);
    }

    /**
     * The answer to a request that cannot be completed.
     *
     * @param corpus if it is known
     * @param sentence what is wrong, and what to do; truncated if it is very long
     */
    public static Completion error(
            Optional<String> corpus, String prefix, double temperature, String sentence, double milliseconds) {
        return new Completion(
                corpus.orElse(null),
                prefix,
                "",
                0,
                0,
                FinishReason.ERROR,
                Truncation.sentence(sentence),
                temperature,
                null,
                null,
                milliseconds);
    }

    private static CheckpointReference reference(CheckpointManifest manifest) {
        return new CheckpointReference(
                manifest.getSha256(),
                manifest.getStep(),
                manifest.getEpoch(),
                manifest.getPerplexity(),
                manifest.getSource());
    }
}
