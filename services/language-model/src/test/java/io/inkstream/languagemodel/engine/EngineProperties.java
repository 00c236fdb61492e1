package io.inkstream.languagemodel.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.inkstream.languagemodel.EnginesUnderTest;
import io.inkstream.languagemodel.network.Cell;
import io.inkstream.languagemodel.network.InitialParameters;
import io.inkstream.languagemodel.network.Initialization;
import io.inkstream.languagemodel.network.ModelShape;
import io.inkstream.languagemodel.network.NetworkState;
import io.inkstream.languagemodel.network.Tensor;
import io.inkstream.languagemodel.processors.Numerical;
import io.inkstream.languagemodel.processors.OnThisProcessor;
import io.inkstream.languagemodel.sampling.Minibatch;
import io.inkstream.languagemodel.settings.OptimizerRule;
import io.inkstream.languagemodel.settings.OptimizerSettings;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AddLifecycleHook;

/** Equivalent networks give the same results, on every engine. */
@Tag(Numerical.TAG)
@AddLifecycleHook(OnThisProcessor.class)
class EngineProperties {

    private static final int STEPS = 3;

    /** Steps this short leave every network near its first weights, also one whose unclipped gradient would carry it off. */
    private static final OptimizerSettings SHORT_STEPS = new OptimizerSettings(OptimizerRule.SGD, 0.1, 1);

    private static final OptimizerSettings UNCLIPPED = new OptimizerSettings(OptimizerRule.SGD, 0.5, 0);

    @Property(tries = 100)
    void everyEngineHasTheLossesAndGradientsOfPyTorch(
            @ForAll("kinds") EngineKind kind,
            @ForAll Cell cell,
            @ForAll @IntRange(min = 1, max = 3) int layers,
            @ForAll @IntRange(min = 1, max = 12) int hidden,
            @ForAll @IntRange(max = 6) int embedding,
            @ForAll @IntRange(min = 2, max = 9) int vocabulary,
            @ForAll @IntRange(min = 1, max = 4) int lanes,
            @ForAll @IntRange(min = 1, max = 8) int window,
            @ForAll long seed) {
        // Given
        ModelShape shape = new ModelShape(cell, layers, hidden, embedding, vocabulary);
        NetworkState state = NetworkState.initial(shape, Initialization.PYTORCH, seed);

        for (Minibatch minibatch : minibatches(new Random(seed), vocabulary, lanes, window)) {
            // When both make a step from the same state
            Step pytorch = step(EngineKind.PYTORCH, state, minibatch, SHORT_STEPS);
            Step ours = step(kind, state, minibatch, SHORT_STEPS);

            // Then its loss, the norm of its gradient, the gradient, by which the parameters moved, and the states
            // agree
            assertThat(ours.loss()).isCloseTo(pytorch.loss(), within(1e-5));
            assertThat(ours.gradientNorm())
                    .isCloseTo(pytorch.gradientNorm(), within(1e-5 * Math.max(1, pytorch.gradientNorm())));
            pytorch.after().parameters().forEach((name, tensor) -> assertThat(
                            ours.after().parameters().get(name).values())
                    .as(name)
                    .containsExactly(tensor.values(), within(1e-5f)));
            assertStatesClose(ours.after().carried(), pytorch.after().carried());
            state = pytorch.after();
        }
    }

    @Property(tries = 50)
    void anEmbeddingThatIsTheIdentityIsOneHotInput(
            @ForAll Cell cell,
            @ForAll("kinds") EngineKind kind,
            @ForAll @IntRange(min = 1, max = 2) int layers,
            @ForAll @IntRange(min = 2, max = 9) int vocabulary,
            @ForAll long seed) {
        // Given
        ModelShape oneHot = new ModelShape(cell, layers, 6, 0, vocabulary);
        ModelShape embedded = new ModelShape(cell, layers, 6, vocabulary, vocabulary);
        Map<String, Tensor> parameters = InitialParameters.of(oneHot, Initialization.PYTORCH, seed);
        Map<String, Tensor> withIdentity = new LinkedHashMap<>();
        withIdentity.put("embedding.weight", identity(vocabulary));
        withIdentity.putAll(parameters);
        Minibatch first = minibatches(new Random(seed), vocabulary, 3, 5).get(0);

        // When
        Step plain = step(kind, NetworkState.of(oneHot, parameters), first, UNCLIPPED);
        Step reparametrized = step(kind, NetworkState.of(embedded, withIdentity), first, UNCLIPPED);

        // Then the loss is the same, and so is the gradient of every parameter that both have
        assertThat(reparametrized.loss()).isCloseTo(plain.loss(), within(1e-5));
        Map<String, Tensor> shared = new LinkedHashMap<>(reparametrized.after().parameters());
        shared.remove("embedding.weight");
        plain.after()
                .parameters()
                .forEach((name, tensor) ->
                        assertThat(shared.get(name).values()).as(name).containsExactly(tensor.values(), within(1e-5f)));
        assertThat(reparametrized.after().carried().get(0).values())
                .containsExactly(plain.after().carried().get(0).values(), within(1e-5f));
    }

    /** The mean loss of a step, the norm of its gradient, and everything that is carried after it. */
    private record Step(double loss, double gradientNorm, NetworkState after) {}

    @Provide
    Arbitrary<EngineKind> kinds() {
        return Arbitraries.of(EnginesUnderTest.kinds().toList());
    }

    private static Step step(EngineKind kind, NetworkState start, Minibatch minibatch, OptimizerSettings settings) {
        try (TrainedNetwork network = EnginesUnderTest.open(kind).network(start, OptimizerRule.SGD)) {
            network.resetLoss();
            network.step(minibatch, settings, 1);
            return new Step(network.lossSum() / minibatch.tokens(), network.gradientNorm(), network.state());
        }
    }

    private static List<Minibatch> minibatches(Random random, int vocabulary, int lanes, int window) {
        return IntStream.range(0, STEPS)
                .mapToObj(step -> new Minibatch(
                        window,
                        lanes,
                        random.longs((long) lanes * window, 0, vocabulary).toArray(),
                        random.longs((long) lanes * window, 0, vocabulary).toArray(),
                        step == 0))
                .toList();
    }

    private static Tensor identity(int size) {
        Tensor identity = Tensor.zeros(size, size);
        for (int i = 0; i < size; i++) {
            identity.values()[i * size + i] = 1;
        }
        return identity;
    }

    private static void assertStatesClose(List<Tensor> ours, List<Tensor> theirs) {
        assertThat(ours).hasSameSizeAs(theirs);
        for (int i = 0; i < theirs.size(); i++) {
            assertThat(ours.get(i).shape()).isEqualTo(theirs.get(i).shape());
            assertThat(ours.get(i).values()).containsExactly(theirs.get(i).values(), within(1e-5f));
        }
    }
}
