/** Consumers and how to read topics with them: to their present end, by newest value of each key, or on and on. */
@NullMarked
package io.inkstream.platform.consumers;

import org.jspecify.annotations.NullMarked;
