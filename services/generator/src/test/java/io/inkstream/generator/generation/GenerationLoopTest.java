package io.inkstream.generator.generation;

import static org.assertj.core.api.Assertions.assertThat;

import io.inkstream.generator.Decoders;
import io.inkstream.languagemodel.decoding.Decoder;
import io.inkstream.languagemodel.decoding.DecodingOptions;
import io.inkstream.languagemodel.decoding.DecodingThreads;
import io.inkstream.languagemodel.decoding.Generation;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class GenerationLoopTest {

    private static final DecodingThreads THREADS = new DecodingThreads(3);

    private final Decoder decoder = Decoders.random(1);

    @Test
    void requestsJoinAndLeaveAtEveryStep() {
        // Given a batch of two
        GenerationLoop loop = new GenerationLoop(2, THREADS);
        TestTask longOne = new TestTask(decoder, 5);
        TestTask shortOne = new TestTask(decoder, 1);
        TestTask next = new TestTask(decoder, 2);
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
    void completionsDoNotDependOnTheBatch() {
        // Given requests of two models
        Decoder other = Decoders.random(2);
        GenerationLoop loop = new GenerationLoop(3, THREADS);
        List<TestTask> together = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            together.add(
                    new TestTask("client " + i % 2, i % 3 == 0 ? other : decoder, "abcd".repeat(5 * i), 3 + 20 * i));
            loop.join(together.get(i));
        }

        // When some are preempted several times
        for (int i = 0; i < 1000; i++) {
            loop.step();
        }

        // Then
        for (TestTask tasks : together) {
            assertThat(tasks.ended).isTrue();
            TestTask alone = new TestTask(
                    "alone",
                    tasks.generation.decoder(),
                    tasks.generation.prefix(),
                    tasks.generation.options().maxTokens());
            GenerationLoop empty = new GenerationLoop(1, THREADS);
            empty.join(alone);
            while (!alone.ended) {
                empty.step();
            }
            assertThat(tasks.generation.text()).isEqualTo(alone.generation.text());
        }
    }

    @Test
    void aClientWithManyLongRequestsDoesNotDelayAnothersShortOne() {
        // Given a full batch, many more of the same client, and prefixes of a million tokens
        GenerationLoop loop = new GenerationLoop(4, THREADS);
        List<TestTask> greedy = new ArrayList<>();
        for (int i = 0; i < 32; i++) {
            greedy.add(new TestTask("greedy", decoder, "ab", 10_000));
        }
        greedy.add(new TestTask("greedy", decoder, "ab".repeat(500_000), 10));
        greedy.add(new TestTask("greedy", decoder, "ab".repeat(500_000), 10));
        greedy.forEach(loop::join);
        for (int i = 0; i < GenerationLoop.TIME_SLICE; i++) {
            loop.step();
        }
        TestTask modest = new TestTask("modest", decoder, "ab", 10);
        loop.join(modest);

        // When
        int steps = 0;
        while (!modest.ended) {
            loop.step();
            steps++;
        }

        // Then it had a slot at once: one step for the prefix, ten for the tokens
        assertThat(steps).isEqualTo(11);
        assertThat(greedy).noneMatch(tasks -> tasks.ended);
    }

    @Test
    void endlessRequestsArePreempted() {
        // Given many clients, each with a long request
        GenerationLoop loop = new GenerationLoop(2, THREADS);
        List<TestTask> all = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            all.add(new TestTask("client " + i, decoder, "ab", 10_000));
        }
        all.forEach(loop::join);

        // When each has had a time slice
        for (int i = 0; i < 5 * GenerationLoop.TIME_SLICE; i++) {
            loop.step();
        }

        // Then: one step of a time slice may be for the prefix
        assertThat(all).allMatch(tasks -> tasks.generation.tokens() >= GenerationLoop.TIME_SLICE - 1);
        assertThat(all).allMatch(tasks -> tasks.generation.tokens() <= GenerationLoop.TIME_SLICE);
    }

    @Test
    void aStepThatReadsAPrefixTakesNoLongerThanThatOfAFullBatch() {
        // Given a batch of 8 with one that generates
        GenerationLoop loop = new GenerationLoop(8, THREADS);
        TestTask generating = new TestTask("a", decoder, "a", 100);
        TestTask first = new TestTask("b", decoder, "ab".repeat(500), 1);
        TestTask second = new TestTask("c", decoder, "ab".repeat(500), 1);
        List.of(generating, first, second).forEach(loop::join);

        // When / Then: 7 slots are left for 2, which are 3 tokens each for 999 tokens
        int steps = 0;
        while (!first.ended || !second.ended) {
            loop.step();
            steps++;
            assertThat(generating.generation.tokens()).isEqualTo(Math.min(100, steps));
        }
        assertThat(steps).isBetween(999 / 4, 999 / 3 + 1);
    }

    @Test
    void clientsAreServedRoundRobinAndTheirRequestsInOrder() {
        // Given
        FairQueue queue = new FairQueue();
        List<TestTask> tasks = new ArrayList<>();
        for (String client : List.of("a", "a", "a", "b", "c", "c")) {
            tasks.add(new TestTask(client, decoder, "a", 1));
            queue.add(tasks.get(tasks.size() - 1));
        }

        // When / Then
        for (int next : new int[] {0, 3, 4, 1, 5, 2}) {
            assertThat(queue.next()).isSameAs(tasks.get(next));
        }
        assertThat(queue.size()).isZero();
    }

    @Test
    void tasksThatAreNoLongerPendingLeave() {
        // Given
        GenerationLoop loop = new GenerationLoop(1, THREADS);
        TestTask unwanted = new TestTask(decoder, 5);
        TestTask neverWanted = new TestTask(decoder, 5);
        TestTask next = new TestTask(decoder, 1);
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
        // Given one that has ended already, which its decoder rejects
        GenerationLoop loop = new GenerationLoop(4, THREADS);
        TestTask broken = new TestTask(Decoders.random(2), 1);
        broken.generation.decoder().step(List.of(broken.generation));
        TestTask sound = new TestTask(decoder, 1);
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
    void reportsTheFirstTokenOnce() {
        // Given a prefix that takes two steps to read
        GenerationLoop loop = new GenerationLoop(1, THREADS);
        TestTask task = new TestTask("somebody", decoder, "bcb", 3);
        loop.join(task);

        // When
        while (!task.ended) {
            loop.step();
        }

        // Then
        assertThat(task.tokensAtBegin).containsExactly(1);
    }

    @Test
    void waitsForWorkAndStops() throws InterruptedException {
        // Given
        GenerationLoop loop = new GenerationLoop(2, THREADS);
        Thread thread = new Thread(loop);
        thread.start();
        TestTask tasks = new TestTask(decoder, 3);

        // When
        loop.join(tasks);

        // Then
        assertThat(tasks.done.await(30, TimeUnit.SECONDS)).isTrue();
        loop.stop();
        thread.join(30_000);
        assertThat(thread.isAlive()).isFalse();
    }

    private static final class TestTask implements GenerationTask {
        private final String client;
        private final Generation generation;
        private final CountDownLatch done = new CountDownLatch(1);
        private boolean wanted = true;
        private final List<Integer> tokensAtBegin = new ArrayList<>();
        private boolean ended;
        private boolean failed;

        TestTask(Decoder decoder, int tokens) {
            this("somebody", decoder, "b", tokens);
        }

        TestTask(String client, Decoder decoder, String prefix, int tokens) {
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
        public boolean isPending() {
            return wanted;
        }

        @Override
        public void begun() {
            tokensAtBegin.add(generation.tokens());
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
