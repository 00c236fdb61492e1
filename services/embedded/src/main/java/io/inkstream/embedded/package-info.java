/** A Kafka broker and a schema registry in one process. */
@NullMarked
package io.inkstream.embedded;

import org.jspecify.annotations.NullMarked;
