package io.inkstream.generator.requests;

import io.inkstream.platform.registry.WireFormat;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** How a request is written; it is answered in the same way. */
public enum RequestFormat {
    /** A PrefixRequest in the Confluent wire format; answered with a Completion. */
    AVRO,
    /** UTF-8 text, the prefix, with parameters in the headers; answered with text. */
    PLAIN,
    /** Neither: answered with text, which anyone can read. */
    UNKNOWN;

    /** The format of a record's value. */
    public static RequestFormat of(byte[] value) {
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

    /** The id of the schema of a value in {@link #AVRO}. */
    static int schemaId(byte[] value) {
        return WireFormat.id(value, 0);
    }
}
