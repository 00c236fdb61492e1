package io.inkstream.client;

import io.inkstream.corpuslog.checkpoints.CheckpointHistory;
import io.inkstream.corpuslog.topics.TopicNames;
import io.inkstream.platform.InkstreamException;
import io.inkstream.platform.config.Connection;
import io.inkstream.schemas.CheckpointManifest;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The checkpoints of a corpus that the topics still tell of.
 *
 * @param corpus the corpus
 * @param manifests by their numbers, oldest first; the last is the newest, which is served
 * @param inSlots the chunks that still lie in their slots
 */
public record Checkpoints(String corpus, List<CheckpointManifest> manifests, Set<Chunks> inSlots) {

    /**
     * The chunks of a checkpoint, by which it is known: the same content may have been written more than once.
     *
     * @param partition of the checkpoints topic
     * @param offsets in that partition
     */
    public record Chunks(int partition, List<Long> offsets) {

        /** Those that a manifest names. */
        public static Chunks of(CheckpointManifest manifest) {
            return new Chunks(manifest.getCheckpointPartition(), List.copyOf(manifest.getChunkOffsets()));
        }
    }

    public Checkpoints {
        manifests = List.copyOf(manifests);
        inSlots = Set.copyOf(inSlots);
    }

    /**
     * Reads the topics {@code models} and {@code history} as they are at this moment.
     *
     * @throws InkstreamException if the corpus has no checkpoint
     */
    public static Checkpoints read(Connection connection, TopicNames topics, String corpus) {
        Map<Long, CheckpointManifest> byNumber = new TreeMap<>();
        Set<Chunks> inSlots = new HashSet<>();
        for (CheckpointManifest manifest : new CheckpointHistory(connection, topics).of(corpus)) {
            byNumber.put(manifest.getNumber(), manifest);
            inSlots.add(Chunks.of(manifest));
        }
        for (CheckpointManifest manifest : new Corpora(connection, topics).checkpoints(corpus)) {
            byNumber.put(manifest.getNumber(), manifest);
        }
        if (byNumber.isEmpty()) {
            throw new InkstreamException(
                    "Corpus '%s' has no checkpoint yet: 'inkstream corpora' lists what there is.".formatted(corpus));
        }
        return new Checkpoints(corpus, List.copyOf(byNumber.values()), inSlots);
    }

    /** False when the slot of this checkpoint was written again, so that it cannot be read any more. */
    public boolean isThere(CheckpointManifest manifest) {
        return inSlots.contains(Chunks.of(manifest));
    }

    /** The one that is served. */
    public CheckpointManifest newest() {
        return manifests.get(manifests.size() - 1);
    }

    /**
     * The checkpoint of which these are the first digits; where it was written more than once, one that is there.
     *
     * @param sha256 the first digits of its SHA-256, as many as it takes to name one
     * @throws InkstreamException if there is none, or more than one
     */
    public CheckpointManifest named(String sha256) {
        String digits = sha256.toLowerCase(Locale.ROOT);
        Map<String, CheckpointManifest> found = new LinkedHashMap<>();
        manifests.stream()
                .filter(manifest -> manifest.getSha256().startsWith(digits))
                .sorted(Comparator.comparing((CheckpointManifest manifest) -> !isThere(manifest))
                        .thenComparing(manifest -> manifest.getRolledBackFrom() != null))
                .forEach(manifest -> found.putIfAbsent(manifest.getSha256(), manifest));
        if (found.isEmpty()) {
            throw new InkstreamException(
                    "Corpus '%s' has no checkpoint %s that is still told of: 'inkstream checkpoints --corpus %s' lists them."
                            .formatted(corpus, sha256, corpus));
        }
        if (found.size() > 1) {
            throw new InkstreamException("%d checkpoints of corpus '%s' begin with %s: give more digits."
                    .formatted(found.size(), corpus, sha256));
        }
        return found.values().iterator().next();
    }

    /** The checkpoints from which training went on to this one, oldest first, as far back as they are told of. */
    public List<CheckpointManifest> ancestors(CheckpointManifest of) {
        LinkedHashMap<String, CheckpointManifest> chain = new LinkedHashMap<>();
        Optional<CheckpointManifest> parent = parent(of);
        while (parent.isPresent() && chain.put(parent.get().getSha256(), parent.get()) == null) {
            parent = parent(parent.get());
        }
        return chain.values().stream()
                .sorted(Comparator.comparingLong(CheckpointManifest::getStep))
                .toList();
    }

    private Optional<CheckpointManifest> parent(CheckpointManifest of) {
        return manifests.stream()
                .filter(manifest -> manifest.getSha256().equals(of.getParent()))
                .filter(manifest -> manifest.getNumber() < of.getNumber())
                .reduce((earlier, later) -> later);
    }
}
