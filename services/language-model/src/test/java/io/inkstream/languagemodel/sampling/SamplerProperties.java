package io.inkstream.languagemodel.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import io.inkstream.languagemodel.corpus.TokenSource;
import java.util.HashSet;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class SamplerProperties {

    @Property(tries = 200)
    void everyTargetIsTheTokenAfterItsInput(
            @ForAll Sampler.Method method,
            @ForAll @IntRange(min = 1, max = 8) int lanes,
            @ForAll @IntRange(min = 1, max = 12) int window,
            @ForAll @IntRange(max = 300) int more,
            @ForAll long seed) {
        // Given a corpus whose ids are its positions
        TokenSource corpus = positions(Sampler.fewestTokens(Sampler.Method.SEQUENTIAL, lanes, window) + more);

        // When
        Sampler sampler = Sampler.of(method, corpus, lanes, window, seed, 3);

        // Then
        assertThat(sampler.minibatches()).isPositive();
        for (int i = 0; i < sampler.minibatches(); i++) {
            Minibatch minibatch = sampler.minibatch(i);
            for (int at = 0; at < minibatch.tokens(); at++) {
                assertThat(minibatch.targets()[at]).isEqualTo(minibatch.inputs()[at] + 1);
            }
        }
    }

    @Property(tries = 200)
    void lanesAreContiguousAcrossSequentialMinibatches(
            @ForAll @IntRange(min = 1, max = 8) int lanes,
            @ForAll @IntRange(min = 1, max = 12) int window,
            @ForAll @IntRange(max = 300) int more,
            @ForAll long seed) {
        // Given
        Sampler sampler = Sampler.of(
                Sampler.Method.SEQUENTIAL,
                positions(Sampler.fewestTokens(Sampler.Method.SEQUENTIAL, lanes, window) + more),
                lanes,
                window,
                seed,
                0);

        // When
        long[] next = new long[lanes];
        for (int i = 0; i < sampler.minibatches(); i++) {
            Minibatch minibatch = sampler.minibatch(i);

            // Then
            assertThat(minibatch.freshState()).isEqualTo(i == 0);
            for (int time = 0; time < window; time++) {
                for (int lane = 0; lane < lanes; lane++) {
                    long input = minibatch.inputs()[time * lanes + lane];
                    if (i > 0 || time > 0) {
                        assertThat(input).isEqualTo(next[lane]);
                    }
                    next[lane] = input + 1;
                }
            }
        }
    }

    @Property(tries = 200)
    void anEpochReadsNoTokenTwiceAndLeavesOnlyARemainderOut(
            @ForAll Sampler.Method method,
            @ForAll @IntRange(min = 1, max = 8) int lanes,
            @ForAll @IntRange(min = 1, max = 12) int window,
            @ForAll @IntRange(max = 300) int more,
            @ForAll long seed) {
        // Given
        long size = Sampler.fewestTokens(Sampler.Method.SEQUENTIAL, lanes, window) + more;
        Sampler sampler = Sampler.of(method, positions(size), lanes, window, seed, 1);

        // When
        Set<Long> read = new HashSet<>();
        for (int i = 0; i < sampler.minibatches(); i++) {
            for (long input : sampler.minibatch(i).inputs()) {
                // Then
                assertThat(read.add(input)).isTrue();
            }
        }
        assertThat(size - read.size()).isLessThanOrEqualTo((long) window * lanes + window + lanes + 1);
    }

    @Property(tries = 50)
    void theOffsetOfSequentialEpochsCoversTheWholeWindow(@ForAll @IntRange(min = 1, max = 6) int window) {
        // Given, When
        Set<Long> offsets = new HashSet<>();
        for (int epoch = 0; epoch < 400; epoch++) {
            offsets.add(Sampler.of(Sampler.Method.SEQUENTIAL, positions(200), 2, window, 5, epoch)
                    .minibatch(0)
                    .inputs()[0]);
        }

        // Then it is drawn from [0, window]
        assertThat(offsets).hasSize(window + 1);
    }

    private static TokenSource positions(long size) {
        return new TokenSource() {
            @Override
            public long size() {
                return size;
            }

            @Override
            public int id(long position) {
                assertThat(position).isBetween(0L, size - 1);
                return (int) position;
            }
        };
    }
}
