/** The tokens of a partition, kept outside the heap, and where they came from. */
@NullMarked
package io.inkstream.corpuslog.tokens;

import org.jspecify.annotations.NullMarked;
