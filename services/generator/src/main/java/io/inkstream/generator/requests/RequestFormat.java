package io.inkstream.generator.requests;

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

    private static final int WIRE_FORMAT_HEADER = 5;

    /** The format of a record's value. */
    public static RequestFormat of(byte[] value) {
        if (value == null) {
            return UNKNOWN;
        }
        if (value.length > 0 && value[0] == 0) {
            return value.length >= WIRE_FORMAT_HEADER ? AVRO : UNKNOWN;
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
        return ByteBuffer.wrap(value).getInt(1);
    }
}
