package io.inkstream.ingest;

/** Stand-in. */
public record IngestSettings(int partitions) {

}
