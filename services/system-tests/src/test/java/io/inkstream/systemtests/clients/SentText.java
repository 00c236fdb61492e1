package io.inkstream.systemtests.clients;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;

/** What another client appends to the corpus {@code wells}, compared with what our own sends. */
final class SentText {

    private final ClientsPipeline pipeline;
    private final TokenText wells;
    private final String before;

    private SentText(ClientsPipeline pipeline) {
        this.pipeline = pipeline;
        this.wells = new TokenText(pipeline.connection(), ClientsPipeline.TOPICS, ClientsPipeline.WELLS);
        this.before = wells.now();
    }

    /** From now on. */
    static SentText to(ClientsPipeline pipeline) {
        return new SentText(pipeline);
    }

    /** Waits until ingest has read it: exactly the tokens that it makes of the same text from our own client. */
    void awaitAppended(String text) {
        String direct = "direct-" + UUID.randomUUID();
        pipeline.send(direct, text);
        String expected = new TokenText(pipeline.connection(), ClientsPipeline.TOPICS, direct).now();
        String after = wells.await(before.length() + 1 + expected.length());
        assertThat(after).isEqualTo(before + " " + expected);
    }
}
