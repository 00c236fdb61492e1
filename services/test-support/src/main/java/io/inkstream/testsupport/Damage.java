package io.inkstream.testsupport;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** What can be wrong with a value in Confluent's wire format: byte 0, the schema's id in four bytes, Avro. */
public enum Damage {
    /** It begins with another byte. */
    WRONG_MAGIC_BYTE("its magic byte is 0x01") {
        @Override
        public byte[] to(byte[] whole) {
            byte[] damaged = whole.clone();
            damaged[0] = 1;
            return damaged;
        }
    },
    /** The registry has no schema of its id. */
    UNKNOWN_SCHEMA("has schema id 987654, which the schema registry does not know") {
        @Override
        public byte[] to(byte[] whole) {
            byte[] damaged = whole.clone();
            ByteBuffer.wrap(damaged).putInt(1, UNKNOWN_ID);
            return damaged;
        }
    },
    /** It ends in the middle of a field. */
    TRUNCATED("is truncated") {
        @Override
        public byte[] to(byte[] whole) {
            return Arrays.copyOf(whole, 6);
        }
    },
    /** There is not even a schema's id. */
    HEADER_ONLY("is truncated") {
        @Override
        public byte[] to(byte[] whole) {
            return Arrays.copyOf(whole, 3);
        }
    };

    public static final int UNKNOWN_ID = 987_654;

    private final String reason;

    Damage(String reason) {
        this.reason = reason;
    }

    /** A damaged copy. */
    public abstract byte[] to(byte[] whole);

    /** What a dead letter says of it, in part. */
    public String reason() {
        return reason;
    }
}
