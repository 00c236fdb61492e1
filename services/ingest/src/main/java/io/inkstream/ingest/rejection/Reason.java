package io.inkstream.ingest.rejection;

import java.util.Locale;

/** Why a record went to the dead letters. */
public enum Reason {
    /** It has no key, so that its corpus is not known. */
    NO_KEY,
    /** Its key is not usable as the name of a corpus. */
    CORPUS_NAME,
    /** It has no value. */
    NO_VALUE,
    /** Its value is not UTF-8. */
    INVALID_UTF8,
    /** It contains a word that is longer than a vocabulary entry may be. */
    LONG_WORD,
    /** It would change how a corpus is read that has text already: tokenizer, normalizer, NFC or reserved tokens. */
    TOKENIZER_CHANGE,
    /** It reserves tokens that cannot be reserved. */
    RESERVED_TOKENS,
    /** It asks for a training that is impossible, for instance with 0 hidden units. */
    TRAINING_VALUES,
    /** It is in another partition than its corpus, and larger than what can be sent on. */
    TOO_LARGE,
    /** It should be a CorpusSpec, and is not. */
    UNDECODABLE_SPEC;

    /** As metrics name it, for instance {@code invalid-utf8}. */
    public String tag() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
