package io.inkstream.testsupport;

import io.inkstream.platform.registry.WireFormat;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** A value in Confluent's wire format (byte 0, the schema's id in four bytes, Avro) that is damaged in one way. */
public enum DamagedValue {
    /** It begins with another byte. */
    WRONG_MAGIC_BYTE("its magic byte is 0x01") {
        @Override
        public byte[] of(byte[] whole) {
            byte[] damaged = whole.clone();
            damaged[0] = WireFormat.MAGIC + 1;
            return damaged;
        }
    },
    /** The registry has no schema with its id. */
    UNKNOWN_SCHEMA("has schema id 987654, which the schema registry does not know") {
        @Override
        public byte[] of(byte[] whole) {
            byte[] damaged = whole.clone();
            ByteBuffer.wrap(damaged).putInt(1, UNKNOWN_ID);
            return damaged;
        }
    },
    /** It ends in the middle of a field. */
    TRUNCATED("is truncated") {
        @Override
        public byte[] of(byte[] whole) {
            return Arrays.copyOf(whole, 6);
        }
    },
    /** It ends within the schema's id. */
    HEADER_ONLY("is truncated") {
        @Override
        public byte[] of(byte[] whole) {
            return Arrays.copyOf(whole, 3);
        }
    };

    public static final int UNKNOWN_ID = 987_654;

    private final String reason;

    DamagedValue(String reason) {
        this.reason = reason;
    }

    /** A damaged copy. */
    public abstract byte[] of(byte[] whole);

    /** A part of its dead letter's message. */
    public String reason() {
        return reason;
    }
}
