/** Records that ingest rejects, and why. */
@NullMarked
package io.inkstream.ingest.rejection;

import org.jspecify.annotations.NullMarked;
