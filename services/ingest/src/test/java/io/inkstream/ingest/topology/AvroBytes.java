package io.inkstream.ingest.topology;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.avro.message.BinaryMessageDecoder;
import org.apache.avro.message.BinaryMessageEncoder;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;

/** A serde that needs no registry: Avro's single-object encoding. */
final class AvroBytes {

    private AvroBytes() {}

    static <T extends SpecificRecord> Serde<T> serde(BinaryMessageEncoder<T> encoder, BinaryMessageDecoder<T> decoder) {
        return Serdes.serdeFrom(
                (topic, record) -> {
                    try {
                        return record == null ? null : encoder.encode(record).array();
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                },
                (topic, bytes) -> {
                    try {
                        return bytes == null ? null : decoder.decode(bytes);
                    } catch (IOException | RuntimeException e) {
                        throw new SerializationException("The bytes are no record of this schema", e);
                    }
                });
    }
}
