package io.inkstream.generator.models;

import io.inkstream.schemas.CheckpointManifest;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/** The known corpora, and the latest committed checkpoint of each. Safe for use by several threads. */
public final class ModelCatalogue {

    private final Map<String, CheckpointManifest> newest = new ConcurrentHashMap<>();
    private final Set<String> described = ConcurrentHashMap.newKeySet();

    /** Sets the latest checkpoint of a corpus. */
    public void put(String corpus, CheckpointManifest manifest) {
        newest.put(corpus, manifest);
    }

    /** Removes the model of a corpus. */
    public void remove(String corpus) {
        newest.remove(corpus);
    }

    /** Sets whether a corpus has a CorpusSpec. */
    public void described(String corpus, boolean hasSpec) {
        if (hasSpec) {
            described.add(corpus);
        } else {
            described.remove(corpus);
        }
    }

    /** The latest checkpoint of a corpus. */
    public Optional<CheckpointManifest> newest(String corpus) {
        return Optional.ofNullable(newest.get(corpus));
    }

    /** True when it has a CorpusSpec, whether or not it has a checkpoint. */
    public boolean isDescribed(String corpus) {
        return described.contains(corpus);
    }

    /** The corpora that have a checkpoint. */
    public SortedSet<String> trained() {
        return new TreeSet<>(newest.keySet());
    }
}
