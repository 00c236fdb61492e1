package io.inkstream.generator.generation;

import static org.assertj.core.api.Assertions.assertThat;

import io.inkstream.generator.Decoders;
import io.inkstream.languagemodel.decoding.Decoder;
import io.inkstream.languagemodel.decoding.DecodingOptions;
import io.inkstream.languagemodel.decoding.Generation;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class GenerationLoopTest {

    private final WaitingTasks waiting = new WaitingTasks(1);
    private final Decoder decoder = Decoders.random(1);

    @Test
    void requestsJoinAndLeaveAtEveryStep() {
        // Given a batch of two
        GenerationLoop loop = new GenerationLoop(2, waiting);
        TestTask longOne = new TestTask(decoder, 5);
        TestTask shortOne = new TestTask(decoder, 1);
        TestTask next = new TestTask(decoder, 2);
        List.of(longOne, shortOne, next).forEach(waiting::add);

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
        GenerationLoop loop = new GenerationLoop(3, waiting);
        List<TestTask> together = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            together.add(
                    new TestTask("client " + i % 2, i % 3 == 0 ? other : decoder, "abcd".repeat(5 * i), 3 + 20 * i));
            waiting.add(together.get(i));
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
            GenerationLoop empty = new GenerationLoop(1, waiting);
            waiting.add(alone);
            while (!alone.ended) {
                empty.step();
            }
            assertThat(tasks.generation.text()).isEqualTo(alone.generation.text());
        }
    }

    @Test
    void aClientWithManyLongRequestsDoesNotDelayAnothersShortOne() {
        // Given a full batch, many more of the same client, and prefixes of a million tokens
        GenerationLoop loop = new GenerationLoop(4, waiting);
        List<TestTask> greedy = new ArrayList<>();
        for (int i = 0; i < 32; i++) {
            greedy.add(new TestTask("greedy", decoder, "ab", 10_000));
        }
        greedy.add(new TestTask("greedy", decoder, "ab".repeat(500_000), 10));
        greedy.add(new TestTask("greedy", decoder, "ab".repeat(500_000), 10));
        greedy.forEach(waiting::add);
        for (int i = 0; i < GenerationLoop.TIME_SLICE; i++) {
            loop.step();
        }
        TestTask modest = new TestTask("modest", decoder, "ab", 10);
        waiting.add(modest);

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
        GenerationLoop loop = new GenerationLoop(2, waiting);
        List<TestTask> all = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            all.add(new TestTask("client " + i, decoder, "ab", 10_000));
        }
        all.forEach(waiting::add);

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
        GenerationLoop loop = new GenerationLoop(8, waiting);
        TestTask generating = new TestTask("a", decoder, "a", 100);
        TestTask first = new TestTask("b", decoder, "ab".repeat(500), 1);
        TestTask second = new TestTask("c", decoder, "ab".repeat(500), 1);
        List.of(generating, first, second).forEach(waiting::add);

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
        GenerationLoop loop = new GenerationLoop(1, waiting);
        TestTask unwanted = new TestTask(decoder, 5);
        TestTask neverWanted = new TestTask(decoder, 5);
        TestTask next = new TestTask(decoder, 1);
        List.of(unwanted, neverWanted, next).forEach(waiting::add);
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
        GenerationLoop loop = new GenerationLoop(4, waiting);
        TestTask broken = new TestTask(Decoders.random(2), 1);
        broken.generation.decoder().step(List.of(broken.generation));
        TestTask sound = new TestTask(decoder, 1);
        waiting.add(broken);
        waiting.add(sound);

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
        GenerationLoop loop = new GenerationLoop(1, waiting);
        TestTask task = new TestTask("somebody", decoder, "bcb", 3);
        waiting.add(task);

        // When
        while (!task.ended) {
            loop.step();
        }

        // Then
        assertThat(task.tokensAtBegin).containsExactly(1);
    }

    @Test
    void threadsShareTheTasksAndWaitForMore() throws InterruptedException {
        // Given
        List<Throwable> failures = new CopyOnWriteArrayList<>();
        GenerationLoops loops = new GenerationLoops(3, 4, failures::add);
        loops.start();

        // When tasks join while others are generated, and after all have ended
        for (int round = 0; round < 2; round++) {
            List<TestTask> tasks = new ArrayList<>();
            for (int i = 0; i < 60; i++) {
                tasks.add(new TestTask("client " + i % 7, decoder, "abcd".repeat(i), 3 + i));
            }
            tasks.forEach(loops::join);

            // Then each gets what it gets alone
            for (TestTask task : tasks) {
                assertThat(task.done.await(30, TimeUnit.SECONDS)).isTrue();
                Generation alone = decoder.begin(task.generation.prefix(), task.generation.options());
                while (alone.state().isRunning()) {
                    decoder.step(List.of(alone));
                }
                assertThat(task.generation.text()).isEqualTo(alone.text());
                assertThat(task.tokensAtBegin).containsExactly(1);
            }
        }

        // Then
        loops.close();
        assertThat(loops.size()).isZero();
        assertThat(failures).isEmpty();
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
