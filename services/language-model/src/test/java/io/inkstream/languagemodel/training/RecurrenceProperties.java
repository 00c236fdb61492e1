package io.inkstream.languagemodel.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.inkstream.languagemodel.network.Cell;
import io.inkstream.languagemodel.network.Implementation;
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
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AddLifecycleHook;

/** Equivalent networks and implementations give the same results. */
@Tag(Numerical.TAG)
@AddLifecycleHook(OnThisProcessor.class)
class RecurrenceProperties {

    private static final int STEPS = 3;
    private static final OptimizerSettings PLAIN = new OptimizerSettings(OptimizerRule.SGD, 0.5, 0);

    @Property(tries = 100)
    void bothImplementationsHaveTheSameLossesAndGradients(
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
        Trace nativeTrace = train(Implementation.NATIVE, start, minibatches);
        Trace explicitTrace = train(Implementation.EXPLICIT, start, minibatches);

        // Then each step, which is minus half of the gradient, and each loss and state agree
        for (int step = 0; step < STEPS; step++) {
            assertThat(explicitTrace.losses()[step]).isCloseTo(nativeTrace.losses()[step], within(1e-5));
            assertClose(explicitTrace.after()[step], nativeTrace.after()[step]);
        }
    }

    @Property(tries = 50)
    void anEmbeddingThatIsTheIdentityIsOneHotInput(
            @ForAll Cell cell,
            @ForAll Implementation implementation,
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
        Trace plain = train(implementation, NetworkState.of(oneHot, parameters), first);
        Trace reparametrized = train(implementation, NetworkState.of(embedded, withIdentity), first);

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

    private static Trace train(Implementation implementation, NetworkState start, List<Minibatch> minibatches) {
        ComputeDevice device = ComputeDevice.open(ComputeDevice.Choice.CPU, 1);
        device.prepareThread();
        Trace trace = new Trace(new double[STEPS], new NetworkState[STEPS]);
        try (TruncatedBptt bptt = new TruncatedBptt(device, OptimizerRule.SGD, implementation, start)) {
            for (int step = 0; step < minibatches.size(); step++) {
                bptt.resetLoss();
                bptt.step(minibatches.get(step), PLAIN, step + 1L);
                trace.losses()[step] = bptt.lossSum() / minibatches.get(step).tokens();
                trace.after()[step] = bptt.state();
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
