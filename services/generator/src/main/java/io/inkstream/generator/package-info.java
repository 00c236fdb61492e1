/** The generator service: answers prefixes with completions. */
@NullMarked
package io.inkstream.generator;

import org.jspecify.annotations.NullMarked;
