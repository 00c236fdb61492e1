/** Specs of corpora as the language model's settings, and where they stand on their topic. */
@NullMarked
package io.inkstream.corpuslog.specs;

import org.jspecify.annotations.NullMarked;
