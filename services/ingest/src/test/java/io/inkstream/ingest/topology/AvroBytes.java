package io.inkstream.ingest.topology;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import org.apache.avro.Schema;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;

/** A serde that needs no registry: a zero byte, then Avro binary of the only schema. */
final class AvroBytes {

    private AvroBytes() {}

    static <T extends SpecificRecord> Serde<T> serde(Class<T> type) {
        Schema schema = SpecificData.get().getSchema(type);
        SpecificData model = new SpecificData(type.getClassLoader()) {
            /** Avro loads only classes of trusted packages. */
            @Override
            @SuppressWarnings("rawtypes") // the type of the overridden method
            public Class getClass(Schema named) {
                try {
                    return switch (named.getType()) {
                        case RECORD, ENUM -> Class.forName(named.getFullName());
                        default -> super.getClass(named);
                    };
                } catch (ClassNotFoundException e) {
                    throw new IllegalStateException(e);
                }
            }
        };
        return Serdes.serdeFrom(
                (topic, record) -> record == null ? null : write(record, schema, model),
                (topic, bytes) -> bytes == null ? null : type.cast(read(bytes, schema, model)));
    }

    private static <T> byte[] write(T record, Schema schema, SpecificData model) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write(0);
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
        try {
            new SpecificDatumWriter<T>(schema, model).write(record, encoder);
            encoder.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static Object read(byte[] bytes, Schema schema, SpecificData model) {
        if (bytes.length == 0 || bytes[0] != 0) {
            throw new SerializationException("The record does not begin with a zero byte");
        }
        try {
            byte[] body = Arrays.copyOfRange(bytes, 1, bytes.length);
            return new SpecificDatumReader<>(schema, schema, model)
                    .read(null, DecoderFactory.get().binaryDecoder(body, null));
        } catch (IOException e) {
            throw new SerializationException("The record is cut off", e);
        }
    }
}
