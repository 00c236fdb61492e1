package io.inkstream.platform.registry;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;
import org.apache.avro.SchemaCompatibility.SchemaPairCompatibility;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DatumReader;
import org.apache.avro.io.DatumWriter;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.Encoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.errors.SerializationException;

/**
 * How records of one generated class are written for one topic.
 *
 * @param id the id of the schema that they are written with
 * @param writer writes them
 */
record RecordEncoding(int id, DatumWriter<SpecificRecord> writer) {

    /** Writes with the schema of the class. */
    static RecordEncoding direct(int id, Schema schema, Class<?> recordClass) {
        return new RecordEncoding(id, new GeneratedRecordWriter<>(schema, recordClass));
    }

    /**
     * Writes with another version of the schema.
     *
     * @throws SerializationException if that version cannot read what the class writes
     */
    static RecordEncoding under(RegisteredSchema latest, Schema schema, Class<?> recordClass) {
        if (SchemaNormalization.toParsingForm(latest.schema()).equals(SchemaNormalization.toParsingForm(schema))) {
            return direct(latest.id(), schema, recordClass);
        }
        SchemaPairCompatibility compatibility =
                SchemaCompatibility.checkReaderWriterCompatibility(latest.schema(), schema);
        if (compatibility.getType() != SchemaCompatibilityType.COMPATIBLE) {
            throw new SerializationException(
                    "Version %d of subject %s cannot take a %s (%s): register this schema, or set %s=false."
                            .formatted(
                                    latest.version(),
                                    latest.subject(),
                                    schema.getFullName(),
                                    compatibility.getResult().getIncompatibilities(),
                                    RegistryConfig.USE_LATEST));
        }
        return new RecordEncoding(latest.id(), new Translation(schema, recordClass, latest.schema()));
    }

    void write(SpecificRecord record, OutputStream out) throws IOException {
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
        writer.write(record, encoder);
        encoder.flush();
    }

    /**
     * Writes with the fields of another schema: the record is encoded with its own, read with the other, whose defaults
     * fill what is new, and encoded again.
     */
    private static final class Translation implements DatumWriter<SpecificRecord> {

        private final DatumWriter<SpecificRecord> own;
        private final DatumReader<Object> toOther;
        private final DatumWriter<Object> other;

        Translation(Schema schema, Class<?> recordClass, Schema target) {
            own = new GeneratedRecordWriter<>(schema, recordClass);
            // A model of its own: no conversions, so that values pass as they are encoded.
            toOther = new GenericDatumReader<>(schema, target, new GenericData());
            other = new GenericDatumWriter<>(target, new GenericData());
        }

        @Override
        public void setSchema(Schema schema) {
            throw new UnsupportedOperationException("Both schemas are given with the constructor.");
        }

        @Override
        public void write(SpecificRecord record, Encoder out) throws IOException {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
            own.write(record, encoder);
            encoder.flush();
            other.write(toOther.read(null, DecoderFactory.get().binaryDecoder(bytes.toByteArray(), null)), out);
        }
    }
}
