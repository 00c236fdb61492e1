package io.inkstream.systemtests.clients;

import static org.assertj.core.api.Assertions.assertThat;

import io.inkstream.platform.registry.RecordSerdes;
import io.inkstream.schemas.Completion;
import io.inkstream.schemas.PrefixRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.kafka.core.DefaultKafkaConsumerFactory;
import org.springframework.kafka.core.DefaultKafkaProducerFactory;
import org.springframework.kafka.listener.ContainerProperties;
import org.springframework.kafka.listener.KafkaMessageListenerContainer;
import org.springframework.kafka.requestreply.ReplyingKafkaTemplate;
import org.springframework.kafka.requestreply.RequestReplyFuture;

/** Spring for Apache Kafka asks for completions with its own request/reply headers, as it is. */
@Tag("external")
@Timeout(180)
class SpringReplyingTemplateTest {

    private static final int REQUESTS = 20;

    private ClientsPipeline pipeline;
    private String brokers;
    private String replyTopic;

    @BeforeEach
    void start() throws Exception {
        pipeline = ClientsPipeline.get();
        brokers = pipeline.connection().bootstrapServers();
        replyTopic = "inkstream.replies.spring-" + UUID.randomUUID();
        try (Admin admin = Admin.create(Map.<String, Object>of("bootstrap.servers", brokers))) {
            admin.createTopics(List.of(new NewTopic(replyTopic, 3, (short) 1)))
                    .all()
                    .get(30, TimeUnit.SECONDS);
        }
    }

    @Test
    void twoRequestersShareAReplyTopic() throws Exception {
        // Given
        ReplyingKafkaTemplate<String, String, String> first = SpringExample.template(brokers, replyTopic, "first");
        ReplyingKafkaTemplate<String, String, String> second = SpringExample.template(brokers, replyTopic, "second");
        try {
            start(first);
            start(second);

            // When both ask at the same time
            List<RequestReplyFuture<String, String, String>> replies = new ArrayList<>();
            for (int i = 0; i < REQUESTS; i++) {
                replies.add(first.sendAndReceive(request("one %d ".formatted(i))));
                replies.add(second.sendAndReceive(request("two %d ".formatted(i))));
            }

            // Then each gets the reply to each of its requests
            for (int i = 0; i < REQUESTS; i++) {
                assertThat(replies.get(2 * i).get().value()).startsWith("one %d ".formatted(i));
                assertThat(replies.get(2 * i + 1).get().value()).startsWith("two %d ".formatted(i));
            }

            // And the example gets what our own client gets
            Completion expected = Completions.greedy(pipeline, "the planet mars");
            assertThat(SpringExample.complete(second, ClientsPipeline.WELLS, "the planet mars"))
                    .isEqualTo(expected.getPrefix() + expected.getText());
        } finally {
            first.destroy();
            second.destroy();
        }
    }

    @Test
    void anAvroRequestGetsItsCompletion() throws Exception {
        // Given
        Map<String, Object> properties = Map.of("bootstrap.servers", brokers);
        ContainerProperties replies = new ContainerProperties(replyTopic);
        replies.setGroupId("avro");
        ReplyingKafkaTemplate<String, PrefixRequest, Completion> template = new ReplyingKafkaTemplate<>(
                new DefaultKafkaProducerFactory<>(
                        properties,
                        new StringSerializer(),
                        RecordSerdes.<PrefixRequest>serializer(pipeline.connection())),
                new KafkaMessageListenerContainer<>(
                        new DefaultKafkaConsumerFactory<>(
                                properties,
                                new StringDeserializer(),
                                RecordSerdes.deserializer(pipeline.connection(), Completion.class)),
                        replies));
        PrefixRequest.Builder request = PrefixRequest.newBuilder()
                .setCorpus(ClientsPipeline.WELLS)
                .setPrefix("the planet mars")
                .setTemperature(0.7)
                .setSeed(7L);
        try {
            start(template);

            // When
            Completion completion = template.sendAndReceive(new ProducerRecord<>("inkstream.prefixes", request.build()))
                    .get()
                    .value();

            // Then
            Completion expected = Completions.of(pipeline, request);
            assertThat(completion.getText()).isEqualTo(expected.getText());
            assertThat(completion.getCheckpoint()).isEqualTo(expected.getCheckpoint());
        } finally {
            template.destroy();
        }
    }

    private static void start(ReplyingKafkaTemplate<?, ?, ?> template) throws InterruptedException {
        template.start();
        assertThat(template.waitForAssignment(Duration.ofSeconds(30))).isTrue();
    }

    private static ProducerRecord<String, String> request(String prefix) {
        ProducerRecord<String, String> request = new ProducerRecord<>("inkstream.prefixes", prefix);
        request.headers().add("inkstream.corpus", ClientsPipeline.WELLS.getBytes(StandardCharsets.UTF_8));
        return request;
    }
}
