package io.inkstream.languagemodel.checkpoint;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/** The floating-point types of safetensors files, little-endian. */
enum FloatType {
    F32(Float.BYTES) {
        @Override
        float next(ByteBuffer data) {
            return data.getFloat();
        }
    },
    F64(Double.BYTES) {
        @Override
        float next(ByteBuffer data) {
            return (float) data.getDouble();
        }
    },
    /** The upper half of a 32-bit float. */
    BF16(Short.BYTES) {
        @Override
        float next(ByteBuffer data) {
            return Float.intBitsToFloat(data.getShort() << Short.SIZE);
        }
    },
    /** IEEE 754 binary16: 1 sign bit, 5 bits of exponent, 10 of fraction. */
    F16(Short.BYTES) {
        @Override
        float next(ByteBuffer data) {
            int bits = data.getShort();
            int exponent = bits >> 10 & 0x1F;
            int fraction = bits & 0x3FF;
            float magnitude =
                    switch (exponent) {
                        case 0 -> fraction * 0x1p-24f;
                        case 0x1F -> fraction == 0 ? Float.POSITIVE_INFINITY : Float.NaN;
                        default -> Math.scalb(1 + fraction * 0x1p-10f, exponent - 15);
                    };
            return bits < 0 ? -magnitude : magnitude;
        }
    };

    private final int bytes;

    FloatType(int bytes) {
        this.bytes = bytes;
    }

    static Optional<FloatType> named(String name) {
        return Arrays.stream(values()).filter(type -> type.name().equals(name)).findFirst();
    }

    /** Bytes of an element. */
    int bytes() {
        return bytes;
    }

    /**
     * Reads all elements of a buffer.
     *
     * @param at index of the first of them in {@code floats}
     */
    void read(ByteBuffer data, float[] floats, int at) {
        for (int i = at; data.hasRemaining(); i++) {
            floats[i] = next(data);
        }
    }

    abstract float next(ByteBuffer data);
}
