/** The brokers: whether they can be reached, what to say when they cannot, and where partitions end. */
@NullMarked
package io.inkstream.platform.cluster;

import org.jspecify.annotations.NullMarked;
