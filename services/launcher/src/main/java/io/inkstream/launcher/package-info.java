/** The entry point of the container image, and the {@code run} command. */
@NullMarked
package io.inkstream.launcher;

import org.jspecify.annotations.NullMarked;
