/** The state of the corpora in the state stores. */
@NullMarked
package io.inkstream.ingest.state;

import org.jspecify.annotations.NullMarked;
