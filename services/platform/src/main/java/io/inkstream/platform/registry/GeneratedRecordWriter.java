package io.inkstream.platform.registry;

import java.io.IOException;
import java.util.ConcurrentModificationException;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.generic.PrimitivesArrays.IntArray;
import org.apache.avro.io.Encoder;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumWriter;

/**
 * Writes objects of generated classes, and arrays of ints without dispatching on the schema at each element. The bytes
 * are Avro's own. Safe for use from many threads.
 *
 * @param <T> the generated class
 */
final class GeneratedRecordWriter<T> extends SpecificDatumWriter<T> {

    GeneratedRecordWriter(Schema schema, Class<?> recordClass) {
        super(schema, SpecificData.getForClass(recordClass));
    }

    @Override
    protected void writeArray(Schema schema, Object datum, Encoder out) throws IOException {
        Schema element = schema.getElementType();
        if (element.getType() != Schema.Type.INT
                || element.getLogicalType() != null
                || !(datum instanceof List<?> list)) {
            super.writeArray(schema, datum, out);
            return;
        }
        int size = list.size();
        out.writeArrayStart();
        out.setItemCount(size);
        if (list instanceof IntArray array) {
            for (int i = 0; i < size; i++) {
                out.writeInt(array.getInt(i));
            }
        } else {
            for (Object value : list) {
                out.writeInt((Integer) value);
            }
        }
        if (list.size() != size) {
            throw new ConcurrentModificationException("The array changed while it was written.");
        }
        out.writeArrayEnd();
    }
}
