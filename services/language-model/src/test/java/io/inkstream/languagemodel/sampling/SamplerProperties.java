package io.inkstream.languagemodel.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import io.inkstream.languagemodel.corpus.TokenSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
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
        TokenSource corpus = positions(Sampler.fewestTokens(method, lanes, window, 1) + more);

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
                positions(Sampler.fewestTokens(Sampler.Method.SEQUENTIAL, lanes, window, 1) + more),
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
    void aSequentialEpochReadsWholeLanesFromTheOffset(
            @ForAll @IntRange(min = 1, max = 8) int lanes,
            @ForAll @IntRange(min = 1, max = 12) int window,
            @ForAll @IntRange(max = 300) int more,
            @ForAll long seed) {
        // Given
        long size = Sampler.fewestTokens(Sampler.Method.SEQUENTIAL, lanes, window, 1) + more;
        Sampler sampler = Sampler.of(Sampler.Method.SEQUENTIAL, positions(size), lanes, window, seed, 1);

        // When
        List<Long> read = inputs(sampler);

        // Then each lane has the same length, and its whole windows are read, each token once
        long offset = sampler.minibatch(0).inputs()[0];
        assertThat(offset).isBetween(0L, (long) window);
        long laneLength = (size - offset - 1) / lanes;
        List<Long> expected = new ArrayList<>();
        for (int lane = 0; lane < lanes; lane++) {
            for (long i = 0; i < laneLength / window * window; i++) {
                expected.add(offset + lane * laneLength + i);
            }
        }
        assertThat(read).containsExactlyInAnyOrderElementsOf(expected);
    }

    @Property(tries = 200)
    void aRandomEpochReadsWholeWindowsEachOnce(
            @ForAll @IntRange(min = 1, max = 8) int lanes,
            @ForAll @IntRange(min = 1, max = 12) int window,
            @ForAll @IntRange(max = 300) int more,
            @ForAll long seed) {
        // Given
        long size = Sampler.fewestTokens(Sampler.Method.RANDOM, lanes, window, 1) + more;
        Sampler sampler = Sampler.of(Sampler.Method.RANDOM, positions(size), lanes, window, seed, 1);

        // When
        List<Long> read = inputs(sampler);

        // Then they are windows of the grid that begins at the offset, as many as fill whole minibatches
        long offset = read.get(0) % window;
        long windows = (size - offset - 1) / window;
        assertThat(sampler.minibatches()).isEqualTo((int) (windows / lanes));
        assertThat(read).doesNotHaveDuplicates().hasSize((int) (windows / lanes * lanes * window));
        for (int i = 0; i < sampler.minibatches(); i++) {
            Minibatch minibatch = sampler.minibatch(i);
            assertThat(minibatch.freshState()).isTrue();
            for (int lane = 0; lane < lanes; lane++) {
                long start = minibatch.inputs()[lane];
                assertThat(start % window).isEqualTo(offset);
                for (int time = 0; time < window; time++) {
                    assertThat(minibatch.inputs()[time * lanes + lane]).isEqualTo(start + time);
                }
            }
        }
    }

    @Property(tries = 200)
    void aStretchOfTheStreamIsReadOnceInSegmentsOneForEachLane(
            @ForAll @IntRange(min = 1, max = 8) int lanes,
            @ForAll @IntRange(min = 1, max = 12) int window,
            @ForAll @IntRange(min = 1, max = 5) int segmentWindows,
            @ForAll long seed) {
        // Given
        long size = Sampler.fewestTokens(Sampler.Method.ONLINE, lanes, window, segmentWindows);

        // When
        Sampler sampler = Sampler.of(Sampler.Method.ONLINE, positions(size), lanes, window, seed, 9);

        // Then every token but the last is an input once
        assertThat(inputs(sampler))
                .containsExactlyInAnyOrderElementsOf(
                        LongStream.range(0, size - 1).boxed().toList());

        // And lane b has segment b of the stretch, window after window, from a zero state
        assertThat(sampler.minibatches()).isEqualTo(segmentWindows);
        for (int i = 0; i < segmentWindows; i++) {
            Minibatch minibatch = sampler.minibatch(i);
            assertThat(minibatch.freshState()).isEqualTo(i == 0);
            for (int lane = 0; lane < lanes; lane++) {
                assertThat(minibatch.inputs()[lane]).isEqualTo(((long) lane * segmentWindows + i) * window);
            }
        }
    }

    @Property(tries = 100)
    void readsPairsInOrder(
            @ForAll @IntRange(min = 1, max = 8) int lanes,
            @ForAll @IntRange(min = 1, max = 12) int window,
            @ForAll @IntRange(max = 300) int more,
            @ForAll long seed) {
        // Given
        long size = Sampler.fewestTokens(Sampler.Method.PAIRS, lanes, window, 1) + more;
        Sampler sampler = Sampler.of(Sampler.Method.PAIRS, positions(size), lanes, window, seed, 1);

        // When
        List<Long> read = inputs(sampler);

        // Then the inputs are the tokens at even positions
        List<Long> expected = LongStream.range(0, (long) sampler.minibatches() * lanes * window)
                .map(pair -> 2 * pair)
                .boxed()
                .toList();
        assertThat(read).containsExactlyInAnyOrderElementsOf(expected);
        assertThat(sampler.minibatches()).isEqualTo((int) (size / (2L * lanes * window)));
        assertThat(sampler.minibatch(0).freshState()).isTrue();
    }

    @Property(tries = 50)
    void theOffsetOfRandomEpochsIsLessThanTheWindow(@ForAll @IntRange(min = 1, max = 6) int window) {
        // Given, When
        Set<Long> offsets = new HashSet<>();
        for (int epoch = 0; epoch < 400; epoch++) {
            offsets.add(Sampler.of(Sampler.Method.RANDOM, positions(200), 2, window, 5, epoch)
                            .minibatch(0)
                            .inputs()[0]
                    % window);
        }

        // Then it is drawn from [0, window)
        assertThat(offsets).hasSize(window);
    }

    @Property(tries = 50)
    void theOffsetOfSequentialEpochsIsAtMostTheWindow(@ForAll @IntRange(min = 1, max = 6) int window) {
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

    /** All inputs of an epoch, minibatch by minibatch. */
    private static List<Long> inputs(Sampler sampler) {
        List<Long> inputs = new ArrayList<>();
        for (int i = 0; i < sampler.minibatches(); i++) {
            for (long input : sampler.minibatch(i).inputs()) {
                inputs.add(input);
            }
        }
        return inputs;
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
