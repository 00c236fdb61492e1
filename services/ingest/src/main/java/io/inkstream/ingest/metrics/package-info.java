/** The metrics of ingest. */
@NullMarked
package io.inkstream.ingest.metrics;

import org.jspecify.annotations.NullMarked;
