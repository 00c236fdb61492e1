package io.inkstream.cli.output;

import io.inkstream.schemas.CheckpointManifest;
import io.inkstream.schemas.SamplingKind;
import io.inkstream.schemas.SourceRange;
import io.inkstream.schemas.TrainingProgress;
import io.inkstream.schemas.TrainingSpec;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Formats numbers and names for reading. */
public final class Formatting {

    /** Larger than any vocabulary: such a perplexity means that training has diverged, and its digits mean nothing. */
    private static final double DIVERGED = 1e9;

    private Formatting() {}

    /** 10000 as {@code 10,000}. */
    public static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    /** {@code 1 record}, {@code 2 records}. */
    public static String count(long number, String noun) {
        return count(number) + " " + noun + (number == 1 ? "" : "s");
    }

    /** How much a checkpoint was trained: {@code 500 epochs}, or stretches of a stream. */
    public static String epochs(CheckpointManifest manifest) {
        TrainingSpec training = manifest.getSpec().getTraining();
        if (training != null && training.getSampling() == SamplingKind.ONLINE) {
            return count(manifest.getEpoch()) + (manifest.getEpoch() == 1 ? " stretch" : " stretches");
        }
        return count(manifest.getEpoch(), "epoch");
    }

    /** A perplexity with three decimals; {@code -} if it is unknown. */
    public static String perplexity(@Nullable Double perplexity) {
        if (perplexity == null) {
            return "-";
        }
        if (perplexity >= DIVERGED) {
            return String.format(Locale.ROOT, "%.1e", perplexity);
        }
        return String.format(Locale.ROOT, perplexity < 10 ? "%.3f" : "%.1f", perplexity);
    }

    /** Perplexity, and that on held-out text if there is any: {@code 1.306}, {@code 1.306 (held out 14.2)}. */
    public static String perplexities(@Nullable Double perplexity, @Nullable Double heldOut) {
        return heldOut == null
                ? perplexity(perplexity)
                : "%s (held out %s)".formatted(perplexity(perplexity), perplexity(heldOut));
    }

    /** How many tokens are unknown to the model: a sentence without its full stop. */
    public static String unknown(TrainingProgress progress) {
        return "%s of the %s of an epoch (%s %%) read as <unk>"
                .formatted(
                        count(progress.getUnknownTokens()),
                        count(progress.getEpochTokens(), "token"),
                        String.format(
                                Locale.ROOT, "%.1f", 100.0 * progress.getUnknownTokens() / progress.getEpochTokens()));
    }

    /** What a model was computed with: {@code the java engine}, or {@code the pytorch engine and 2 threads}. */
    public static String engine(CheckpointManifest manifest) {
        String engine = "the %s engine".formatted(manifest.getEngine());
        return manifest.getThreads() == 0
                ? engine
                : "%s and %s".formatted(engine, count(manifest.getThreads(), "thread"));
    }

    /** The first ten digits of a checkpoint's SHA-256. */
    public static String shortSha(String sha256) {
        return sha256.substring(0, Math.min(10, sha256.length()));
    }

    /** {@code 1.2 MB}. */
    public static String bytes(long bytes) {
        if (bytes < 1000) {
            return bytes + " B";
        }
        return bytes < 1_000_000
                ? String.format(Locale.ROOT, "%.1f kB", bytes / 1e3)
                : String.format(Locale.ROOT, "%.1f MB", bytes / 1e6);
    }

    /** {@code partition 2 of inkstream.text, offsets 0 to 2}. */
    public static String source(SourceRange source, String textTopic) {
        return "partition %d of %s, %s"
                .formatted(
                        source.getTextPartition(),
                        textTopic,
                        offsets(source.getFirstTextOffset(), source.getLastTextOffset()));
    }

    /** {@code offset 3}, {@code offsets 0 to 2}. */
    public static String offsets(long first, long last) {
        return first == last ? "offset " + first : "offsets %d to %d".formatted(first, last);
    }
}
