package io.inkstream.trainer.specs;

import io.inkstream.schemas.CorpusSpec;
import java.time.Instant;

/**
 * A spec as it stands on the corpora topic.
 *
 * @param at when it was published: the timestamp of its record
 */
public record PublishedSpec(CorpusSpec spec, Instant at) {}
