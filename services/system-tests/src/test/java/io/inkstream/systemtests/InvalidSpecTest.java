package io.inkstream.systemtests;

import static io.inkstream.testsupport.TestTopics.TIMEOUT;
import static io.inkstream.testsupport.TestTopics.assertOneDeadLetter;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.inkstream.corpuslog.checkpoints.CheckpointSlots;
import io.inkstream.corpuslog.topics.Topic;
import io.inkstream.ingest.IngestService;
import io.inkstream.ingest.IngestSettings;
import io.inkstream.testsupport.BrokerFixture;
import io.inkstream.testsupport.TestTopics;
import io.inkstream.testsupport.TestTopics.Sent;
import io.inkstream.testsupport.TokenBlocks;
import io.inkstream.trainer.TrainerService;
import io.inkstream.trainer.settings.TrainerSettings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An invalid spec, published while a corpus is trained: ingest and the trainer both keep the spec before it. */
@Timeout(180)
class InvalidSpecTest {

    @Test
    void anInvalidSpecDoesNotAffectTheCurrentTraining() {
        // Given a corpus that is trained
        try (TestTopics topics = new TestTopics(BrokerFixture.get().connection(), "impossible");
                IngestService ingest = new IngestService(
                        topics.connection,
                        topics.names,
                        new IngestSettings(TestTopics.PARTITIONS, 1),
                        new SimpleMeterRegistry());
                TrainerService trainer = new TrainerService(
                        topics.connection,
                        topics.names,
                        new TrainerSettings(
                                TestTopics.PARTITIONS,
                                Duration.ofSeconds(1),
                                new CheckpointSlots(4, 0),
                                "auto",
                                "cpu",
                                1),
                        new SimpleMeterRegistry())) {
            ingest.start();
            trainer.start();
            new TokenBlocks(topics, "line").append(1_000);
            spec(
                    topics,
                    topics.encoded(
                            Topic.CORPORA,
                            TokenBlocks.spec(TokenBlocks.training(100_000).build())));
            patiently().until(() -> topics.newest("line") != null);

            // When
            Sent bad = spec(
                    topics,
                    topics.encoded(
                            Topic.CORPORA,
                            TokenBlocks.spec(
                                    TokenBlocks.training(3).setHidden(0).build())));
            assertOneDeadLetter(topics.awaitDeadLetters(1), bad, "the previous spec applies");

            // Then
            long step = topics.newest("line").getStep();
            patiently().until(() -> topics.newest("line").getStep() > step + 200);
            assertThat(topics.newest("line").getSpec().getTraining().getEpochs())
                    .isEqualTo(100_000);

            // And the next valid one applies
            spec(
                    topics,
                    topics.encoded(
                            Topic.CORPORA,
                            TokenBlocks.spec(TokenBlocks.training(200_000).build())));
            patiently()
                    .until(() -> topics.newest("line").getSpec().getTraining().getEpochs() == 200_000);
        }
    }

    private static Sent spec(TestTopics topics, byte[] value) {
        return topics.send(Topic.CORPORA, "line", value);
    }

    private static ConditionFactory patiently() {
        return await().atMost(TIMEOUT);
    }
}
