/** The loop that generates the tokens of all requests together. */
@NullMarked
package io.inkstream.generator.generation;

import org.jspecify.annotations.NullMarked;
