package io.inkstream.ingest.topology;

import io.inkstream.corpuslog.topics.CorpusPartition;
import io.inkstream.corpuslog.topics.Topic;
import io.inkstream.corpuslog.topics.TopicNames;
import io.inkstream.ingest.positions.ReadPositions;
import io.inkstream.ingest.state.CorpusStores;
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
 * The two processors share their stores, so that one task has the same partition of both topics. A record outside its
 * corpus's partition is forwarded to it within its own topic.
 */
public final class IngestTopology {

    static final String TOKENS = "tokens";
    static final String REROUTED_TEXT = "rerouted-text";
    static final String REROUTED_SPECS = "rerouted-specs";

    private static final String TEXT = "text";
    private static final String SPECS = "corpora";
    private static final String READ_TEXT = "read-text";
    private static final String READ_SPECS = "read-specs";

    private IngestTopology() {}

    /**
     * Builds the topology.
     *
     * @param wiring what its processors use
     * @param specs for values of the corpora topic
     * @param blocks for values of the tokens topic
     */
    public static Topology of(Wiring wiring, Serde<CorpusSpec> specs, Serde<TokenBlock> blocks) {
        TopicNames topics = wiring.topics();
        CorpusPartition partition = wiring.partition();
        StreamPartitioner<byte[], Object> byCorpus =
                (topic, key, value, count) -> Optional.of(Set.of(partition.of(key)));
        ByteArrayDeserializer bytes = new ByteArrayDeserializer();
        ByteArraySerializer unchanged = new ByteArraySerializer();

        Topology topology = new Topology()
                .addSource(
                        AutoOffsetReset.earliest(),
                        SPECS,
                        new SpecsFirst(),
                        bytes,
                        new ReceivedSpecDeserializer(specs.deserializer()),
                        topics.of(Topic.CORPORA))
                .addSource(AutoOffsetReset.earliest(), TEXT, new TextTime(), bytes, bytes, topics.of(Topic.TEXT))
                .addProcessor(READ_SPECS, () -> SpecProcessor.create(wiring), SPECS)
                .addProcessor(READ_TEXT, () -> TextProcessor.create(wiring), TEXT)
                .addSink(TOKENS, topics.of(Topic.TOKENS), unchanged, blocks.serializer(), byCorpus, READ_TEXT)
                .addSink(REROUTED_TEXT, topics.of(Topic.TEXT), unchanged, unchanged, byCorpus, READ_TEXT)
                .addSink(REROUTED_SPECS, topics.of(Topic.CORPORA), unchanged, unchanged, byCorpus, READ_SPECS)
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
