package io.inkstream.ingest.state;

import io.inkstream.corpuslog.topics.CorpusPartition;
import io.inkstream.languagemodel.text.Vocabulary;
import io.inkstream.platform.InkstreamException;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.api.ProcessingContext;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/**
 * The state of the corpora in one partition: two key-value stores in memory, with changelog topics. Changes to them,
 * the token blocks and the consumed offsets are committed in one transaction.
 */
public final class CorpusStores {

    /** Corpus to {@link CorpusState}. */
    public static final String STATES = "states";

    /** Corpus, NUL and the id to the vocabulary entry with that id: a name has no control characters. */
    public static final String ENTRIES = "vocabulary";

    private final KeyValueStore<String, CorpusState> states;
    private final KeyValueStore<String, String> entries;

    /** The stores of a processor's task. */
    public CorpusStores(ProcessingContext context) {
        states = context.getStateStore(STATES);
        entries = context.getStateStore(ENTRIES);
    }

    /** Builders of the stores, for a topology. */
    public static Set<StoreBuilder<?>> builders() {
        // Caching would delay changes until the commit, without a gain: nothing is changed twice in between.
        return Set.of(
                Stores.keyValueStoreBuilder(
                                Stores.inMemoryKeyValueStore(STATES), Serdes.String(), CorpusStateSerde.create())
                        .withCachingDisabled(),
                Stores.keyValueStoreBuilder(Stores.inMemoryKeyValueStore(ENTRIES), Serdes.String(), Serdes.String())
                        .withCachingDisabled());
    }

    /** The state of a corpus; empty if neither spec nor text of it was read. */
    public Optional<CorpusState> state(String corpus) {
        return Optional.ofNullable(states.get(corpus));
    }

    /** Sets the state of a corpus. */
    public void put(String corpus, CorpusState state) {
        states.put(corpus, state);
    }

    /** Adds a vocabulary entry. */
    public void put(String corpus, int id, String entry) {
        entries.put(key(corpus, id), entry);
    }

    /**
     * Reads the vocabulary of a corpus.
     *
     * @param size its size according to the corpus's state
     * @throws IllegalStateException if an entry is missing: the changelog topics have lost records
     */
    public Vocabulary vocabulary(String corpus, int size) {
        Vocabulary vocabulary = new Vocabulary();
        for (int id = 1; id < size; id++) {
            String entry = entries.get(key(corpus, id));
            if (entry == null) {
                throw new IllegalStateException(
                        "Entry %d of the vocabulary of '%s' is missing although it has %d: the changelog topics of ingest have lost records."
                                .formatted(id, corpus, size));
            }
            vocabulary.add(entry);
        }
        return vocabulary;
    }

    /**
     * Checks that the corpora with a state here belong to this partition.
     *
     * @param partition of the task
     * @param home the partition of each corpus
     * @throws InkstreamException if one belongs to another: partitions were added, to the changelog topics too
     */
    public void requireHome(int partition, CorpusPartition home) {
        try (KeyValueIterator<String, CorpusState> all = states.all()) {
            while (all.hasNext()) {
                String corpus = all.next().key;
                if (home.of(corpus) != partition) {
                    throw new InkstreamException(
                            "Corpus '%s' has its state and its tokens in partition %d, but belongs to partition %d of %d now: partitions were added to the topics after ingest first ran, and Kafka cannot remove them. Choose another topic prefix and produce the texts again."
                                    .formatted(corpus, partition, home.of(corpus), home.count()));
                }
            }
        }
    }

    private static String key(String corpus, int id) {
        return corpus + '\0' + id;
    }
}
