package io.inkstream.platform.registry;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/**
 * Writes records of generated classes in Confluent's wire format: byte 0x00, the schema's id as a big-endian int, the
 * record in Avro's binary encoding. The schema is registered under {@code <topic>-value}, or {@code <topic>-key} for a
 * key, with the first record; {@link RegistryConfig} names what else can be set. Safe for use from many threads.
 *
 * @param <T> the generated class
 */
public final class AvroSerializer<T extends SpecificRecord> implements Serializer<T> {

    private static final int EXPECTED_BYTES = 512;

    private final ConcurrentMap<Target, RecordEncoding> encodings = new ConcurrentHashMap<>();
    private @Nullable Setup setup;

    /** To be configured before use. */
    public AvroSerializer() {}

    /**
     * Takes the settings.
     *
     * @param properties see {@link RegistryConfig}
     * @throws org.apache.kafka.common.config.ConfigException if a property is missing or unusable
     */
    @Override
    public void configure(Map<String, ?> properties, boolean isKey) {
        configure(new RegistryConfig(properties), isKey);
    }

    void configure(RegistryConfig config, boolean isKey) {
        this.setup = new Setup(config, new SchemaRegistryClient(config), isKey ? "-key" : "-value");
    }

    /**
     * The bytes of a record.
     *
     * @return null for null
     * @throws SerializationException if the record does not fit its schema, or the registry rejects the schema
     * @throws RegistryUnavailableException if the registry is unavailable; the record is not at fault
     * @throws RegistryException if the registry rejects the request for another reason, for instance wrong credentials
     */
    @Override
    public byte @Nullable [] serialize(String topic, @Nullable T record) {
        if (record == null) {
            return null;
        }
        RecordEncoding encoding = encoding(topic, record);
        ByteArrayOutputStream out = new ByteArrayOutputStream(EXPECTED_BYTES);
        WireFormat.writeHeader(out, encoding.id());
        try {
            encoding.write(record, out);
        } catch (IOException | AvroRuntimeException | NullPointerException | ClassCastException e) {
            // A missing or wrong field shows as NullPointerException or ClassCastException with Avro's own message.
            throw new SerializationException(
                    "A %s for topic %s does not fit its schema (id %d): %s"
                            .formatted(record.getSchema().getFullName(), topic, encoding.id(), e.getMessage()),
                    e);
        }
        return out.toByteArray();
    }

    @Override
    public void close() {
        if (setup != null) {
            setup.registry().close();
        }
    }

    private RecordEncoding encoding(String topic, T record) {
        Target target = new Target(topic, record.getSchema());
        RecordEncoding known = encodings.get(target);
        if (known != null) {
            return known;
        }
        // Outside of the map: the registry may keep this thread waiting, and other topics must not wait with it.
        RecordEncoding found = negotiate(topic, record);
        encodings.putIfAbsent(target, found);
        return found;
    }

    private RecordEncoding negotiate(String topic, T record) {
        if (setup == null) {
            throw new IllegalStateException("Call configure before the first record.");
        }
        RegistryConfig config = setup.config();
        SchemaRegistryClient registry = setup.registry();
        String subject = topic + setup.subjectSuffix();
        Schema schema = record.getSchema();
        try {
            if (config.autoRegister()) {
                return RecordEncoding.direct(registry.register(subject, schema), schema, record.getClass());
            }
            if (config.useLatest()) {
                return RecordEncoding.under(registry.latest(subject), schema, record.getClass());
            }
            return RecordEncoding.direct(registry.id(subject, schema), schema, record.getClass());
        } catch (RegistryException e) {
            if (e.isNotFound()) {
                throw new SerializationException(
                        "The schema %s is not registered under subject %s: register it, or set %s=true. %s"
                                .formatted(schema.getFullName(), subject, RegistryConfig.AUTO_REGISTER, e.getMessage()),
                        e);
            }
            if (e.isSchemaRejected()) {
                throw new SerializationException(
                        "The registry rejects the schema %s under subject %s. %s"
                                .formatted(schema.getFullName(), subject, e.getMessage()),
                        e);
            }
            throw e;
        }
    }

    private record Target(String topic, Schema schema) {}

    private record Setup(RegistryConfig config, SchemaRegistryClient registry, String subjectSuffix) {}
}
