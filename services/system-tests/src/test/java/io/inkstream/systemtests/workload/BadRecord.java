package io.inkstream.systemtests.workload;

import io.inkstream.corpuslog.topics.Topic;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * A record that no service can read, sent on purpose.
 *
 * @param kind what is wrong with it
 * @param number which one it is, among those of all kinds; no two have the same value
 */
public record BadRecord(Kind kind, int number) {

    /** An id that the registry never gives. */
    private static final int UNKNOWN_SCHEMA = 987_654;

    /** What can be wrong, and where. */
    public enum Kind {
        /** Text that is not UTF-8. */
        TEXT_IN_OTHER_BYTES(Topic.TEXT, true, true),
        /** Text that belongs to no corpus. */
        TEXT_WITHOUT_KEY(Topic.TEXT, false, true),
        /** A spec whose schema is unknown: the one before stays. */
        SPEC(Topic.CORPORA, true, true),
        /** A block of tokens whose schema is unknown. */
        TOKENS(Topic.TOKENS, true, true),
        /** A request whose schema is unknown; the generator writes dead letters at least once. */
        REQUEST(Topic.PREFIXES, true, false);

        private final Topic topic;
        private final boolean keyed;
        private final boolean exactlyOnce;

        Kind(Topic topic, boolean keyed, boolean exactlyOnce) {
            this.topic = topic;
            this.keyed = keyed;
            this.exactlyOnce = exactlyOnce;
        }

        /** The topic that it is sent to. */
        public Topic topic() {
            return topic;
        }

        /** Whether it has the key of a corpus. */
        public boolean keyed() {
            return keyed;
        }

        /** Whether its dead letter is written in the transaction that reads it. */
        public boolean exactlyOnce() {
            return exactlyOnce;
        }
    }

    /** Its value. */
    public byte[] value() {
        byte[] name = "%s %d".formatted(kind, number).getBytes(StandardCharsets.US_ASCII);
        return switch (kind) {
            case TEXT_IN_OTHER_BYTES ->
                ByteBuffer.allocate(name.length + 1).put(name).put((byte) 0xFF).array();
            case TEXT_WITHOUT_KEY -> name;
            case SPEC, TOKENS, REQUEST ->
                ByteBuffer.allocate(5 + name.length)
                        .put((byte) 0)
                        .putInt(UNKNOWN_SCHEMA)
                        .put(name)
                        .array();
        };
    }

    /** Its value as text, one character per byte, as its dead letter has it. */
    public String content() {
        return new String(value(), StandardCharsets.ISO_8859_1);
    }
}
