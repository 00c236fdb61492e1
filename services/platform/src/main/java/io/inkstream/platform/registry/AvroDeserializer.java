package io.inkstream.platform.registry;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.apache.avro.Schema;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/**
 * Reads records in Confluent's wire format into generated classes: the class is the one that bears the name of the
 * schema a record was written with, and its own schema is the reader's, so that fields added since have their defaults.
 * Arrays of ints arrive as {@link org.apache.avro.generic.PrimitivesArrays.IntArray}. Safe for use from many threads.
 *
 * <p>What cannot be read is a {@link SerializationException} that says where and why. An unavailable registry is not the
 * record's fault: after a long wait, see {@link RegistryConfig#RETRY_TIMEOUT}, it is a {@link
 * RegistryUnavailableException}, which is a {@link org.apache.kafka.common.errors.RetriableException}: no dead letter
 * may be made of the record.
 *
 * @param <T> the generated class
 */
public final class AvroDeserializer<T extends SpecificRecord> implements Deserializer<T> {

    private final ConcurrentMap<Integer, GeneratedRecordReader<T>> readers = new ConcurrentHashMap<>();
    private final GeneratedModel classes = new GeneratedModel();
    private @Nullable SchemaRegistryClient registry;

    /** To be configured before use. */
    public AvroDeserializer() {}

    /**
     * Takes the settings.
     *
     * @param properties see {@link RegistryConfig}
     * @throws org.apache.kafka.common.config.ConfigException if a property is missing or unusable
     */
    @Override
    public void configure(Map<String, ?> properties, boolean isKey) {
        configure(new RegistryConfig(properties));
    }

    void configure(RegistryConfig config) {
        this.registry = new SchemaRegistryClient(config);
    }

    /**
     * The record in some bytes.
     *
     * @return null for null
     * @throws SerializationException if the bytes are not in the wire format, their schema is unknown, or they do not
     *     fit it
     * @throws RegistryUnavailableException if the registry is unavailable
     * @throws RegistryException if the registry rejects the request for another reason, for instance wrong credentials
     */
    @Override
    public @Nullable T deserialize(String topic, byte @Nullable [] bytes) {
        return bytes == null ? null : decode(topic, bytes, 0, bytes.length);
    }

    @Override
    public @Nullable T deserialize(String topic, Headers headers, @Nullable ByteBuffer buffer) {
        if (buffer == null) {
            return null;
        }
        if (buffer.hasArray()) {
            // As the consumer passes it: a part of a fetched batch, which need not be copied.
            return decode(topic, buffer.array(), buffer.arrayOffset() + buffer.position(), buffer.remaining());
        }
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return decode(topic, bytes, 0, bytes.length);
    }

    @Override
    public void close() {
        if (registry != null) {
            registry.close();
        }
    }

    private T decode(String topic, byte[] bytes, int offset, int length) {
        if (length < WireFormat.HEADER_BYTES) {
            throw new SerializationException(
                    "A record of topic %s is truncated: it has %d bytes, and the header of the wire format alone has %d."
                            .formatted(topic, length, WireFormat.HEADER_BYTES));
        }
        if (bytes[offset] != WireFormat.MAGIC) {
            throw new SerializationException(
                    "A record of topic %s is not in Confluent's wire format: its magic byte is 0x%02x and not 0x00."
                            .formatted(topic, bytes[offset]));
        }
        int id = WireFormat.id(bytes, offset);
        GeneratedRecordReader<T> reader = reader(topic, id);
        try {
            return reader.read(
                    null,
                    DecoderFactory.get()
                            .binaryDecoder(
                                    bytes, offset + WireFormat.HEADER_BYTES, length - WireFormat.HEADER_BYTES, null));
        } catch (EOFException e) {
            throw new SerializationException(
                    "A record of topic %s is truncated: its %d bytes end within a %s (schema id %d)."
                            .formatted(topic, length, reader.getExpected().getFullName(), id),
                    e);
        } catch (IOException | RuntimeException e) {
            // The bytes can say anything: what Avro throws on them is not limited to its own exceptions.
            throw new SerializationException(
                    "A record of topic %s does not hold a %s (schema id %d): %s"
                            .formatted(topic, reader.getExpected().getFullName(), id, e),
                    e);
        }
    }

    private GeneratedRecordReader<T> reader(String topic, int id) {
        GeneratedRecordReader<T> known = readers.get(id);
        if (known != null) {
            return known;
        }
        Schema writer = writerSchema(topic, id);
        Class<?> recordClass = writer.getType() == Schema.Type.RECORD ? classes.getClass(writer) : null;
        if (recordClass == null) {
            throw new SerializationException(
                    "A record of topic %s has schema id %d, a %s, and there is no generated class of that name."
                            .formatted(topic, id, writer.getFullName()));
        }
        GeneratedRecordReader<T> made =
                new GeneratedRecordReader<>(writer, classes.getSchema(recordClass), new GeneratedModel(recordClass));
        GeneratedRecordReader<T> earlier = readers.putIfAbsent(id, made);
        return earlier == null ? made : earlier;
    }

    private Schema writerSchema(String topic, int id) {
        if (registry == null) {
            throw new IllegalStateException("Call configure before the first record.");
        }
        if (id < 0) {
            // Registries differ in how they reject such an id, and none has one.
            throw new SerializationException(
                    "A record of topic %s has schema id %d, which no schema registry knows.".formatted(topic, id));
        }
        try {
            return registry.schema(id);
        } catch (RegistryException e) {
            // A schema that is unknown or unusable is the record's fault; any other error (credentials, a wrong URL) is
            // not.
            if (e.isNotFound()) {
                throw new SerializationException(
                        "A record of topic %s has schema id %d, which the schema registry does not know."
                                .formatted(topic, id),
                        e);
            }
            if (e.isSchemaRejected()) {
                throw new SerializationException(
                        "A record of topic %s has schema id %d, which cannot be used: %s"
                                .formatted(topic, id, e.getMessage()),
                        e);
            }
            throw e;
        }
    }
}
