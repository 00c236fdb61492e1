/** The Kafka Streams topology of ingest and its processors. */
@NullMarked
package io.inkstream.ingest.topology;

import org.jspecify.annotations.NullMarked;
