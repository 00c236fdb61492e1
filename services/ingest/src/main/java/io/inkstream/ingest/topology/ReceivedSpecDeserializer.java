package io.inkstream.ingest.topology;

import io.inkstream.platform.registry.Outage;
import io.inkstream.schemas.CorpusSpec;
import java.util.function.Supplier;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/**
 * Decodes a spec and keeps its bytes. A value that cannot be decoded is rejected by the processor, in the transaction that
 * reads it; but when the registry is unavailable, or rejects for instance our credentials, the record is not to blame: then
 * this fails, and the record is read again.
 */
final class ReceivedSpecDeserializer implements Deserializer<ReceivedSpec> {

    private final Deserializer<CorpusSpec> specs;

    /** Uses a deserializer that rejects records of other classes. */
    ReceivedSpecDeserializer(Deserializer<CorpusSpec> specs) {
        this.specs = specs;
    }

    @Override
    public @Nullable ReceivedSpec deserialize(String topic, byte[] bytes) {
        return received(() -> specs.deserialize(topic, bytes), bytes);
    }

    @Override
    public @Nullable ReceivedSpec deserialize(String topic, Headers headers, byte[] bytes) {
        return received(() -> specs.deserialize(topic, headers, bytes), bytes);
    }

    private static @Nullable ReceivedSpec received(Supplier<@Nullable CorpusSpec> decoding, byte[] bytes) {
        try {
            CorpusSpec spec = decoding.get();
            return spec == null ? null : new ReceivedSpec.Decoded(spec, bytes);
        } catch (RuntimeException e) {
            if (Outage.caused(e) || concernsRegistry(e)) {
                throw e;
            }
            return new ReceivedSpec.Undecodable(e, bytes);
        }
    }

    private static boolean concernsRegistry(RuntimeException exception) {
        return exception instanceof KafkaException && !(exception instanceof SerializationException);
    }

    @Override
    public void close() {
        specs.close();
    }
}
