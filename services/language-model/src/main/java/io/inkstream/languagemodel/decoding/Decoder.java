package io.inkstream.languagemodel.decoding;

import io.inkstream.languagemodel.network.ModelShape;
import io.inkstream.languagemodel.network.Output;
import io.inkstream.languagemodel.network.Tensor;
import io.inkstream.languagemodel.text.Reading;
import io.inkstream.languagemodel.text.TextReader;
import io.inkstream.languagemodel.text.Vocabulary;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A trained model that completes prefixes. It runs on the JVM alone, needs no native library, is immutable, and may be
 * used by several threads; a {@link Generation} belongs to one thread at a time.
 *
 * <p><b>The guarantee:</b> the tokens of a request depend on the weights, the prefix and the {@link DecodingOptions} and
 * on nothing else: not on the requests that share its batch, when they join or leave, the number of threads, the
 * machine or the JVM. It rests on three things. Every element is computed in 32-bit arithmetic in one fixed order,
 * which batching does not change ({@link WeightRows#addProducts}); Java's float arithmetic is strict since 17, so no
 * compiler may reorder or fuse it; exp is {@link StrictMath}'s, and the generator is {@link java.util.Random}, both
 * specified to the bit.
 *
 * <p>{@link Vocabulary#UNKNOWN} is read but never generated: it stands for no text.
 */
public final class Decoder {

    /** Of a vocabulary entry: a short string, its place in a list and in a map. */
    private static final long ENTRY_BYTES = 128;

    private final ModelShape shape;
    private final Vocabulary vocabulary;
    private final TextReader reader;
    private final WeightRows embedding;
    private final List<RecurrentLayer> layers = new ArrayList<>();
    /** null, like its bias, when the hidden state is the logits. */
    private final WeightRows linear;

    private final float[] linearBias;

    /**
     * A decoder with these weights, which are copied.
     *
     * @param parameters by PyTorch's names, in PyTorch's layouts: see {@link ModelShape#parameterShapes()}
     * @param vocabulary of the size that the shape says, copied; it has at least one entry beside {@link
     *     Vocabulary#UNKNOWN}
     * @param reading how the text that it learned from was read
     * @throws IllegalArgumentException if these do not fit together, or a weight is not a finite number
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
        this.embedding = shape.embedding() > 0 ? WeightRows.of(parameters.get("embedding.weight")) : null;
        for (int layer = 0; layer < shape.layers(); layer++) {
            layers.add(new RecurrentLayer(layer, shape, parameters));
        }
        boolean hiddenIsOutput = shape.output() == Output.HIDDEN;
        this.linear = hiddenIsOutput ? null : WeightRows.transposed(parameters.get("linear.weight"));
        this.linearBias =
                hiddenIsOutput ? null : parameters.get("linear.bias").values().clone();
    }

    /** The network's shape. */
    public ModelShape shape() {
        return shape;
    }

    /** What it takes of the heap, in bytes: its parameters and, roughly, its vocabulary. */
    public long bytes() {
        return Float.BYTES * shape.parameterCount() + ENTRY_BYTES * vocabulary.size();
    }

    /** How the text that it learned from was read. */
    public Reading reading() {
        return reader.reading();
    }

    /**
     * Begins a request: cuts the prefix into tokens. Tokens that the model does not know are read as {@link
     * Vocabulary#UNKNOWN}; {@link TextReader#cutPrefix} says how it is cut. A prefix without tokens reads as one {@link
     * Vocabulary#UNKNOWN}, which is not counted. {@link #read} warms the state up, from zero, with all tokens but the
     * last, which the first {@link #step} feeds.
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
        return new Generation(this, prefix, options, unknown, new RecurrentState(shape), ids);
    }

    /**
     * Reads so many more tokens of each of these requests' prefixes, together, or as many as are left. In how many calls a
     * prefix is read, and beside which others, makes no difference to what is generated after it.
     *
     * @param generations under way, begun by this decoder, none twice
     * @param tokens at least 1
     * @throws IllegalArgumentException if one is of another decoder or has ended; none has moved then
     */
    public void read(List<Generation> generations, int tokens) {
        requireOurs(generations);
        List<Generation> reading = new ArrayList<>(generations);
        reading.removeIf(generation -> !generation.isReading());
        for (int i = 0; i < tokens && !reading.isEmpty(); i++) {
            feed(reading);
            reading.forEach(Generation::fedPrefix);
            reading.removeIf(generation -> !generation.isReading());
        }
    }

    /**
     * Generates one more token for each of these requests, together; what is left of their prefixes is read before.
     *
     * @param generations under way, begun by this decoder, none twice
     * @throws IllegalArgumentException if one is of another decoder or has ended; none has moved then
     */
    public void step(List<Generation> generations) {
        read(generations, Integer.MAX_VALUE);
        forward(generations);
        generations.forEach(generation -> generation.choose(vocabulary));
    }

    /** Feeds each request's next token: afterwards its state and its logits (V) are those after that token. */
    void forward(List<Generation> generations) {
        RecurrentState[] states = feed(generations);
        int lanes = states.length;
        float[][] logits = new float[lanes][];
        float[][] top = new float[lanes][];
        for (int lane = 0; lane < lanes; lane++) {
            logits[lane] = states[lane].logits;
            top[lane] = states[lane].hidden[shape.layers() - 1];
        }
        if (shape.output() == Output.HIDDEN) {
            for (int lane = 0; lane < lanes; lane++) {
                logits[lane][Vocabulary.UNKNOWN_ID] = ModelShape.NEVER;
                System.arraycopy(top[lane], 0, logits[lane], 1, top[lane].length);
            }
            return;
        }
        for (float[] lane : logits) {
            System.arraycopy(linearBias, 0, lane, 0, linearBias.length);
        }
        linear.addProducts(logits, top, lanes);
    }

    private void requireOurs(List<Generation> generations) {
        for (Generation generation : generations) {
            if (generation.decoder() != this || !generation.state().underWay()) {
                throw new IllegalArgumentException(
                        "A request of another model, or one that has ended (%s)".formatted(generation.state()));
            }
        }
    }

    /** Feeds each request's next token to the recurrent layers; returns their states. */
    private RecurrentState[] feed(List<Generation> generations) {
        RecurrentState[] states = new RecurrentState[generations.size()];
        int[] ids = new int[states.length];
        for (int lane = 0; lane < states.length; lane++) {
            states[lane] = generations.get(lane).recurrentState();
            ids[lane] = generations.get(lane).nextInput();
        }
        advance(states, ids);
        return states;
    }

    private void advance(RecurrentState[] states, int[] ids) {
        float[][] gates = new float[states.length][];
        float[][] inputs = new float[states.length][];
        for (int lane = 0; lane < states.length; lane++) {
            gates[lane] = states[lane].gates;
        }
        for (int layer = 0; layer < shape.layers(); layer++) {
            RecurrentLayer current = layers.get(layer);
            if (layer == 0 && embedding == null) {
                for (int lane = 0; lane < states.length; lane++) {
                    current.startGates(states[lane], ids[lane]);
                }
            } else {
                for (int lane = 0; lane < states.length; lane++) {
                    inputs[lane] = layer == 0 ? embedding.row(ids[lane]) : states[lane].hidden[layer - 1];
                }
                current.startGates(states, gates, inputs);
            }
            current.advance(states, gates);
        }
    }

    private static void requireFinite(String name, Tensor parameter) {
        for (float value : parameter.values()) {
            if (!Float.isFinite(value)) {
                throw new IllegalArgumentException(
                        "Parameter %s holds %s: training has diverged".formatted(name, value));
            }
        }
    }
}
