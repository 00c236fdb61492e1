package io.inkstream.generator.generation;

import static org.assertj.core.api.Assertions.assertThat;

import io.inkstream.generator.Decoders;
import io.inkstream.languagemodel.decoding.Decoder;
import io.inkstream.languagemodel.decoding.DecodingOptions;
import io.inkstream.languagemodel.decoding.Generation;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class GenerationLoopTest {

    private final Decoder decoder = Decoders.random(1);

    @Test
    void requestsJoinAndLeaveAtEveryStep() {
        // Given room for two
        GenerationLoop loop = new GenerationLoop(2);
        Asked longOne = new Asked(decoder, 5);
        Asked shortOne = new Asked(decoder, 1);
        Asked next = new Asked(decoder, 2);
        List.of(longOne, shortOne, next).forEach(loop::join);

        // When / Then
        loop.step();
        assertThat(shortOne.ended).isTrue();
        assertThat(next.generation.tokens()).isZero();
        assertThat(loop.size()).isEqualTo(1);
        loop.step();
        assertThat(next.generation.tokens()).isEqualTo(1);
        assertThat(longOne.generation.tokens()).isEqualTo(2);
        loop.step();
        assertThat(next.ended).isTrue();
        loop.step();
        loop.step();
        assertThat(longOne.ended).isTrue();
        assertThat(loop.size()).isZero();
    }

    @Test
    void textsAreWhatTheyAreAlone() {
        // Given requests of two models
        Decoder other = Decoders.random(2);
        GenerationLoop loop = new GenerationLoop(3);
        List<Asked> together = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            together.add(new Asked("client " + i % 2, i % 3 == 0 ? other : decoder, "abcd".repeat(5 * i), 3 + 20 * i));
            loop.join(together.get(i));
        }

        // When some give way to others several times
        for (int i = 0; i < 1000; i++) {
            loop.step();
        }

        // Then
        for (Asked asked : together) {
            assertThat(asked.ended).isTrue();
            Asked alone = new Asked(
                    "alone",
                    asked.generation.decoder(),
                    asked.generation.prefix(),
                    asked.generation.options().maxTokens());
            GenerationLoop empty = new GenerationLoop(1);
            empty.join(alone);
            while (!alone.ended) {
                empty.step();
            }
            assertThat(asked.generation.text()).isEqualTo(alone.generation.text());
        }
    }

    @Test
    void aClientWithManyLongRequestsDoesNotKeepAnothersShortOneWaiting() {
        // Given a full batch, many more of the same client, and prefixes that take a million steps alone
        GenerationLoop loop = new GenerationLoop(4);
        List<Asked> greedy = new ArrayList<>();
        for (int i = 0; i < 32; i++) {
            greedy.add(new Asked("greedy", decoder, "ab", 10_000));
        }
        greedy.add(new Asked("greedy", decoder, "ab".repeat(500_000), 10));
        greedy.add(new Asked("greedy", decoder, "ab".repeat(500_000), 10));
        greedy.forEach(loop::join);
        for (int i = 0; i < GenerationLoop.TURN; i++) {
            loop.step();
        }
        Asked modest = new Asked("modest", decoder, "ab", 10);
        loop.join(modest);

        // When
        int steps = 0;
        while (!modest.ended) {
            loop.step();
            steps++;
        }

        // Then it had a place at once: one step for the prefix, ten for the tokens
        assertThat(steps).isEqualTo(11);
        assertThat(greedy).noneMatch(asked -> asked.ended);
    }

    @Test
    void requestsWithoutEndLetAllOthersHaveATurn() {
        // Given as many clients as you like, each with a request that takes long
        GenerationLoop loop = new GenerationLoop(2);
        List<Asked> all = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            all.add(new Asked("client " + i, decoder, "ab", 10_000));
        }
        all.forEach(loop::join);

        // When each has had its turn
        for (int i = 0; i < 5 * GenerationLoop.TURN; i++) {
            loop.step();
        }

        // Then: one step of a turn may be the prefix's
        assertThat(all).allMatch(asked -> asked.generation.tokens() >= GenerationLoop.TURN - 1);
        assertThat(all).allMatch(asked -> asked.generation.tokens() <= GenerationLoop.TURN);
    }

    @Test
    void aStepThatReadsAPrefixIsNoLongerThanThatOfAFullBatch() {
        // Given a batch of 8 with one that generates
        GenerationLoop loop = new GenerationLoop(8);
        Asked generating = new Asked("a", decoder, "a", 100);
        Asked first = new Asked("b", decoder, "ab".repeat(500), 1);
        Asked second = new Asked("c", decoder, "ab".repeat(500), 1);
        List.of(generating, first, second).forEach(loop::join);

        // When / Then: 7 places are left for 2, which are 3 tokens each for 999 tokens
        int steps = 0;
        while (!first.ended || !second.ended) {
            loop.step();
            steps++;
            assertThat(generating.generation.tokens()).isEqualTo(Math.min(100, steps));
        }
        assertThat(steps).isBetween(999 / 4, 999 / 3 + 1);
    }

    @Test
    void clientsTakeTurnsAndTheirRequestsComeInOrder() {
        // Given
        WaitingLine line = new WaitingLine();
        List<Asked> asked = new ArrayList<>();
        for (String client : List.of("a", "a", "a", "b", "c", "c")) {
            asked.add(new Asked(client, decoder, "a", 1));
            line.add(asked.get(asked.size() - 1));
        }

        // When / Then
        for (int next : new int[] {0, 3, 4, 1, 5, 2}) {
            assertThat(line.next()).isSameAs(asked.get(next));
        }
        assertThat(line.size()).isZero();
    }

    @Test
    void whatIsNoLongerWantedLeavesWithoutAWord() {
        // Given
        GenerationLoop loop = new GenerationLoop(1);
        Asked unwanted = new Asked(decoder, 5);
        Asked neverWanted = new Asked(decoder, 5);
        Asked next = new Asked(decoder, 1);
        List.of(unwanted, neverWanted, next).forEach(loop::join);
        loop.step();

        // When
        unwanted.wanted = false;
        neverWanted.wanted = false;
        loop.step();

        // Then
        assertThat(unwanted.ended).isFalse();
        assertThat(neverWanted.ended).isFalse();
        assertThat(next.ended).isTrue();
    }

    @Test
    void aFailureEndsTheRequestsOfItsModelOnly() {
        // Given one that has ended already, which its decoder refuses
        GenerationLoop loop = new GenerationLoop(4);
        Asked broken = new Asked(Decoders.random(2), 1);
        broken.generation.decoder().step(List.of(broken.generation));
        Asked sound = new Asked(decoder, 1);
        loop.join(broken);
        loop.join(sound);

        // When
        loop.step();

        // Then
        assertThat(broken.failed).isTrue();
        assertThat(sound.ended).isTrue();
        assertThat(loop.size()).isZero();
    }

    @Test
    void itWaitsForWorkAndStops() throws InterruptedException {
        // Given
        GenerationLoop loop = new GenerationLoop(2);
        Thread thread = new Thread(loop);
        thread.start();
        Asked asked = new Asked(decoder, 3);

        // When
        loop.join(asked);

        // Then
        assertThat(asked.done.await(30, TimeUnit.SECONDS)).isTrue();
        loop.stop();
        thread.join(30_000);
        assertThat(thread.isAlive()).isFalse();
    }

    private static final class Asked implements Member {
        private final String client;
        private final Generation generation;
        private final CountDownLatch done = new CountDownLatch(1);
        private boolean wanted = true;
        private boolean ended;
        private boolean failed;

        Asked(Decoder decoder, int tokens) {
            this("somebody", decoder, "b", tokens);
        }

        Asked(String client, Decoder decoder, String prefix, int tokens) {
            this.client = client;
            this.generation = decoder.begin(prefix, new DecodingOptions(tokens, 1, 0, 1, List.of(), tokens));
        }

        @Override
        public String client() {
            return client;
        }

        @Override
        public Generation generation() {
            return generation;
        }

        @Override
        public boolean isWanted() {
            return wanted;
        }

        @Override
        public void ended() {
            ended = true;
            done.countDown();
        }

        @Override
        public void failed(RuntimeException problem) {
            failed = true;
        }
    }
}
