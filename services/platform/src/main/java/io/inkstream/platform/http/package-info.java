/** The HTTP server of metrics, health and the embedded registry. */
@NullMarked
package io.inkstream.platform.http;

import org.jspecify.annotations.NullMarked;
