package io.inkstream.ingest.rejection;

import java.util.Locale;

/** Why a record went to the dead letters. */
public enum Reason {
    /** It has no key (nor, if it is text, a header that names the corpus), so its corpus is unknown. */
    NO_KEY,
    /** Its key or header is not usable as the name of a corpus. */
    CORPUS_NAME,
    /** It has no value. */
    NO_VALUE,
    /** Its value is not UTF-8. */
    INVALID_UTF8,
    /** It contains a word that is longer than a vocabulary entry may be. */
    LONG_WORD,
    /** It would change how a corpus that already has text is read: tokenizer, normalizer, NFC or reserved tokens. */
    TOKENIZER_CHANGE,
    /** It reserves tokens that cannot be reserved. */
    RESERVED_TOKENS,
    /** It has training values that are not valid, for instance 0 hidden units. */
    TRAINING_VALUES,
    /** It is in another partition than its corpus, and too large to be forwarded. */
    TOO_LARGE,
    /** It is not a CorpusSpec. */
    UNDECODABLE_SPEC;

    /** Its name in metrics, for instance {@code invalid-utf8}. */
    public String tag() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
