package io.inkstream.embedded.registry;

/** Versions of one record, to register after each other. */
final class Schemas {

    /** The first. */
    static final String ONE = record("{\"name\":\"a\",\"type\":\"int\"}");

    /** A field with a default more: old and new read each other. */
    static final String FIELD_WITH_DEFAULT =
            record("{\"name\":\"a\",\"type\":\"int\"},{\"name\":\"b\",\"type\":\"int\",\"default\":0}");

    /** A field without a default more: the old reads the new, not the other way round. */
    static final String FIELD_WITHOUT_DEFAULT =
            record("{\"name\":\"a\",\"type\":\"int\"},{\"name\":\"b\",\"type\":\"int\"}");

    /** A field fewer: the new reads the old, not the other way round. */
    static final String FIELD_FEWER = record("");

    /** A field of a wider type: the new reads the old, not the other way round. */
    static final String WIDER = record("{\"name\":\"a\",\"type\":\"long\"}");

    /** A field of another type: neither reads the other. */
    static final String OTHER_TYPE = record("{\"name\":\"a\",\"type\":\"string\"}");

    private Schemas() {}

    static String record(String fields) {
        return "{\"type\":\"record\",\"name\":\"R\",\"fields\":[" + fields + "]}";
    }
}
