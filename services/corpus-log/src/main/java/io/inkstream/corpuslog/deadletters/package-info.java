/** Dead letters: rejected records on their way to the dead-letters topic, each written once. */
@NullMarked
package io.inkstream.corpuslog.deadletters;

import org.jspecify.annotations.NullMarked;
