package io.inkstream.systemtests.clients;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.springframework.kafka.core.DefaultKafkaConsumerFactory;
import org.springframework.kafka.core.DefaultKafkaProducerFactory;
import org.springframework.kafka.listener.ContainerProperties;
import org.springframework.kafka.listener.KafkaMessageListenerContainer;
import org.springframework.kafka.requestreply.ReplyingKafkaTemplate;

/** The example for Spring in docs/clients.md: the lines between the comments are the same in both. */
final class SpringExample {

    private SpringExample() {}

    // begin
    static ReplyingKafkaTemplate<String, String, String> template(String brokers, String replyTopic, String group) {
        ContainerProperties replies = new ContainerProperties(replyTopic);
        replies.setGroupId(group); // one for each requester: all of them read the shared topic
        Map<String, Object> broker = Map.of("bootstrap.servers", brokers);
        ReplyingKafkaTemplate<String, String, String> template = new ReplyingKafkaTemplate<>(
                new DefaultKafkaProducerFactory<>(broker, new StringSerializer(), new StringSerializer()),
                new KafkaMessageListenerContainer<>(
                        new DefaultKafkaConsumerFactory<>(broker, new StringDeserializer(), new StringDeserializer()),
                        replies));
        template.setSharedReplyTopic(true);
        return template;
    }

    static String complete(ReplyingKafkaTemplate<String, String, String> template, String corpus, String prefix)
            throws Exception {
        ProducerRecord<String, String> request = new ProducerRecord<>("inkstream.prefixes", prefix);
        request.headers().add("inkstream.corpus", corpus.getBytes(StandardCharsets.UTF_8));
        return template.sendAndReceive(request).get().value();
    }
    // end
}
