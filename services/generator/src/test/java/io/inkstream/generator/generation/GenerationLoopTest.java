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
            together.add(new Asked(i % 3 == 0 ? other : decoder, 3 + i));
            loop.join(together.get(i));
        }

        // When
        for (int i = 0; i < 100; i++) {
            loop.step();
        }

        // Then
        for (Asked asked : together) {
            assertThat(asked.ended).isTrue();
            Asked alone = new Asked(
                    asked.generation.decoder(), asked.generation.options().maxTokens());
            GenerationLoop empty = new GenerationLoop(1);
            empty.join(alone);
            while (!alone.ended) {
                empty.step();
            }
            assertThat(asked.generation.text()).isEqualTo(alone.generation.text());
        }
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
        private final Generation generation;
        private final CountDownLatch done = new CountDownLatch(1);
        private boolean wanted = true;
        private boolean ended;
        private boolean failed;

        Asked(Decoder decoder, int tokens) {
            generation = decoder.begin("ab", new DecodingOptions(tokens, 1, 0, 1, List.of(), tokens));
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
