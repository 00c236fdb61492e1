/** The ingest service: reads text from Kafka and writes token blocks, exactly once. */
@NullMarked
package io.inkstream.ingest;

import org.jspecify.annotations.NullMarked;
