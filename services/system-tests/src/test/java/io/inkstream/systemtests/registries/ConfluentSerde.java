package io.inkstream.systemtests.registries;

import io.confluent.kafka.serializers.KafkaAvroDeserializer;
import io.confluent.kafka.serializers.KafkaAvroSerializer;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serializer;

/**
 * Confluent's serializer and deserializer, to be named by {@code --serde-class}. Confluent's {@code SpecificAvroSerde} puts the same two
 * together; it is in a jar of its own, which is in Confluent's repository only.
 */
public final class ConfluentSerde implements Serde<Object> {

    private static final AtomicInteger INSTANCES = new AtomicInteger();

    private final KafkaAvroSerializer serializer = new KafkaAvroSerializer();
    private final KafkaAvroDeserializer deserializer = new KafkaAvroDeserializer();

    /** To be configured before use. */
    public ConfluentSerde() {}

    @Override
    public void configure(Map<String, ?> properties, boolean isKey) {
        int unused = INSTANCES.incrementAndGet();
        serializer.configure(properties, isKey);
        deserializer.configure(properties, isKey);
    }

    /** How many have been configured in this process. */
    static int instances() {
        return INSTANCES.get();
    }

    @Override
    public Serializer<Object> serializer() {
        return serializer;
    }

    @Override
    public Deserializer<Object> deserializer() {
        return deserializer;
    }

    @Override
    public void close() {
        serializer.close();
        deserializer.close();
    }
}
