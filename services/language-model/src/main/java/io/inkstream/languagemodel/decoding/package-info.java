/** Completion of prefixes by a trained network, on the JVM alone and to the bit the same everywhere. */
@NullMarked
package io.inkstream.languagemodel.decoding;

import org.jspecify.annotations.NullMarked;
