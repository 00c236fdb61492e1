package io.inkstream.systemtests.registries;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificRecord;
import org.apache.avro.util.RandomData;

/** Records of generated classes, with every field filled at random, made with nothing but Avro itself. */
final class RandomRecords {

    private RandomRecords() {}

    static <T extends SpecificRecord> List<T> of(Class<T> type, int count, long seed) {
        Schema schema = SpecificData.get().getSchema(type);
        GenericDatumWriter<Object> writer = new GenericDatumWriter<>(schema, new GenericData());
        SpecificDatumReader<T> reader = new SpecificDatumReader<>(type);
        List<T> records = new ArrayList<>();
        try {
            for (Object record : new RandomData(schema, count, seed)) {
                ByteArrayOutputStream bytes = new ByteArrayOutputStream();
                BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
                writer.write(record, encoder);
                encoder.flush();
                records.add(reader.read(null, DecoderFactory.get().binaryDecoder(bytes.toByteArray(), null)));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return records;
    }
}
