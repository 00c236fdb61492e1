package io.inkstream.generator.requests;

import io.inkstream.platform.registry.WireFormat;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The format of a request, and of its answer. */
public enum RequestFormat {
    /** A PrefixRequest in the Confluent wire format; answered with a Completion. */
    AVRO,
    /** UTF-8 text, the prefix, with parameters in the headers; answered with text. */
    PLAIN,
    /** Neither: answered with text. */
    UNKNOWN;

    /** The format of a record's value. */
    public static RequestFormat of(byte @Nullable [] value) {
        if (value == null) {
            return UNKNOWN;
        }
        if (value.length > 0 && value[0] == WireFormat.MAGIC) {
            return value.length >= WireFormat.HEADER_BYTES ? AVRO : UNKNOWN;
        }
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(value));
            return PLAIN;
        } catch (CharacterCodingException e) {
            return UNKNOWN;
        }
    }

    /** The schema id in a value of the format {@link #AVRO}. */
    static int schemaId(byte[] value) {
        return WireFormat.id(value, 0);
    }
}
