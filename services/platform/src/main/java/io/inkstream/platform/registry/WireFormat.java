package io.inkstream.platform.registry;

import java.io.ByteArrayOutputStream;

/**
 * The header of a record in Confluent's wire format: byte 0x00, the schema's id as a big-endian int; after it comes the
 * value in Avro's binary encoding.
 */
public final class WireFormat {

    /** The first byte. */
    public static final byte MAGIC = 0;

    /** Bytes before the value. */
    public static final int HEADER_BYTES = 5;

    private WireFormat() {}

    static void writeHeader(ByteArrayOutputStream out, int id) {
        out.write(MAGIC);
        out.write(id >>> 24);
        out.write(id >>> 16);
        out.write(id >>> 8);
        out.write(id);
    }

    /** The id in a header that begins at an index. */
    public static int id(byte[] bytes, int offset) {
        return (bytes[offset + 1] & 0xff) << 24
                | (bytes[offset + 2] & 0xff) << 16
                | (bytes[offset + 3] & 0xff) << 8
                | (bytes[offset + 4] & 0xff);
    }
}
