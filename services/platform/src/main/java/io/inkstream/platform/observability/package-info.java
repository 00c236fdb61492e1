/** Metrics and health of a process over HTTP. */
@NullMarked
package io.inkstream.platform.observability;

import org.jspecify.annotations.NullMarked;
