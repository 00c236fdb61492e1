package io.inkstream.languagemodel.decoding;

import io.inkstream.languagemodel.bptt.FrozenNetwork;
import io.inkstream.languagemodel.bptt.TimeStep;
import io.inkstream.languagemodel.network.ModelShape;
import io.inkstream.languagemodel.network.Tensor;
import io.inkstream.languagemodel.text.Reading;
import io.inkstream.languagemodel.text.TextReader;
import io.inkstream.languagemodel.text.Vocabulary;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * A trained model that completes prefixes. It runs on the JVM alone, needs no native library, is immutable, and may be
 * used by several threads; a {@link Generation} belongs to one thread at a time.
 *
 * <p><b>The guarantee:</b> the tokens of a request depend on the weights, the prefix and the {@link DecodingOptions} and
 * on nothing else: not on the requests that share its batch, when they join or leave, the number of threads, the
 * machine or the JVM. It has three reasons. The network computes every element in one fixed order, which batching does not
 * change ({@link io.inkstream.kernels.Kernels}), and computes what the trainer's Java engine computes, to the bit; what is drawn
 * from the logits uses {@link StrictMath#exp}; and the generator of random numbers is {@link java.util.Random}: both are
 * specified to the bit.
 *
 * <p>{@link Vocabulary#UNKNOWN} is read but never generated: it stands for no text.
 */
public final class Decoder {

    /** Heap bytes of a vocabulary entry: a short string in a list and in a map. */
    private static final long ENTRY_BYTES = 128;

    private final ModelShape shape;
    private final Vocabulary vocabulary;
    private final TextReader reader;
    private final FrozenNetwork network;
    /** Workspaces that no thread uses at the moment. */
    private final Queue<TimeStep> idle = new ConcurrentLinkedQueue<>();

    /**
     * A decoder with these weights, which are copied.
     *
     * @param parameters by PyTorch's names, in PyTorch's layouts: see {@link ModelShape#parameterShapes()}
     * @param vocabulary of the shape's size, copied; it has at least one entry beside {@link
     *     Vocabulary#UNKNOWN}
     * @param reading how the text that it was trained on was read
     * @throws IllegalArgumentException if these do not match, or a weight is not finite
     */
    public Decoder(ModelShape shape, Map<String, Tensor> parameters, Vocabulary vocabulary, Reading reading) {
        shape.check(parameters);
        parameters.forEach(Decoder::requireFinite);
        if (vocabulary.size() != shape.vocabulary() || vocabulary.size() < 2) {
            throw new IllegalArgumentException("A vocabulary of %d does not fit a network for %d tokens, or is empty"
                    .formatted(vocabulary.size(), shape.vocabulary()));
        }
        this.shape = shape;
        this.vocabulary = new Vocabulary(vocabulary.entries());
        this.reader = new TextReader(reading);
        this.network = new FrozenNetwork(shape, parameters);
    }

    /** The network's shape. */
    public ModelShape shape() {
        return shape;
    }

    /** Its size on the heap, in bytes: its parameters and, roughly, its vocabulary. */
    public long bytes() {
        return Float.BYTES * shape.parameterCount() + ENTRY_BYTES * vocabulary.size();
    }

    /** How the text that it was trained on was read. */
    public Reading reading() {
        return reader.reading();
    }

    /**
     * Begins a request: cuts the prefix into tokens. Tokens that the model does not know are read as {@link
     * Vocabulary#UNKNOWN}; {@link TextReader#cutPrefix} defines how it is cut. A prefix without tokens reads as one {@link
     * Vocabulary#UNKNOWN}, which is not counted. {@link #read} and {@link #step} feed all tokens but the last to a state that
     * starts from zero; the step that feeds the last generates the first token.
     */
    public Generation begin(String prefix, DecodingOptions options) {
        List<String> tokens = reader.cutPrefix(prefix);
        int unknown = 0;
        int[] ids = new int[Math.max(1, tokens.size())];
        ids[0] = Vocabulary.UNKNOWN_ID;
        for (int i = 0; i < tokens.size(); i++) {
            ids[i] = vocabulary.id(tokens.get(i));
            unknown += vocabulary.contains(tokens.get(i)) ? 0 : 1;
        }
        return new Generation(this, prefix, options, unknown, new RecurrentState(network), ids);
    }

    /**
     * Reads more tokens of each of these requests' prefixes, together: at most as many as given. Neither the number of
     * calls in which a prefix is read nor the other requests make a difference to what is generated after it.
     *
     * @param generations running, begun by this decoder, none twice
     * @param tokens at least 1
     * @throws IllegalArgumentException if one belongs to another decoder or has ended; then none has advanced
     */
    public void read(List<Generation> generations, int tokens) {
        requireOurs(generations);
        List<Generation> reading = new ArrayList<>(generations);
        reading.removeIf(generation -> !generation.isReading());
        for (int i = 0; i < tokens && !reading.isEmpty(); i++) {
            advance(reading, 0);
            reading.forEach(Generation::fedPrefix);
            reading.removeIf(generation -> !generation.isReading());
        }
    }

    /**
     * Feeds one token to each of these requests, together: the next of the prefix to those that are still reading theirs;
     * the others get one more token of their completion. It is fastest when those that are reading come last.
     *
     * @param generations running, begun by this decoder, none twice
     * @throws IllegalArgumentException if one belongs to another decoder or has ended; then none has advanced
     */
    public void step(List<Generation> generations) {
        requireOurs(generations);
        advance(generations, generating(generations));
        for (int i = 0; i < generations.size(); i++) {
            Generation generation = generations.get(i);
            if (generation.isReading()) {
                generation.fedPrefix();
            } else {
                generation.choose(vocabulary);
            }
        }
    }

    /** Feeds each request's next token: afterwards its state and its logits (V) are those after that token. */
    void forward(List<Generation> generations) {
        advance(generations, generations.size());
    }

    /** Number of requests up to the last that is not reading its prefix. */
    private static int generating(List<Generation> generations) {
        int count = generations.size();
        while (count > 0 && generations.get(count - 1).isReading()) {
            count--;
        }
        return count;
    }

    private void requireOurs(List<Generation> generations) {
        for (Generation generation : generations) {
            if (generation.decoder() != this || !generation.state().isRunning()) {
                throw new IllegalArgumentException(
                        "The request belongs to another model or has ended (%s)".formatted(generation.state()));
            }
        }
    }

    /** Computes the states of these requests after their next tokens, and the logits of the first ones. */
    private void advance(List<Generation> generations, int withLogits) {
        TimeStep step = Optional.ofNullable(idle.poll()).orElseGet(network::timeStep);
        for (int first = 0; first < generations.size(); first += TimeStep.MAX_LANES) {
            int lanes = Math.min(TimeStep.MAX_LANES, generations.size() - first);
            advance(step, generations, first, lanes, Math.max(0, Math.min(lanes, withLogits - first)));
        }
        idle.add(step);
    }

    private static void advance(TimeStep step, List<Generation> generations, int first, int lanes, int withLogits) {
        for (int lane = 0; lane < lanes; lane++) {
            Generation generation = generations.get(first + lane);
            step.set(lane, generation.recurrentState().carried(), generation.nextInput());
        }
        step.computeStates(lanes);
        step.computeLogits(withLogits);
        for (int lane = 0; lane < lanes; lane++) {
            RecurrentState state = generations.get(first + lane).recurrentState();
            step.getState(lane, state.carried());
            if (lane < withLogits) {
                step.getLogits(lane, state.logits());
            }
        }
    }

    private static void requireFinite(String name, Tensor parameter) {
        for (float value : parameter.values()) {
            if (!Float.isFinite(value)) {
                throw new IllegalArgumentException(
                        "Parameter %s contains %s: training has diverged".formatted(name, value));
            }
        }
    }
}
