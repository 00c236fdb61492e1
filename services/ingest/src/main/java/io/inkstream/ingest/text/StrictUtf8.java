package io.inkstream.ingest.text;

import io.inkstream.ingest.rejection.Reason;
import io.inkstream.ingest.rejection.RejectedRecordException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** Decodes UTF-8 without replacing anything. */
public final class StrictUtf8 {

    private StrictUtf8() {}

    /**
     * Decodes bytes.
     *
     * @param bytes UTF-8
     * @param reason of a rejection
     * @param what name of the bytes, for the message
     * @throws RejectedRecordException with the position of the first byte that is not UTF-8
     */
    public static String decode(byte[] bytes, Reason reason, String what) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(bytes.length); // UTF-8 never has more UTF-16 units than bytes
        CoderResult result = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT)
                .decode(in, out, true);
        if (result.isError()) {
            throw new RejectedRecordException(
                    reason,
                    "%s is not UTF-8 at byte %d (0x%02X): convert it to UTF-8 and produce it again."
                            .formatted(what, in.position(), bytes[in.position()] & 0xFF));
        }
        return out.flip().toString();
    }
}
