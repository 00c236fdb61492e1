package io.inkstream.languagemodel.decoding;

import static org.assertj.core.api.Assertions.assertThat;

import io.inkstream.languagemodel.network.Cell;
import io.inkstream.languagemodel.network.ModelShape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class DecoderProperties {

    private static final int VOCABULARY = 9;

    @Property(tries = 200)
    void aCompletionDoesNotDependOnTheOtherRequestsInTheBatch(
            @ForAll Cell cell,
            @ForAll @IntRange(min = 1, max = 3) int layers,
            @ForAll @IntRange(min = 1, max = 21) int hidden,
            @ForAll @IntRange(min = 0, max = 6) int embedding,
            @ForAll long seed) {
        // Given requests of many kinds, and the result of each alone
        Decoder decoder = RandomDecoders.characters(new ModelShape(cell, layers, hidden, embedding, VOCABULARY), seed);
        Random random = new Random(seed);
        List<Generation> waiting = new ArrayList<>();
        Map<Generation, List<float[]>> alone = new HashMap<>();
        for (int i = 0; i < 7; i++) {
            String prefix = randomPrefix(random);
            DecodingOptions options = randomOptions(random);
            waiting.add(decoder.begin(prefix, options));
            alone.put(waiting.get(i), logitsAlone(decoder, prefix, options));
        }

        // When they join and leave a batch at random
        List<Generation> batch = new ArrayList<>();
        while (!waiting.isEmpty() || !batch.isEmpty()) {
            while (!waiting.isEmpty() && (batch.isEmpty() || random.nextInt(3) == 0)) {
                batch.add(random.nextInt(batch.size() + 1), waiting.remove(0));
            }
            // And read their prefixes in pieces, between the others' steps and together with them
            decoder.read(batch, random.nextInt(3));
            List<Generation> ready = new ArrayList<>(batch);
            ready.removeIf(Generation::isReading);
            decoder.step(random.nextBoolean() ? ready : batch);

            // Then the logits of every step are the same to the bit
            for (Generation generation : ready) {
                assertThat(generation.recurrentState().logits())
                        .isEqualTo(alone.get(generation).get(generation.tokens() - 1));
            }
            batch.removeIf(generation -> !generation.state().isRunning());
        }
    }

    @Property(tries = 50)
    void theSameSeedGivesTheSameTextAndAnotherSeedMostlyAnother(@ForAll long seed) {
        // Given
        Decoder decoder = RandomDecoders.characters(new ModelShape(Cell.GRU, 1, 8, 0, VOCABULARY), 1);
        DecodingOptions options = new DecodingOptions(60, 1, 0, 1, List.of(), seed);
        DecodingOptions other = new DecodingOptions(60, 1, 0, 1, List.of(), seed + 1);

        // When
        String text = complete(decoder, "abc", options);

        // Then
        assertThat(complete(decoder, "abc", options)).isEqualTo(text).hasSize(60);
        assertThat(complete(decoder, "abc", other)).isNotEqualTo(text);
    }

    static String complete(Decoder decoder, String prefix, DecodingOptions options) {
        Generation generation = decoder.begin(prefix, options);
        while (generation.state().isRunning()) {
            decoder.step(List.of(generation));
        }
        return generation.text();
    }

    private static List<float[]> logitsAlone(Decoder decoder, String prefix, DecodingOptions options) {
        Generation generation = decoder.begin(prefix, options);
        List<float[]> logits = new ArrayList<>();
        while (generation.state().isRunning()) {
            decoder.step(List.of(generation));
            if (generation.tokens() > logits.size()) {
                logits.add(generation.recurrentState().logits().clone());
            }
        }
        return logits;
    }

    private static String randomPrefix(Random random) {
        StringBuilder prefix = new StringBuilder();
        for (int i = random.nextInt(12); i > 0; i--) {
            prefix.append((char) ('a' + random.nextInt(VOCABULARY + 2)));
        }
        return prefix.toString();
    }

    private static DecodingOptions randomOptions(Random random) {
        List<String> stop = random.nextBoolean() ? List.of() : List.of("ab", "c");
        return new DecodingOptions(
                1 + random.nextInt(12),
                random.nextInt(3) * 0.7,
                random.nextInt(4),
                0.5 + random.nextInt(2) * 0.5,
                stop,
                random.nextLong());
    }
}
