/** The brokers: whether they can be reached, and what to say when they cannot. */
@NullMarked
package io.inkstream.platform.cluster;

import org.jspecify.annotations.NullMarked;
