package io.inkstream.ingest.topology;

import io.inkstream.ingest.positions.ReadPositions;
import io.inkstream.ingest.state.CorpusStores;
import io.inkstream.platform.topics.CorpusPartition;
import io.inkstream.platform.topics.Topic;
import io.inkstream.platform.topics.TopicNames;
import io.inkstream.schemas.CorpusSpec;
import io.inkstream.schemas.TokenBlock;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.streams.AutoOffsetReset;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.StreamPartitioner;

/**
 * Text and specs in, token blocks out.
 *
 * <pre>
 * corpora ──► read-specs ──┬──► (corpora, dead letters)
 *                          │ states, vocabulary, positions
 * text ─────► read-text ───┴──► tokens (text, dead letters)
 * </pre>
 *
 * The two processors share their stores, so that one task has the same partition of both topics. A record that is not in
 * its corpus's partition is sent on to it in its own topic.
 */
public final class IngestTopology {

    static final String TOKENS = "tokens";
    static final String TEXT_SENT_ON = "text-sent-on";
    static final String SPECS_SENT_ON = "specs-sent-on";

    private static final String TEXT = "text";
    private static final String SPECS = "corpora";
    private static final String READ_TEXT = "read-text";
    private static final String READ_SPECS = "read-specs";

    private IngestTopology() {}

    /**
     * Builds the topology.
     *
     * @param wiring what its processors work with
     * @param specs for values of the corpora topic
     * @param blocks for values of the tokens topic
     */
    public static Topology of(Wiring wiring, Serde<CorpusSpec> specs, Serde<TokenBlock> blocks) {
        TopicNames topics = wiring.topics();
        CorpusPartition partition = wiring.partition();
        StreamPartitioner<byte[], Object> byCorpus =
                (topic, key, value, count) -> Optional.of(Set.of(partition.of(key)));
        ByteArrayDeserializer asItCame = new ByteArrayDeserializer();
        ByteArraySerializer unchanged = new ByteArraySerializer();

        Topology topology = new Topology()
                .addSource(
                        AutoOffsetReset.earliest(),
                        SPECS,
                        new SpecsFirst(),
                        asItCame,
                        new ReceivedSpecDeserializer(specs.deserializer()),
                        topics.of(Topic.CORPORA))
                .addSource(AutoOffsetReset.earliest(), TEXT, new TextTime(), asItCame, asItCame, topics.of(Topic.TEXT))
                .addProcessor(READ_SPECS, () -> new SpecProcessor(wiring), SPECS)
                .addProcessor(READ_TEXT, () -> new TextProcessor(wiring), TEXT)
                .addSink(TOKENS, topics.of(Topic.TOKENS), unchanged, blocks.serializer(), byCorpus, READ_TEXT)
                .addSink(TEXT_SENT_ON, topics.of(Topic.TEXT), unchanged, unchanged, byCorpus, READ_TEXT)
                .addSink(SPECS_SENT_ON, topics.of(Topic.CORPORA), unchanged, unchanged, byCorpus, READ_SPECS)
                .addSink(
                        DeadLetterSink.NODE,
                        topics.of(Topic.DEAD_LETTERS),
                        unchanged,
                        unchanged,
                        READ_TEXT,
                        READ_SPECS);
        CorpusStores.builders().forEach(store -> topology.addStateStore(store, READ_TEXT, READ_SPECS));
        topology.addStateStore(ReadPositions.builder(), READ_TEXT, READ_SPECS);
        return topology;
    }
}
