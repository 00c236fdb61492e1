/** From the bytes of a record to text, and from tokens to blocks. */
@NullMarked
package io.inkstream.ingest.text;

import org.jspecify.annotations.NullMarked;
