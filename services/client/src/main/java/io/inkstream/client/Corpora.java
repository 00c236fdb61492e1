package io.inkstream.client;

import io.inkstream.client.topics.TopicScan;
import io.inkstream.corpuslog.topics.Topic;
import io.inkstream.corpuslog.topics.TopicNames;
import io.inkstream.platform.config.Connection;
import io.inkstream.schemas.CheckpointManifest;
import io.inkstream.schemas.CorpusSpec;
import io.inkstream.schemas.TokenBlock;
import io.inkstream.schemas.TrainingProgress;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.avro.specific.SpecificRecord;

/**
 * The corpora as the topics hold them at the moment of each call.
 *
 * @param connection how to reach them
 * @param topics their names
 */
public record Corpora(Connection connection, TopicNames topics) {

    /** The newest spec of a corpus; empty if none was published. */
    public Optional<CorpusSpec> spec(String corpus) {
        return Optional.ofNullable(scanLatest(Topic.CORPORA, CorpusSpec.class).get(corpus))
                .map(TopicScan.Entry::value);
    }

    /** The last block of tokens that ingest has written for a corpus; empty if there is none. */
    public Optional<TokenBlock> lastBlock(String corpus) {
        return Optional.ofNullable(scanLatestOf(Topic.TOKENS, Set.of(corpus), TokenBlock.class)
                        .get(corpus))
                .map(TopicScan.Entry::value);
    }

    /** The newest committed checkpoint of a corpus; empty before the first. */
    public Optional<CheckpointManifest> newestCheckpoint(String corpus) {
        return Optional.ofNullable(
                        scanLatest(Topic.MODELS, CheckpointManifest.class).get(corpus))
                .map(TopicScan.Entry::value);
    }

    /** All checkpoints of a corpus that the models topic still lists, oldest first. */
    public List<CheckpointManifest> checkpoints(String corpus) {
        try (TopicScan<CheckpointManifest> scan =
                new TopicScan<>(connection, topics.of(Topic.MODELS), CheckpointManifest.class)) {
            return scan.all().stream()
                    .filter(entry -> corpus.equals(entry.key()))
                    .map(TopicScan.Entry::value)
                    .toList();
        }
    }

    /** The state of every corpus, in alphabetical order. */
    public List<CorpusState> states() {
        Map<String, TopicScan.Entry<CorpusSpec>> specs = scanLatest(Topic.CORPORA, CorpusSpec.class);
        Map<String, TopicScan.Entry<CheckpointManifest>> models = scanLatest(Topic.MODELS, CheckpointManifest.class);
        Set<String> names = names(specs, models);
        Map<String, TopicScan.Entry<TokenBlock>> blocks = scanLatestOf(Topic.TOKENS, names, TokenBlock.class);
        Map<String, TopicScan.Entry<TrainingProgress>> progress =
                scanLatestOf(Topic.PROGRESS, names, TrainingProgress.class);
        return names.stream()
                .map(name -> new CorpusState(
                        name, value(specs, name), value(blocks, name), value(progress, name), value(models, name)))
                .toList();
    }

    /** Corpora with a spec or a checkpoint, and those with recent tokens or progress: text does not need a spec. */
    private Set<String> names(
            Map<String, TopicScan.Entry<CorpusSpec>> specs, Map<String, TopicScan.Entry<CheckpointManifest>> models) {
        Set<String> names = new TreeSet<>(specs.keySet());
        names.addAll(models.keySet());
        names.addAll(recentKeys(Topic.TOKENS));
        names.addAll(recentKeys(Topic.PROGRESS));
        return names;
    }

    private Set<String> recentKeys(Topic topic) {
        try (TopicScan<SpecificRecord> scan = new TopicScan<>(connection, topics.of(topic), SpecificRecord.class)) {
            return scan.recentKeys();
        }
    }

    private <V extends SpecificRecord> Map<String, TopicScan.Entry<V>> scanLatest(Topic topic, Class<V> type) {
        try (TopicScan<V> scan = new TopicScan<>(connection, topics.of(topic), type)) {
            return scan.latest();
        }
    }

    private <V extends SpecificRecord> Map<String, TopicScan.Entry<V>> scanLatestOf(
            Topic topic, Collection<String> corpora, Class<V> type) {
        try (TopicScan<V> scan = new TopicScan<>(connection, topics.of(topic), type)) {
            return scan.latestOf(corpora);
        }
    }

    private static <V> Optional<V> value(Map<String, TopicScan.Entry<V>> entries, String name) {
        return Optional.ofNullable(entries.get(name)).map(TopicScan.Entry::value);
    }
}
