package io.inkstream.ingest.topology;

import io.inkstream.schemas.CorpusSpec;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Deserializer;

/** Decodes a spec and keeps its bytes. */
final class ReceivedSpecDeserializer implements Deserializer<ReceivedSpec> {

    private final Deserializer<?> specs;

    /** Uses a deserializer that should give {@link CorpusSpec}s: what it really gives is up to the record's bytes. */
    ReceivedSpecDeserializer(Deserializer<CorpusSpec> specs) {
        this.specs = specs;
    }

    @Override
    public ReceivedSpec deserialize(String topic, byte[] bytes) {
        return received(specs.deserialize(topic, bytes), bytes);
    }

    @Override
    public ReceivedSpec deserialize(String topic, Headers headers, byte[] bytes) {
        return received(specs.deserialize(topic, headers, bytes), bytes);
    }

    private static ReceivedSpec received(Object decoded, byte[] bytes) {
        if (decoded == null) {
            return null;
        }
        if (decoded instanceof CorpusSpec spec) {
            return new ReceivedSpec(spec, bytes);
        }
        throw new SerializationException("The record is a %s, not a CorpusSpec"
                .formatted(decoded.getClass().getSimpleName()));
    }

    @Override
    public void close() {
        specs.close();
    }
}
