/** The catalogue of topics: their names, their settings, and the partition in which a corpus lives. */
@NullMarked
package io.inkstream.corpuslog.topics;

import org.jspecify.annotations.NullMarked;
