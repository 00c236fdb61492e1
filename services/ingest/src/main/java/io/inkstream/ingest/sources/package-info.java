/** What the cluster knows about the topics that ingest reads. */
@NullMarked
package io.inkstream.ingest.sources;

import org.jspecify.annotations.NullMarked;
