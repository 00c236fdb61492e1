package io.inkstream.ingest.topology;

import io.inkstream.platform.registry.Outage;
import io.inkstream.schemas.CorpusSpec;
import java.util.function.Supplier;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Deserializer;

/**
 * Decodes a spec and keeps its bytes. One that cannot be decoded is for the processor to reject, in the transaction that
 * reads it; but when the registry cannot be reached, or refuses for instance our credentials, the record is not to blame:
 * then this fails, and the record is read again.
 */
final class ReceivedSpecDeserializer implements Deserializer<ReceivedSpec> {

    private final Deserializer<?> specs;

    /** Uses a deserializer that should give {@link CorpusSpec}s: what it really gives is up to the record's bytes. */
    ReceivedSpecDeserializer(Deserializer<CorpusSpec> specs) {
        this.specs = specs;
    }

    @Override
    public ReceivedSpec deserialize(String topic, byte[] bytes) {
        return received(() -> specs.deserialize(topic, bytes), bytes);
    }

    @Override
    public ReceivedSpec deserialize(String topic, Headers headers, byte[] bytes) {
        return received(() -> specs.deserialize(topic, headers, bytes), bytes);
    }

    private static ReceivedSpec received(Supplier<?> decoding, byte[] bytes) {
        Object decoded;
        try {
            decoded = decoding.get();
        } catch (RuntimeException e) {
            if (Outage.caused(e) || speaksOfTheRegistry(e)) {
                throw e;
            }
            return new ReceivedSpec(null, bytes, e);
        }
        if (decoded == null) {
            return null;
        }
        if (decoded instanceof CorpusSpec spec) {
            return new ReceivedSpec(spec, bytes, null);
        }
        return new ReceivedSpec(
                null,
                bytes,
                new SerializationException("The record is a %s, not a CorpusSpec"
                        .formatted(decoded.getClass().getSimpleName())));
    }

    private static boolean speaksOfTheRegistry(RuntimeException exception) {
        return exception instanceof KafkaException && !(exception instanceof SerializationException);
    }

    @Override
    public void close() {
        specs.close();
    }
}
