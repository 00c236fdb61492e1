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
 * The checkpoints of a corpus that the topics still list.
 *
 * @param corpus the corpus
 * @param manifests ordered by number, oldest first; the last is the newest, which generators serve
 * @param inSlots the chunks that are still in their slots
 */
public record Checkpoints(String corpus, List<CheckpointManifest> manifests, Set<Chunks> inSlots) {

    /**
     * The chunks of a checkpoint, which identify it: the same content can be written more than once.
     *
     * @param partition of the checkpoints topic
     * @param offsets in that partition
     */
    public record Chunks(int partition, List<Long> offsets) {

        /** The chunks that a manifest lists. */
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
                    "Corpus '%s' has no checkpoint yet: 'inkstream corpora' lists the corpora.".formatted(corpus));
        }
        return new Checkpoints(corpus, List.copyOf(byNumber.values()), inSlots);
    }

    /** False if the slot of this checkpoint has been overwritten, so that it can no longer be read. */
    public boolean isReadable(CheckpointManifest manifest) {
        return inSlots.contains(Chunks.of(manifest));
    }

    /** The newest, which generators serve. */
    public CheckpointManifest newest() {
        return manifests.get(manifests.size() - 1);
    }

    /**
     * The checkpoint with these first digits; of one that was written more than once, one that can still be read.
     *
     * @param sha256 the first digits of its SHA-256, as many as it takes to name one
     * @throws InkstreamException if there is none, or more than one
     */
    public CheckpointManifest named(String sha256) {
        String digits = sha256.toLowerCase(Locale.ROOT);
        Map<String, CheckpointManifest> found = new LinkedHashMap<>();
        manifests.stream()
                .filter(manifest -> manifest.getSha256().startsWith(digits))
                .sorted(Comparator.comparing((CheckpointManifest manifest) -> !isReadable(manifest))
                        .thenComparing(manifest -> manifest.getRolledBackFrom() != null))
                .forEach(manifest -> found.putIfAbsent(manifest.getSha256(), manifest));
        if (found.isEmpty()) {
            throw new InkstreamException(
                    "Corpus '%s' has no checkpoint %s, or no longer: 'inkstream checkpoints --corpus %s' lists them."
                            .formatted(corpus, sha256, corpus));
        }
        if (found.size() > 1) {
            throw new InkstreamException("%d checkpoints of corpus '%s' begin with %s: give more digits."
                    .formatted(found.size(), corpus, sha256));
        }
        return found.values().iterator().next();
    }

    /** The checkpoints that training resumed from on the way to this one, oldest first, as far back as they are listed. */
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
