package io.inkstream.generator.models;

import io.inkstream.schemas.CheckpointManifest;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/** The corpora there are, and the newest committed checkpoint of each. Safe for use by several threads. */
public final class ModelCatalogue {

    private final Map<String, CheckpointManifest> newest = new ConcurrentHashMap<>();
    private final Set<String> described = ConcurrentHashMap.newKeySet();

    /** A corpus has a newer checkpoint. */
    public void put(String corpus, CheckpointManifest manifest) {
        newest.put(corpus, manifest);
    }

    /** The model of a corpus was taken away. */
    public void remove(String corpus) {
        newest.remove(corpus);
    }

    /** A corpus has a CorpusSpec, or no longer has one. */
    public void described(String corpus, boolean is) {
        if (is) {
            described.add(corpus);
        } else {
            described.remove(corpus);
        }
    }

    /** The newest checkpoint of a corpus. */
    public Optional<CheckpointManifest> newest(String corpus) {
        return Optional.ofNullable(newest.get(corpus));
    }

    /** True when there is a CorpusSpec for it, whether or not it has a checkpoint. */
    public boolean isDescribed(String corpus) {
        return described.contains(corpus);
    }

    /** The corpora that have a checkpoint. */
    public SortedSet<String> trained() {
        return new TreeSet<>(newest.keySet());
    }
}
