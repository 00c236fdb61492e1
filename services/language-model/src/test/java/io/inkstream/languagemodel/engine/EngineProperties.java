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
    private static final OptimizerSettings PLAIN = new OptimizerSettings(OptimizerRule.SGD, 0.5, 0);

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
        NetworkState start = NetworkState.initial(shape, Initialization.PYTORCH, seed);
        List<Minibatch> minibatches = minibatches(new Random(seed), vocabulary, lanes, window);

        // When
        Trace pytorch = train(EngineKind.PYTORCH, start, minibatches);
        Trace trace = train(kind, start, minibatches);

        // Then each step, which is minus half of the gradient, and each loss and state agree
        for (int step = 0; step < STEPS; step++) {
            assertThat(trace.losses()[step]).isCloseTo(pytorch.losses()[step], within(1e-5));
            assertClose(trace.after()[step], pytorch.after()[step]);
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
        List<Minibatch> first = minibatches(new Random(seed), vocabulary, 3, 5).subList(0, 1);

        // When
        Trace plain = train(kind, NetworkState.of(oneHot, parameters), first);
        Trace reparametrized = train(kind, NetworkState.of(embedded, withIdentity), first);

        // Then the loss is the same, and so is the gradient of every parameter that both have
        assertThat(reparametrized.losses()[0]).isCloseTo(plain.losses()[0], within(1e-5));
        Map<String, Tensor> shared = new LinkedHashMap<>(reparametrized.after()[0].parameters());
        shared.remove("embedding.weight");
        plain.after()[0]
                .parameters()
                .forEach((name, tensor) ->
                        assertThat(shared.get(name).values()).as(name).containsExactly(tensor.values(), within(1e-5f)));
        assertThat(reparametrized.after()[0].carried().get(0).values())
                .containsExactly(plain.after()[0].carried().get(0).values(), within(1e-5f));
    }

    /** Mean loss of each step, and everything that was carried after it. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Trace(double[] losses, NetworkState[] after) {}

    @Provide
    Arbitrary<EngineKind> kinds() {
        return Arbitraries.of(EnginesUnderTest.kinds().toList());
    }

    private static Trace train(EngineKind kind, NetworkState start, List<Minibatch> minibatches) {
        Trace trace = new Trace(new double[STEPS], new NetworkState[STEPS]);
        try (TrainedNetwork network = EnginesUnderTest.open(kind).network(start, OptimizerRule.SGD)) {
            for (int step = 0; step < minibatches.size(); step++) {
                network.resetLoss();
                network.step(minibatches.get(step), PLAIN, step + 1L);
                trace.losses()[step] = network.lossSum() / minibatches.get(step).tokens();
                trace.after()[step] = network.state();
            }
        }
        return trace;
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

    private static void assertClose(NetworkState ours, NetworkState theirs) {
        theirs.parameters().forEach((name, tensor) -> assertThat(
                        ours.parameters().get(name).values())
                .as(name)
                .containsExactly(tensor.values(), within(1e-4f)));
        for (int i = 0; i < theirs.carried().size(); i++) {
            assertThat(ours.carried().get(i).shape())
                    .isEqualTo(theirs.carried().get(i).shape());
            assertThat(ours.carried().get(i).values())
                    .containsExactly(theirs.carried().get(i).values(), within(1e-4f));
        }
    }
}
